-- PostgreSQL gets a table. SQLite sums the counts of all days in the order of an index.
SELECT 'a migration may not be empty';
