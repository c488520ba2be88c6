-- What the logs of an account were at each checkpoint: one append-only chain over the heads of all of them.
CREATE TABLE log_chain (
    account_id INTEGER NOT NULL,
    -- from 1, without gaps
    position INTEGER NOT NULL,
    -- 0 for an event of the account, whose id is then the version
    case_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    -- the hash of that event
    head BLOB NOT NULL,
    -- over this entry and the hash of the one before
    hash BLOB NOT NULL,
    PRIMARY KEY (account_id, position)
) WITHOUT ROWID;
CREATE UNIQUE INDEX log_chain_case ON log_chain (account_id, case_id, version);
