-- Merges. A part of another case is in no list, like a deleted case, so both have the time since when in one column, and
-- every index of lists serves for both.
ALTER TABLE cases RENAME COLUMN deleted_at TO unlisted_at;
-- the survivor and the merge, of a case that is a part
ALTER TABLE cases ADD COLUMN merged json;
-- the parts of a survivor, and the parts of these
ALTER TABLE cases ADD COLUMN parts json;
CREATE INDEX cases_parts ON cases (account_id, created_at, id) WHERE merged IS NOT NULL;

CREATE TABLE merges (
    account_id bigint NOT NULL,
    id uuid NOT NULL,
    into_id bigint NOT NULL,
    into_uuid uuid NOT NULL,
    -- the parts that the request named
    cases json NOT NULL,
    reason text NOT NULL,
    merged_by_id bigint,
    merged_by_name text NOT NULL,
    merged_at timestamptz NOT NULL,
    undone_by_id bigint,
    undone_by_name text,
    undone_at timestamptz,
    undone_reason text,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id, into_id) REFERENCES cases (account_id, id)
);

-- The cases of each merge: the survivor and the parts.
CREATE TABLE merge_cases (
    account_id bigint NOT NULL,
    case_id bigint NOT NULL,
    merge_id uuid NOT NULL,
    PRIMARY KEY (account_id, case_id, merge_id),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id)
);
