-- There is nothing to undo.
SELECT 'a migration may not be empty';
