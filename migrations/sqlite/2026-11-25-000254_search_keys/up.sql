-- The numbers that a case had before, as a JSON array: searches find it by them.
ALTER TABLE cases ADD COLUMN former_numbers TEXT NOT NULL DEFAULT '[]';

-- What is searched, beside the order of lists: a search reads it instead of the cases themselves.
CREATE INDEX cases_text ON cases (account_id, created_at, id, search_text) WHERE deleted_at IS NULL;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('cases', 'cases_text', '1000000 1000000 2 1 1');

-- Columns that the program has to compute anew after a migration; it removes the row when it has.
CREATE TABLE pending_backfills (name TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
INSERT INTO pending_backfills VALUES ('search_keys');
ANALYZE sqlite_schema;
