-- Requests that their callers may send again, and how they were answered. Kept for a day.
CREATE TABLE idempotency_keys (
    account_id bigint NOT NULL,
    -- the api key that sent the request: no caller meets the keys of another
    caller_id bigint NOT NULL,
    key text NOT NULL,
    -- SHA-256 of the request
    fingerprint bytea NOT NULL,
    -- who is at it: whatever the request writes is written under this name or not at all
    attempt uuid NOT NULL,
    created_at timestamptz NOT NULL,
    -- from then on another attempt may take over what has had no effect
    lease_until timestamptz NOT NULL,
    -- set in the transaction that writes the effect
    effected boolean NOT NULL,
    -- the case and the version of it that the effect made, where it made one
    case_id bigint,
    case_version bigint,
    -- the answer, once it is made
    status smallint,
    headers json,
    body bytea,
    PRIMARY KEY (account_id, caller_id, key),
    FOREIGN KEY (account_id, caller_id) REFERENCES api_keys (account_id, id)
);
CREATE INDEX idempotency_keys_created ON idempotency_keys (account_id, created_at);
