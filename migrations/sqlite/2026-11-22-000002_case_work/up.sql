CREATE INDEX people_kind ON people (account_id, kind, id);

CREATE TABLE case_links (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL,
    linked_case_id INTEGER NOT NULL,
    -- what it says, read from case_id; from the other end the inverse holds
    kind TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (account_id, id),
    -- every link is kept from one end alone, so that this holds for both
    UNIQUE (account_id, case_id, linked_case_id, kind),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id),
    FOREIGN KEY (account_id, linked_case_id) REFERENCES cases (account_id, id)
);
CREATE INDEX case_links_linked ON case_links (account_id, linked_case_id);

CREATE TABLE notes (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL,
    body TEXT NOT NULL,
    -- absent where only a name is known
    author_id INTEGER,
    author_name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id),
    FOREIGN KEY (account_id, author_id) REFERENCES people (account_id, id)
);
CREATE INDEX notes_case ON notes (account_id, case_id, id);
CREATE INDEX notes_author ON notes (account_id, author_id);

-- What is known of documents; their bytes lie in the object store under the account and the hash.
CREATE TABLE documents (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    -- in bytes
    size INTEGER NOT NULL,
    -- several documents may have the same bytes
    sha256 BLOB NOT NULL,
    created_at TEXT NOT NULL,
    -- absent where only a name is known
    created_by_id INTEGER,
    created_by_name TEXT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id),
    FOREIGN KEY (account_id, created_by_id) REFERENCES people (account_id, id)
);
CREATE INDEX documents_case ON documents (account_id, case_id, id);
CREATE INDEX documents_sha256 ON documents (account_id, sha256);
CREATE INDEX documents_created_by ON documents (account_id, created_by_id);

CREATE TABLE deadlines (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    -- statutory, court, contractual or internal
    kind TEXT NOT NULL,
    -- as it was given: a date, or a time with its offset
    due_at TEXT NOT NULL,
    -- the last moment in time: of the day (UTC), or that time
    last_moment TEXT NOT NULL,
    -- what was asked of the computation, if there was one
    computation TEXT,
    steps TEXT NOT NULL,
    -- open, met or cancelled; an open one is missed when the clock says so
    state TEXT NOT NULL,
    assigned_to INTEGER,
    -- somebody else than set_by
    verified_by INTEGER,
    -- who entered it, or last changed what is verified
    set_by INTEGER,
    warn_on TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id),
    FOREIGN KEY (account_id, assigned_to) REFERENCES people (account_id, id),
    FOREIGN KEY (account_id, verified_by) REFERENCES people (account_id, id),
    FOREIGN KEY (account_id, set_by) REFERENCES people (account_id, id)
);
CREATE INDEX deadlines_due ON deadlines (account_id, last_moment, id);
CREATE INDEX deadlines_state ON deadlines (account_id, state, last_moment, id);
CREATE INDEX deadlines_case ON deadlines (account_id, case_id, last_moment, id);
CREATE INDEX deadlines_assigned_to ON deadlines (account_id, assigned_to, last_moment, id);
CREATE INDEX deadlines_verified_by ON deadlines (account_id, verified_by);
CREATE INDEX deadlines_set_by ON deadlines (account_id, set_by);
