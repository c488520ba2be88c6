-- Moments of open deadlines: the beginning of the first day of warning, and the end.
CREATE TABLE deadline_moments (
    account_id bigint NOT NULL,
    deadline_id bigint NOT NULL,
    -- warning or missed
    what text NOT NULL,
    at timestamptz NOT NULL,
    -- whether an event tells of it, or none is to
    told boolean NOT NULL,
    PRIMARY KEY (account_id, deadline_id, what, at)
);
-- The timer asks for all accounts at once.
CREATE INDEX deadline_moments_next ON deadline_moments (at, account_id) WHERE NOT told;

-- Moments of the past are not told.
INSERT INTO deadline_moments (account_id, deadline_id, what, at, told)
SELECT account_id, id, 'missed', last_moment, last_moment <= now() FROM deadlines WHERE state = 'open'
UNION ALL
SELECT account_id, id, 'warning', warn_on::timestamp AT TIME ZONE 'UTC', warn_on::timestamp AT TIME ZONE 'UTC' <= now() FROM deadlines
WHERE state = 'open' AND warn_on IS NOT NULL;
