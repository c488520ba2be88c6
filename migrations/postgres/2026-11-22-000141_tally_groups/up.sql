-- SQLite gets an index. PostgreSQL adds the counts up by hashing, and appends to them with every write.
SELECT 'a migration may not be empty';
