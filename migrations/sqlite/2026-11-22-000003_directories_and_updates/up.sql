-- What is in these directories is never deleted, so that the columns of cases that point to them need no foreign keys.
CREATE TABLE clients (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    -- the name in folded case: what a search by name goes by
    name_key TEXT NOT NULL,
    -- a client that has one is a location
    parent_id INTEGER,
    -- the client at the top of the tree; absent where it is that itself
    root_id INTEGER,
    created_at TEXT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id) REFERENCES accounts (id),
    FOREIGN KEY (account_id, parent_id) REFERENCES clients (account_id, id),
    FOREIGN KEY (account_id, root_id) REFERENCES clients (account_id, id)
);
CREATE INDEX clients_name ON clients (account_id, name_key, id);
CREATE INDEX clients_parent ON clients (account_id, parent_id, id) WHERE parent_id IS NOT NULL;
CREATE INDEX clients_root ON clients (account_id, root_id) WHERE root_id IS NOT NULL;

CREATE TABLE regions (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    -- the name in folded case
    name_key TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE INDEX regions_name ON regions (account_id, name_key, id);

-- Every account has the groups 1 and 2 without rows: these are the others.
CREATE TABLE access_groups (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    -- the name in folded case
    name_key TEXT NOT NULL,
    requires_validation BOOLEAN NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id) REFERENCES accounts (id),
    CHECK (id > 2)
);
INSERT INTO sqlite_sequence (name, seq) VALUES ('access_groups', 2);
CREATE INDEX access_groups_name ON access_groups (account_id, name_key, id);

-- The events or tasks that case updates report on.
CREATE TABLE case_tasks (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    -- the name in folded case
    name_key TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE INDEX case_tasks_name ON case_tasks (account_id, name_key, id);

CREATE TABLE subjects (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- the name in folded case
    name_key TEXT NOT NULL,
    -- the client's own fields, exactly as sent
    custom_fields TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id)
);
CREATE INDEX subjects_case ON subjects (account_id, case_id, created_at, id);
CREATE INDEX subjects_name ON subjects (account_id, name_key, created_at, id);
CREATE INDEX subjects_created ON subjects (account_id, created_at, id);

CREATE TABLE case_updates (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- how often it was written; guards every write
    revision INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    subject_id INTEGER,
    task_id INTEGER,
    -- no foreign key: the groups 1 and 2 have no rows
    access_group_id INTEGER NOT NULL,
    -- the first update of the thread, its own id for that one
    thread_id INTEGER NOT NULL,
    title TEXT NOT NULL,
    -- HTML of the few elements that were let through
    body TEXT NOT NULL,
    activity_at TEXT NOT NULL,
    is_allday BOOLEAN NOT NULL,
    validated_at TEXT,
    validated_by_id INTEGER,
    -- validated, or for a group that requires no validation
    is_valid BOOLEAN NOT NULL,
    created_by_id INTEGER,
    behalf_of_id INTEGER,
    -- behalf_of_id, else created_by_id: what the filter by author goes by
    author_id INTEGER,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id),
    FOREIGN KEY (account_id, subject_id) REFERENCES subjects (account_id, id),
    FOREIGN KEY (account_id, task_id) REFERENCES case_tasks (account_id, id),
    FOREIGN KEY (account_id, thread_id) REFERENCES case_updates (account_id, id),
    FOREIGN KEY (account_id, author_id) REFERENCES people (account_id, id)
);
CREATE INDEX case_updates_created ON case_updates (account_id, created_at, id);
CREATE INDEX case_updates_case ON case_updates (account_id, case_id, created_at, id);
CREATE INDEX case_updates_group ON case_updates (account_id, access_group_id, created_at, id);
CREATE INDEX case_updates_author ON case_updates (account_id, author_id, created_at, id);
CREATE INDEX case_updates_valid ON case_updates (account_id, is_valid, created_at, id);
CREATE INDEX case_updates_subject ON case_updates (account_id, subject_id, created_at, id) WHERE subject_id IS NOT NULL;
CREATE INDEX case_updates_task ON case_updates (account_id, task_id) WHERE task_id IS NOT NULL;
CREATE INDEX case_updates_thread ON case_updates (account_id, thread_id, created_at, id);
CREATE INDEX case_updates_activity ON case_updates (account_id, activity_at);
CREATE INDEX case_updates_updated ON case_updates (account_id, updated_at);
CREATE INDEX case_updates_validated ON case_updates (account_id, validated_at) WHERE validated_at IS NOT NULL;

CREATE TABLE update_details (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    update_id INTEGER NOT NULL,
    -- the order in which they were given
    place INTEGER NOT NULL,
    -- HH:MM
    start_at TEXT NOT NULL,
    notes TEXT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, update_id) REFERENCES case_updates (account_id, id)
);
CREATE INDEX update_details_update ON update_details (account_id, update_id, place);
