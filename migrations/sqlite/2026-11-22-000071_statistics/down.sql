DELETE FROM sqlite_stat1 WHERE tbl IN ('cases', 'case_tags', 'former_case_numbers');
ANALYZE sqlite_schema;
