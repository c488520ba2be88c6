DROP TABLE pending_backfills;
DROP INDEX cases_search;
DROP EXTENSION btree_gin;
CREATE INDEX cases_search ON cases USING gin (search_text gin_trgm_ops);
ALTER TABLE cases DROP COLUMN former_numbers;
