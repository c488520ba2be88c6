-- Looked up by the hash alone, which is how a request learns its account: on Citus this is a reference table.
CREATE TABLE access_tokens (
    account_id INTEGER NOT NULL,
    -- SHA-256 of the token
    hash BLOB NOT NULL,
    -- the key that the token stands for
    key_id INTEGER NOT NULL,
    -- words with blanks between: those of the key, or fewer
    scopes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (account_id, hash),
    UNIQUE (hash),
    FOREIGN KEY (account_id, key_id) REFERENCES api_keys (account_id, id)
) WITHOUT ROWID;
CREATE INDEX access_tokens_key ON access_tokens (account_id, key_id, expires_at);
