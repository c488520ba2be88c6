-- The workflows of an account by key, with all their versions. The contents of the versions stay in workflows.
CREATE TABLE workflow_catalogs (
    account_id INTEGER NOT NULL,
    -- number of changes; a change is committed only if no other one came before it
    revision INTEGER NOT NULL,
    PRIMARY KEY (account_id)
) WITHOUT ROWID;
CREATE TABLE own_workflows (
    account_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    entity_type TEXT NOT NULL,
    -- types of the cases that begin in it
    case_types TEXT NOT NULL,
    assertions TEXT NOT NULL,
    -- the version that new entities begin with
    active_id BLOB NOT NULL,
    PRIMARY KEY (account_id, key)
) WITHOUT ROWID;
CREATE TABLE workflow_versions (
    account_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    id BLOB NOT NULL,
    number INTEGER NOT NULL,
    -- absent for a built-in version
    created_at TEXT,
    created_by INTEGER,
    created_by_name TEXT,
    PRIMARY KEY (account_id, key, id),
    FOREIGN KEY (account_id, key) REFERENCES own_workflows (account_id, key)
) WITHOUT ROWID;
CREATE UNIQUE INDEX workflow_versions_number ON workflow_versions (account_id, key, number);
INSERT INTO own_workflows (account_id, key, entity_type, case_types, assertions, active_id)
SELECT account_id, CASE entity_type WHEN 'case' THEN 'default' ELSE entity_type END, entity_type, '[]', '[]', id
FROM workflows WHERE is_current;
INSERT INTO workflow_versions (account_id, key, id, number, created_at)
SELECT kept.account_id, own.key, kept.id,
    row_number() OVER (PARTITION BY kept.account_id, own.key ORDER BY kept.created_at, kept.id), kept.created_at
FROM workflows kept
INNER JOIN own_workflows own ON own.account_id = kept.account_id AND own.entity_type = kept.entity_type;
DROP INDEX workflows_current;
-- own_workflows.active_id replaces is_current, which is always false from now on.
UPDATE workflows SET is_current = FALSE;
-- Cases by version: a migration moves them in this order; the status serves the counts. The version comes first, so SQLite
-- uses the index only for queries that name one.
CREATE INDEX cases_workflow ON cases (workflow_id, account_id, id, status);
-- Migrations of cases between versions, with their progress.
CREATE TABLE workflow_migrations (
    account_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    key TEXT NOT NULL,
    -- ids of the versions whose cases move
    from_ids TEXT NOT NULL,
    to_id BLOB NOT NULL,
    status_map TEXT NOT NULL,
    reason TEXT,
    actor_id INTEGER,
    actor_name TEXT NOT NULL,
    -- running, done or cancelled
    state TEXT NOT NULL,
    planned INTEGER NOT NULL,
    moved INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    -- the last case that was looked at
    after_case INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    PRIMARY KEY (account_id, id)
) WITHOUT ROWID;
CREATE INDEX workflow_migrations_running ON workflow_migrations (account_id, updated_at) WHERE state = 'running';
CREATE TABLE migration_refusals (
    account_id INTEGER NOT NULL,
    migration_id BLOB NOT NULL,
    case_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    -- why the case cannot move
    obstacle TEXT NOT NULL,
    PRIMARY KEY (account_id, migration_id, case_id),
    FOREIGN KEY (account_id, migration_id) REFERENCES workflow_migrations (account_id, id)
) WITHOUT ROWID;
