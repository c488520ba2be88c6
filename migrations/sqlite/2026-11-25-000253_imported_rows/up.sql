-- A row of a log that was processed is known by its content: 8 bytes each, in the order of processing. `rows_seen` counts them.
ALTER TABLE imported_cases ADD COLUMN row_digests BLOB NOT NULL DEFAULT x'';
-- the time of the newest row that was processed
ALTER TABLE imported_cases ADD COLUMN last_at TEXT;
-- Of earlier imports only the count of rows is known: every row up to the newest one of the case is late from now on.
UPDATE imported_cases SET rows_seen = 0, last_at = (
    SELECT max(occurred_at) FROM case_events
    WHERE case_events.account_id = imported_cases.account_id AND case_events.case_id = imported_cases.case_id
);
