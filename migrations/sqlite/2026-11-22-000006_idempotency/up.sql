-- Requests that their callers may send again, and how they were answered. Kept for a day.
CREATE TABLE idempotency_keys (
    account_id INTEGER NOT NULL,
    -- the api key that sent the request: no caller meets the keys of another
    caller_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    -- SHA-256 of the request
    fingerprint BLOB NOT NULL,
    -- who is at it: whatever the request writes is written under this name or not at all
    attempt BLOB NOT NULL,
    created_at TEXT NOT NULL,
    -- from then on another attempt may take over what has had no effect
    lease_until TEXT NOT NULL,
    -- set in the transaction that writes the effect
    effected BOOLEAN NOT NULL,
    -- the case and the version of it that the effect made, where it made one
    case_id INTEGER,
    case_version INTEGER,
    -- the answer, once it is made
    status INTEGER,
    headers TEXT,
    body BLOB,
    PRIMARY KEY (account_id, caller_id, key),
    FOREIGN KEY (account_id, caller_id) REFERENCES api_keys (account_id, id)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_created ON idempotency_keys (account_id, created_at);
