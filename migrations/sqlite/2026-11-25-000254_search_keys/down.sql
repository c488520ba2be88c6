DROP TABLE pending_backfills;
DROP INDEX cases_text;
DELETE FROM sqlite_stat1 WHERE idx = 'cases_text';
ALTER TABLE cases DROP COLUMN former_numbers;
