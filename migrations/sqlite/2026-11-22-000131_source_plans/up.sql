-- The inquiries and orders of a user, whichever kind and status.
DROP INDEX sources_user;
CREATE INDEX sources_user ON sources (account_id, user_id, created_at, id, entity_type, status);

-- As for the cases: without these, SQLite walks all inquiries, orders and links of an account to have a few of them in order.
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('sources', 'sources_created', '1000000 1000000 2 1'),
    ('sources', 'sources_user', '1000000 1000000 20 1 1 1 1'),
    ('sources', 'sources_entity_type', '1000000 1000000 500000 2 1'),
    ('sources', 'sources_status', '1000000 1000000 500000 150000 2 1'),
    ('sources', 'sqlite_autoindex_sources_1', '1000000 1000000 1'),
    ('case_links', 'case_links_linked', '1000000 1000000 2'),
    ('case_links', 'sqlite_autoindex_case_links_1', '1000000 1000000 1'),
    ('case_links', 'sqlite_autoindex_case_links_2', '1000000 1000000 2 1 1');
-- Read by every connection that is opened from now on.
ANALYZE sqlite_schema;
