SELECT 'a migration may not be empty';
