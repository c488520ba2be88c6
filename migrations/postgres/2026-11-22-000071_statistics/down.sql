-- There is nothing to undo; a migration may not be empty.
ANALYZE cases;
