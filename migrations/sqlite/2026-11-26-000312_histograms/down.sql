CREATE INDEX case_tallies_groups ON case_tallies
    (account_id, status, priority, source, created_on, cases, resolved, resolution_seconds);
DROP TABLE case_totals;
DROP TABLE histograms;
