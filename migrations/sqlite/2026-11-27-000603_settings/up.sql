-- Settings of accounts: calendars of working hours and service levels.
CREATE TABLE settings (
    account_id INTEGER NOT NULL,
    -- calendar or service_level
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (account_id, kind, key)
) WITHOUT ROWID;

-- Deadlines that were met or cancelled lately stay in subscriptions.
CREATE INDEX deadlines_ended ON deadlines (account_id, updated_at) WHERE state <> 'open';
