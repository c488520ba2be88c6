-- Accounts, API keys and access tokens are looked up without an account. On Citus they stay on the coordinator, where no
-- table of another node can refer to them.
ALTER TABLE people DROP CONSTRAINT people_account_id_fkey;
ALTER TABLE workflows DROP CONSTRAINT workflows_account_id_fkey;
ALTER TABLE clients DROP CONSTRAINT clients_account_id_fkey;
ALTER TABLE regions DROP CONSTRAINT regions_account_id_fkey;
ALTER TABLE access_groups DROP CONSTRAINT access_groups_account_id_fkey;
ALTER TABLE case_tasks DROP CONSTRAINT case_tasks_account_id_fkey;
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_account_id_caller_id_fkey;
ALTER TABLE api_keys DROP CONSTRAINT api_keys_account_id_person_id_fkey;
-- It served the foreign key alone.
DROP INDEX api_keys_person;
