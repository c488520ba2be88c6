-- PostgreSQL drops foreign keys that Citus cannot check across nodes. A SQLite store is one file and keeps them.
SELECT 'a migration may not be empty';
