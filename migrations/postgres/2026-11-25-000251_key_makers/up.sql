-- The people whose keys created and revoked a key; NULL for the command line.
ALTER TABLE api_keys ADD COLUMN created_by BIGINT;
ALTER TABLE api_keys ADD COLUMN revoked_by BIGINT;
