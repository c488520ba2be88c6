CREATE INDEX api_keys_person ON api_keys (account_id, person_id);
ALTER TABLE api_keys ADD FOREIGN KEY (account_id, person_id) REFERENCES people (account_id, id);
ALTER TABLE idempotency_keys ADD FOREIGN KEY (account_id, caller_id) REFERENCES api_keys (account_id, id);
ALTER TABLE case_tasks ADD FOREIGN KEY (account_id) REFERENCES accounts (id);
ALTER TABLE access_groups ADD FOREIGN KEY (account_id) REFERENCES accounts (id);
ALTER TABLE regions ADD FOREIGN KEY (account_id) REFERENCES accounts (id);
ALTER TABLE clients ADD FOREIGN KEY (account_id) REFERENCES accounts (id);
ALTER TABLE workflows ADD FOREIGN KEY (account_id) REFERENCES accounts (id);
ALTER TABLE people ADD FOREIGN KEY (account_id) REFERENCES accounts (id);
