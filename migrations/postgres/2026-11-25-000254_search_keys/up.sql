-- The numbers that a case had before, as a JSON array: searches find it by them.
ALTER TABLE cases ADD COLUMN former_numbers json NOT NULL DEFAULT '[]';

-- With the account in the index, a search does not read what other accounts have.
CREATE EXTENSION IF NOT EXISTS btree_gin;
DROP INDEX cases_search;
CREATE INDEX cases_search ON cases USING gin (account_id, search_text gin_trgm_ops);

-- Columns that the program has to compute anew after a migration; it removes the row when it has.
CREATE TABLE pending_backfills (name text PRIMARY KEY);
INSERT INTO pending_backfills VALUES ('search_keys');
