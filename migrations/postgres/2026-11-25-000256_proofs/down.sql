GRANT UPDATE, DELETE, TRUNCATE ON case_events, account_events, source_events TO CURRENT_USER;
ALTER TABLE case_events DROP COLUMN proof;
