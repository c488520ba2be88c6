DROP INDEX sources_user;
CREATE INDEX sources_user ON sources (account_id, user_id, created_at, id);
