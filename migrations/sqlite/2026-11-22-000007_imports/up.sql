-- Which case of which log of another system has become which case, so that an import can be repeated or continued.
CREATE TABLE imported_cases (
    account_id INTEGER NOT NULL,
    -- the name of the log
    source TEXT NOT NULL,
    -- the case by its id in the log
    external_id TEXT NOT NULL,
    -- absent where no row has created it yet
    case_id INTEGER,
    -- how many rows of the case have been dealt with
    rows_seen INTEGER NOT NULL,
    PRIMARY KEY (account_id, source, external_id),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id)
) WITHOUT ROWID;
CREATE INDEX imported_cases_case ON imported_cases (account_id, case_id);
