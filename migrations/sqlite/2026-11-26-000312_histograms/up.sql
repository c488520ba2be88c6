-- Counts that each commit maintains: active cases by due date, closed cases by day of closing, cases by time to
-- resolution, inquiries and orders by day of creation.
CREATE TABLE histograms (
    account_id INTEGER NOT NULL,
    -- due, closed, resolution, inquiry or order
    histogram TEXT NOT NULL,
    -- days since 1970-01-01, or the least seconds of a range
    bucket INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (account_id, histogram, bucket)
) WITHOUT ROWID;
INSERT INTO histograms (account_id, histogram, bucket, entries)
SELECT account_id, 'due', CAST(julianday(due_on) - 2440587.5 AS INTEGER), count(*) FROM cases
WHERE deleted_at IS NULL AND phase = 'active' AND due_on IS NOT NULL GROUP BY 1, 3;
INSERT INTO histograms (account_id, histogram, bucket, entries)
SELECT account_id, 'closed', CAST(julianday(substr(closed_at, 1, 10)) - 2440587.5 AS INTEGER), count(*) FROM cases
WHERE deleted_at IS NULL AND outcome = 'closed' AND closed_at IS NOT NULL GROUP BY 1, 3;
INSERT INTO histograms (account_id, histogram, bucket, entries)
SELECT account_id, 'resolution',
    CASE
        WHEN resolution_seconds < 256 THEN resolution_seconds / 1 * 1
        WHEN resolution_seconds < 1024 THEN resolution_seconds / 4 * 4
        WHEN resolution_seconds < 4096 THEN resolution_seconds / 16 * 16
        WHEN resolution_seconds < 16384 THEN resolution_seconds / 64 * 64
        WHEN resolution_seconds < 65536 THEN resolution_seconds / 256 * 256
        WHEN resolution_seconds < 262144 THEN resolution_seconds / 1024 * 1024
        WHEN resolution_seconds < 1048576 THEN resolution_seconds / 4096 * 4096
        WHEN resolution_seconds < 4194304 THEN resolution_seconds / 16384 * 16384
        WHEN resolution_seconds < 16777216 THEN resolution_seconds / 65536 * 65536
        WHEN resolution_seconds < 67108864 THEN resolution_seconds / 262144 * 262144
        ELSE resolution_seconds / 1048576 * 1048576
    END,
    count(*)
FROM cases WHERE deleted_at IS NULL AND resolution_seconds IS NOT NULL GROUP BY 1, 3;
INSERT INTO histograms (account_id, histogram, bucket, entries)
SELECT account_id, entity_type, CAST(julianday(substr(created_at, 1, 10)) - 2440587.5 AS INTEGER), count(*) FROM sources GROUP BY 1, 2, 3;

-- The maintained counts without the day. They replace the index by which all days were summed.
CREATE TABLE case_totals (
    account_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    priority INTEGER NOT NULL,
    source TEXT NOT NULL,
    cases INTEGER NOT NULL,
    resolved INTEGER NOT NULL,
    resolution_seconds INTEGER NOT NULL,
    PRIMARY KEY (account_id, status, priority, source)
) WITHOUT ROWID;
INSERT INTO case_totals (account_id, status, priority, source, cases, resolved, resolution_seconds)
SELECT account_id, status, priority, source, sum(cases), sum(resolved), sum(resolution_seconds)
FROM case_tallies GROUP BY account_id, status, priority, source;
DROP INDEX case_tallies_groups;
