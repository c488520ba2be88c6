DELETE FROM pending_backfills WHERE name = 'person_keys';
DROP TABLE conflict_checks;
DROP TABLE conflict_sides;
DROP TABLE person_keys;
ALTER TABLE people DROP COLUMN aliases;
