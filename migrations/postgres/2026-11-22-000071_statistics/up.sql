-- SQLite is told what its tables hold; PostgreSQL looks for itself, now and whenever much has changed.
ANALYZE cases, case_tags, former_case_numbers;
