-- SQLite is told what its tables hold. PostgreSQL looks for itself, and must not look while they are empty: it would take
-- them to stay so, and every check of a foreign key would read all of the table until it looks again.
SELECT 'a migration may not be empty';
