DROP TABLE log_chain;
