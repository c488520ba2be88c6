-- The digest of the row that the event is about, as it is afterwards; the hash covers it. Older events have none.
ALTER TABLE case_events ADD COLUMN proof bytea;

-- Logs are only appended to. The owner of the tables keeps the right to grant itself these again.
REVOKE UPDATE, DELETE, TRUNCATE ON case_events, account_events, source_events FROM CURRENT_USER;
