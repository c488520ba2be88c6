DROP INDEX cases_ended;
DROP INDEX cases_overdue;
DROP INDEX cases_resolution;
CREATE INDEX cases_resolution ON cases (account_id, resolution_seconds) WHERE deleted_at IS NULL AND resolution_seconds IS NOT NULL;
CREATE INDEX cases_closed ON cases (account_id, closed_at) WHERE deleted_at IS NULL AND closed_at IS NOT NULL;
DROP TABLE source_events;
DROP TABLE sources;
