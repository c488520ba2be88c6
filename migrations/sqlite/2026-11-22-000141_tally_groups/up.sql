-- The statistics add up the kept counts by status, priority and source: in this order they need no sorting, and a count of
-- one status or priority reads its own alone. On 60,000 counts the first took 179 ms without and 9 with it, the second 105
-- and 0.1.
CREATE INDEX case_tallies_groups ON case_tallies
    (account_id, status, priority, source, created_on, cases, resolved, resolution_seconds);
