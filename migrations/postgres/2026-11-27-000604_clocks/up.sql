-- The clocks of cases, as the last commit that moved them left them.
CREATE TABLE clocks (
    account_id bigint NOT NULL,
    case_id bigint NOT NULL,
    -- name of the target, and key of the service level
    target text NOT NULL,
    level text NOT NULL,
    -- pending, running, paused, met or breached; a running clock is breached from due_at on
    state text NOT NULL,
    warn_at timestamptz,
    due_at timestamptz,
    -- the first moment that no event tells of
    next_at timestamptz,
    PRIMARY KEY (account_id, case_id, target),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id)
);
CREATE INDEX clocks_state ON clocks (account_id, state, due_at);
-- The timer asks for all accounts at once.
CREATE INDEX clocks_next ON clocks (next_at, account_id) WHERE next_at IS NOT NULL;
CREATE INDEX settings_kind ON settings (kind, account_id);
