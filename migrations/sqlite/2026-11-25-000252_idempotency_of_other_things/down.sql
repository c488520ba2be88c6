ALTER TABLE idempotency_keys DROP COLUMN other_id;
