-- The workflows of an account by key, with all their versions. The contents of the versions stay in workflows.
CREATE TABLE workflow_catalogs (
    account_id bigint NOT NULL,
    -- number of changes; a change is committed only if no other one came before it
    revision bigint NOT NULL,
    PRIMARY KEY (account_id)
);
CREATE TABLE own_workflows (
    account_id bigint NOT NULL,
    key text NOT NULL,
    entity_type text NOT NULL,
    -- types of the cases that begin in it
    case_types json NOT NULL,
    assertions json NOT NULL,
    -- the version that new entities begin with
    active_id uuid NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE TABLE workflow_versions (
    account_id bigint NOT NULL,
    key text NOT NULL,
    id uuid NOT NULL,
    number bigint NOT NULL,
    -- absent for a built-in version
    created_at timestamptz,
    created_by bigint,
    created_by_name text,
    PRIMARY KEY (account_id, key, id),
    FOREIGN KEY (account_id, key) REFERENCES own_workflows (account_id, key)
);
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
-- Cases by version: a migration moves them in this order; the status serves the counts.
CREATE INDEX cases_workflow ON cases (account_id, workflow_id, id, status);
-- Migrations of cases between versions, with their progress.
CREATE TABLE workflow_migrations (
    account_id bigint NOT NULL,
    id uuid NOT NULL,
    key text NOT NULL,
    -- ids of the versions whose cases move
    from_ids json NOT NULL,
    to_id uuid NOT NULL,
    status_map json NOT NULL,
    reason text,
    actor_id bigint,
    actor_name text NOT NULL,
    -- running, done or cancelled
    state text NOT NULL,
    planned bigint NOT NULL,
    moved bigint NOT NULL,
    refused bigint NOT NULL,
    -- the last case that was looked at
    after_case bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, id)
);
CREATE INDEX workflow_migrations_running ON workflow_migrations (account_id, updated_at) WHERE state = 'running';
CREATE TABLE migration_refusals (
    account_id bigint NOT NULL,
    migration_id uuid NOT NULL,
    case_id bigint NOT NULL,
    status text NOT NULL,
    -- why the case cannot move
    obstacle text NOT NULL,
    PRIMARY KEY (account_id, migration_id, case_id),
    FOREIGN KEY (account_id, migration_id) REFERENCES workflow_migrations (account_id, id)
);
