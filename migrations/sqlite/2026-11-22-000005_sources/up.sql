-- What cases are made from: inquiries, orders, and whatever source comes next.
CREATE TABLE sources (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- inquiry or order
    entity_type TEXT NOT NULL,
    -- how many entries its log has; guards every write
    version INTEGER NOT NULL,
    -- whose it is, of another system: the customer of a case that is made from it
    user_id INTEGER NOT NULL,
    title TEXT,
    -- the notes of an order
    description TEXT,
    workflow_id BLOB NOT NULL,
    status TEXT NOT NULL,
    -- active or closed
    phase TEXT NOT NULL,
    -- what only its kind has, e.g. the items of an order
    content TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (account_id, id)
);
CREATE INDEX sources_created ON sources (account_id, created_at, id);
CREATE INDEX sources_user ON sources (account_id, user_id, created_at, id);
CREATE INDEX sources_entity_type ON sources (account_id, entity_type, created_at, id);
CREATE INDEX sources_status ON sources (account_id, entity_type, status, created_at, id);

-- The log of their statuses. Its key is what lets two writers of one version never both succeed.
CREATE TABLE source_events (
    account_id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    -- absent at creation, and where only fields changed
    transition TEXT,
    -- absent at creation
    from_status TEXT,
    to_status TEXT NOT NULL,
    reason TEXT,
    actor_name TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    PRIMARY KEY (account_id, source_id, version),
    FOREIGN KEY (account_id, source_id) REFERENCES sources (account_id, id)
) WITHOUT ROWID;

-- The statistics count in these alone: whatever narrows them is in the index.
DROP INDEX cases_closed;
DROP INDEX cases_resolution;
CREATE INDEX cases_resolution ON cases (account_id, resolution_seconds, created_at, customer_id, contractor_id)
    WHERE deleted_at IS NULL AND resolution_seconds IS NOT NULL;
CREATE INDEX cases_overdue ON cases (account_id, due_on, created_at, customer_id, contractor_id)
    WHERE deleted_at IS NULL AND phase = 'active' AND due_on IS NOT NULL;
CREATE INDEX cases_ended ON cases (account_id, closed_at, created_at, customer_id, contractor_id)
    WHERE deleted_at IS NULL AND outcome = 'closed' AND closed_at IS NOT NULL;
