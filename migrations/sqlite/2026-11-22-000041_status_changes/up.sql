-- Finds the last change of a case's status without reading what happened since.
CREATE INDEX case_events_status_changes ON case_events (account_id, case_id, version) WHERE kind = 'case.status_changed';
