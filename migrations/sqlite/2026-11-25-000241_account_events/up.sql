-- What happens in an account and hangs on no case: people, keys. Append-only.
CREATE TABLE account_events (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    -- what it happened to: person, key
    subject_type TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    -- absent where only a name is known
    actor_id INTEGER,
    -- absent where the system acted
    actor_name TEXT,
    occurred_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    -- the exact text that the hash covers
    data TEXT NOT NULL,
    -- over this entry
    hash BLOB NOT NULL,
    UNIQUE (account_id, id)
);
CREATE INDEX account_events_subject ON account_events (account_id, subject_type, subject_id, id);
