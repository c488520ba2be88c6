-- The feed: every event of an account in one order. Write transactions follow one another, so each gives its events
-- their positions itself, and nothing ever appears behind a position that was read.
CREATE TABLE feed (
    account_id INTEGER NOT NULL,
    -- from 1, without gaps
    position INTEGER NOT NULL,
    -- 0 for an event of the account, whose id is then the version
    case_id INTEGER NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- the number that the case had after the event; absent for an event of the account
    case_number TEXT,
    PRIMARY KEY (account_id, position)
) WITHOUT ROWID;
-- Each event once. Also serves the feed of one case.
CREATE UNIQUE INDEX feed_case ON feed (account_id, case_id, version);

-- Events so far, by time. The greatest time so far keeps the events of a case in the order of their versions.
INSERT INTO feed (account_id, position, case_id, version, kind, case_number)
SELECT account_id, row_number() OVER (PARTITION BY account_id ORDER BY at, case_id, version), case_id, version, kind,
    case_number
FROM (
    SELECT events.account_id, events.case_id, events.version, events.kind, cases.case_number,
        max(events.recorded_at) OVER (PARTITION BY events.account_id, events.case_id ORDER BY events.version) AS at
    FROM case_events AS events JOIN cases ON cases.account_id = events.account_id AND cases.id = events.case_id
    UNION ALL
    SELECT account_id, 0, id, kind, NULL, recorded_at FROM account_events
) AS events;
