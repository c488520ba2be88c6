DROP TABLE migration_refusals;
DROP TABLE workflow_migrations;
DROP INDEX cases_workflow;
UPDATE workflows SET is_current = TRUE WHERE EXISTS (
    SELECT 1 FROM own_workflows own WHERE own.account_id = workflows.account_id AND own.active_id = workflows.id
        AND own.key IN ('default', 'inquiry', 'order'));
CREATE UNIQUE INDEX workflows_current ON workflows (account_id, entity_type) WHERE is_current;
DROP TABLE workflow_versions;
DROP TABLE own_workflows;
DROP TABLE workflow_catalogs;
