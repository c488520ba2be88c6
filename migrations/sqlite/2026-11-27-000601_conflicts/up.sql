-- Conflicts of interest.
ALTER TABLE people ADD COLUMN aliases TEXT NOT NULL DEFAULT '[]';

-- The keys under which people are found: names that match have one in common. Each is the beginning of a digest.
CREATE TABLE person_keys (
    account_id INTEGER NOT NULL,
    key INTEGER NOT NULL,
    person_id INTEGER NOT NULL,
    PRIMARY KEY (account_id, key, person_id)
) WITHOUT ROWID;

-- The account's map of roles to sides. An account without one has the default.
CREATE TABLE conflict_sides (
    account_id INTEGER PRIMARY KEY,
    sides TEXT NOT NULL
);

-- Checks for conflicts of interest that are kept with their case.
CREATE TABLE conflict_checks (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL,
    -- clear, possible or conflict
    verdict TEXT NOT NULL,
    -- who matches, with the decisions
    hits TEXT NOT NULL,
    -- digest of the parties and their names, as they were checked
    parties TEXT NOT NULL,
    run_by_id INTEGER,
    run_by_name TEXT NOT NULL,
    run_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id)
);
CREATE INDEX conflict_checks_case ON conflict_checks (account_id, case_id, id);

INSERT INTO pending_backfills (name) VALUES ('person_keys');
