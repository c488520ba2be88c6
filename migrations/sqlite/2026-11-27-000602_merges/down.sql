DROP TABLE merge_cases;
DROP TABLE merges;
DROP INDEX cases_parts;
ALTER TABLE cases DROP COLUMN parts;
ALTER TABLE cases DROP COLUMN merged;
ALTER TABLE cases RENAME COLUMN unlisted_at TO deleted_at;
