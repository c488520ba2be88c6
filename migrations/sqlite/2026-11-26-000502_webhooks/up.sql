-- Requests that the server sends for events.
CREATE TABLE webhooks (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- how often users or the server changed it; guards every change
    version INTEGER NOT NULL,
    url TEXT NOT NULL,
    -- patterns of types of events; empty for all
    types TEXT NOT NULL,
    description TEXT,
    active BOOLEAN NOT NULL,
    secret TEXT NOT NULL,
    -- signs too, until the time beside it
    old_secret TEXT,
    old_secret_until TEXT,
    created_at TEXT NOT NULL,
    disabled_at TEXT,
    disabled_reason TEXT,
    -- position in the feed up to which deliveries were planned
    position INTEGER NOT NULL,
    -- the first failure since the last success
    failing_since TEXT,
    UNIQUE (account_id, id)
);
CREATE INDEX webhooks_active ON webhooks (account_id, id) WHERE active;

-- One event for one webhook.
CREATE TABLE webhook_deliveries (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook_id INTEGER NOT NULL,
    -- of the event in the feed
    position INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- 0 for an event of no case
    case_id INTEGER NOT NULL,
    -- pending, delivered or failed
    status TEXT NOT NULL,
    attempts TEXT NOT NULL,
    -- of the next attempt; absent when it is over
    due_at TEXT,
    -- who takes a delivery has it until this time
    taken_until TEXT,
    created_at TEXT NOT NULL,
    UNIQUE (account_id, id)
);
CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (account_id, webhook_id, id);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (account_id, webhook_id, due_at) WHERE status = 'pending';
-- The earlier deliveries of a case.
CREATE INDEX webhook_deliveries_case ON webhook_deliveries (account_id, webhook_id, case_id, id) WHERE status = 'pending';
CREATE INDEX webhook_deliveries_created ON webhook_deliveries (account_id, created_at);
