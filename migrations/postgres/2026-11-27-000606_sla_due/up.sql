-- When the first running clock of a service level is due, for the order of lists. Most cases have none.
ALTER TABLE cases ADD COLUMN sla_due_at timestamptz;
CREATE INDEX cases_sla_due ON cases (account_id, sla_due_at, id) WHERE unlisted_at IS NULL AND sla_due_at IS NOT NULL;

-- The clocks of active cases are computed anew, which sets it.
INSERT INTO settings (account_id, kind, key, definition)
SELECT account_id, 'rebuild', 'clocks', '{}' FROM settings WHERE kind = 'service_level' GROUP BY account_id
ON CONFLICT DO NOTHING;
