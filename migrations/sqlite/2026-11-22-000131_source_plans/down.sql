DROP INDEX sources_user;
CREATE INDEX sources_user ON sources (account_id, user_id, created_at, id);
DELETE FROM sqlite_stat1 WHERE tbl IN ('sources', 'case_links');
ANALYZE sqlite_schema;
