ALTER TABLE imported_cases DROP COLUMN last_at;
ALTER TABLE imported_cases DROP COLUMN row_digests;
