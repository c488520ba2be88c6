-- The id of what a request wrote that belongs to no case: what its answer is made of again.
ALTER TABLE idempotency_keys ADD COLUMN other_id BIGINT;
