-- SQLite gets an index of trigrams. PostgreSQL has one, cases_search.
SELECT 'a migration may not be empty';
