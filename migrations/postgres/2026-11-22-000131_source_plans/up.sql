-- The inquiries and orders of a user, whichever kind and status.
DROP INDEX sources_user;
CREATE INDEX sources_user ON sources (account_id, user_id, created_at, id, entity_type, status);
