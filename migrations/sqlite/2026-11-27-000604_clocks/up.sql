-- The clocks of cases, as the last commit that moved them left them.
CREATE TABLE clocks (
    account_id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    -- name of the target, and key of the service level
    target TEXT NOT NULL,
    level TEXT NOT NULL,
    -- pending, running, paused, met or breached; a running clock is breached from due_at on
    state TEXT NOT NULL,
    warn_at TEXT,
    due_at TEXT,
    -- the first moment that no event tells of
    next_at TEXT,
    PRIMARY KEY (account_id, case_id, target),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id)
) WITHOUT ROWID;
CREATE INDEX clocks_state ON clocks (account_id, state, due_at);
-- The timer asks for all accounts at once.
CREATE INDEX clocks_next ON clocks (next_at, account_id) WHERE next_at IS NOT NULL;
CREATE INDEX settings_kind ON settings (kind, account_id);
