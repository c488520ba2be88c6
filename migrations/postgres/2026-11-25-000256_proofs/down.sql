DROP FUNCTION refuse_to_change_logs() CASCADE;
ALTER TABLE case_events DROP COLUMN proof;
