-- PostgreSQL gets the index that SQLite has: cases_text.
SELECT 'a migration may not be empty';
