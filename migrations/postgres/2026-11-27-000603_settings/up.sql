-- Settings of accounts: calendars of working hours and service levels.
CREATE TABLE settings (
    account_id bigint NOT NULL,
    -- calendar or service_level
    kind text NOT NULL,
    key text NOT NULL,
    definition json NOT NULL,
    PRIMARY KEY (account_id, kind, key)
);

-- Deadlines that were met or cancelled lately stay in subscriptions.
CREATE INDEX deadlines_ended ON deadlines (account_id, updated_at) WHERE state <> 'open';
