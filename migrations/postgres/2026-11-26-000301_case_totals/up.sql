-- The folded counts without the day. Counts of all days read a few of these rows and the unfolded changes, instead of
-- one row per day.
CREATE TABLE case_totals (
    account_id bigint NOT NULL,
    status text NOT NULL,
    priority smallint NOT NULL,
    source text NOT NULL,
    cases bigint NOT NULL,
    resolved bigint NOT NULL,
    resolution_seconds bigint NOT NULL,
    PRIMARY KEY (account_id, status, priority, source)
);
INSERT INTO case_totals (account_id, status, priority, source, cases, resolved, resolution_seconds)
SELECT account_id, status, priority, source, sum(cases), sum(resolved), sum(resolution_seconds)
FROM case_tallies WHERE folded GROUP BY account_id, status, priority, source;
