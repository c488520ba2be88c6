-- Merges. A part of another case is in no list, like a deleted case, so both have the time since when in one column, and
-- every index of lists serves for both.
ALTER TABLE cases RENAME COLUMN deleted_at TO unlisted_at;
-- the survivor and the merge, of a case that is a part
ALTER TABLE cases ADD COLUMN merged TEXT;
-- the parts of a survivor, and the parts of these
ALTER TABLE cases ADD COLUMN parts TEXT;
CREATE INDEX cases_parts ON cases (account_id, created_at, id) WHERE merged IS NOT NULL;

CREATE TABLE merges (
    account_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    into_id INTEGER NOT NULL,
    into_uuid BLOB NOT NULL,
    -- the parts that the request named
    cases TEXT NOT NULL,
    reason TEXT NOT NULL,
    merged_by_id INTEGER,
    merged_by_name TEXT NOT NULL,
    merged_at TEXT NOT NULL,
    undone_by_id INTEGER,
    undone_by_name TEXT,
    undone_at TEXT,
    undone_reason TEXT,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, into_id) REFERENCES cases (account_id, id)
);

-- The cases of each merge: the survivor and the parts.
CREATE TABLE merge_cases (
    account_id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    merge_id BLOB NOT NULL,
    PRIMARY KEY (account_id, case_id, merge_id),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id)
) WITHOUT ROWID;
