-- Integer ids come from AUTOINCREMENT, which never gives one twice; unique (account_id, id) is what references name.

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    created_at TEXT NOT NULL,
    UNIQUE (name)
);

CREATE TABLE people (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- staff or contact
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    title TEXT,
    active BOOLEAN NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
);

-- Looked up by client_id alone, which is how a request learns its account: on Citus this is a reference table.
CREATE TABLE api_keys (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- whom the key acts as
    person_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- the public half of the key
    client_id TEXT NOT NULL,
    -- SHA-256 of the secret half
    secret_hash BLOB NOT NULL,
    -- words with blanks between
    scopes TEXT NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT,
    last_used_at TEXT,
    UNIQUE (account_id, id),
    UNIQUE (client_id),
    FOREIGN KEY (account_id, person_id) REFERENCES people (account_id, id)
);
CREATE INDEX api_keys_person ON api_keys (account_id, person_id);

CREATE TABLE workflows (
    account_id INTEGER NOT NULL,
    id BLOB NOT NULL,
    entity_type TEXT NOT NULL,
    definition TEXT NOT NULL,
    is_current BOOLEAN NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (account_id, id),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
);
-- An account has at most one present catalog for a kind of thing.
CREATE UNIQUE INDEX workflows_current ON workflows (account_id, entity_type) WHERE is_current;

-- No foreign key to accounts: checking it would have every writer lock the row of its account.
CREATE TABLE cases (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- what the public names the case by
    uuid BLOB NOT NULL,
    -- how many events the log of the case has; guards every write
    version INTEGER NOT NULL,
    -- the workflow version that the case is in; a built-in one has no row in workflows
    workflow_id BLOB NOT NULL,
    status TEXT NOT NULL,
    -- active, closed or archived: what the native dialect calls status
    phase TEXT NOT NULL,
    -- what the status says of the end: resolved, closed or cancelled
    outcome TEXT,
    -- the id of the first case of the series
    series_number INTEGER NOT NULL,
    -- never repeats within the series
    series_instance INTEGER NOT NULL,
    case_number TEXT NOT NULL,
    -- standalone, inquiry, order or follow_up; fixed at creation
    source TEXT NOT NULL,
    parent_id INTEGER,
    -- kept beside parent_id so that no read has to look it up
    parent_uuid BLOB,
    -- absent where nobody gave one: then the case number serves
    name TEXT,
    file_number TEXT,
    case_type TEXT,
    description TEXT,
    dezernat TEXT,
    -- 0 low, 1 normal, 2 high, 3 urgent
    priority INTEGER NOT NULL,
    -- as the case shows them; case_tags finds them
    tags TEXT NOT NULL,
    -- set by the user
    opened_on TEXT NOT NULL,
    due_on TEXT,
    resolution TEXT,
    owner TEXT,
    notes TEXT,
    is_request BOOLEAN NOT NULL,
    reference_1 TEXT,
    reference_2 TEXT,
    reference_3 TEXT,
    -- of another system
    customer_id INTEGER,
    -- of another system
    contractor_id INTEGER,
    client_id INTEGER,
    location_id INTEGER,
    region_id INTEGER,
    inquiry_id INTEGER,
    order_id INTEGER,
    -- of another system
    offer_id INTEGER,
    -- of another system
    invoice_id INTEGER,
    primary_contact_id INTEGER,
    primary_investigator_id INTEGER,
    primary_manager_id INTEGER,
    primary_salesperson_id INTEGER,
    primary_subject_id INTEGER,
    -- the client's own fields, exactly as sent
    custom_fields TEXT NOT NULL,
    created_by TEXT NOT NULL,
    -- when it came about; differs from created_at for imports
    occurred_at TEXT NOT NULL,
    -- when the system learnt of it
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    resolved_at TEXT,
    closed_at TEXT,
    -- the first resolution that was not reworked
    first_resolved_at TEXT,
    archived_at TEXT,
    deleted_at TEXT,
    -- the hash of the last event
    log_head BLOB NOT NULL,
    -- the name in folded case: what lists by name are sorted by
    name_key TEXT NOT NULL,
    -- name, file number and case number in folded case, a line each
    search_text TEXT NOT NULL,
    -- from occurred_at to first_resolved_at
    resolution_seconds INTEGER,
    -- the last instance given in the series; only that of the first case counts
    series_last INTEGER NOT NULL DEFAULT 1,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, parent_id) REFERENCES cases (account_id, id)
);
CREATE UNIQUE INDEX cases_uuid ON cases (account_id, uuid);
CREATE UNIQUE INDEX cases_series ON cases (account_id, series_number, series_instance);
CREATE INDEX cases_case_number ON cases (account_id, case_number);
CREATE INDEX cases_created ON cases (account_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX cases_updated ON cases (account_id, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX cases_due ON cases (account_id, due_on, id) WHERE deleted_at IS NULL;
CREATE INDEX cases_opened ON cases (account_id, opened_on, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX cases_name ON cases (account_id, name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX cases_phase ON cases (account_id, phase, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX cases_status ON cases (account_id, status, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX cases_priority ON cases (account_id, priority, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX cases_requests ON cases (account_id, created_at, id) WHERE deleted_at IS NULL AND is_request;
CREATE INDEX cases_case_type ON cases (account_id, case_type, created_at, id) WHERE deleted_at IS NULL AND case_type IS NOT NULL;
CREATE INDEX cases_parent_id ON cases (account_id, parent_id, created_at, id) WHERE deleted_at IS NULL AND parent_id IS NOT NULL;
CREATE INDEX cases_customer_id ON cases (account_id, customer_id, created_at, id) WHERE deleted_at IS NULL AND customer_id IS NOT NULL;
CREATE INDEX cases_contractor_id ON cases (account_id, contractor_id, created_at, id) WHERE deleted_at IS NULL AND contractor_id IS NOT NULL;
CREATE INDEX cases_client_id ON cases (account_id, client_id, created_at, id) WHERE deleted_at IS NULL AND client_id IS NOT NULL;
CREATE INDEX cases_location_id ON cases (account_id, location_id, created_at, id) WHERE deleted_at IS NULL AND location_id IS NOT NULL;
CREATE INDEX cases_region_id ON cases (account_id, region_id, created_at, id) WHERE deleted_at IS NULL AND region_id IS NOT NULL;
CREATE INDEX cases_inquiry_id ON cases (account_id, inquiry_id, created_at, id) WHERE deleted_at IS NULL AND inquiry_id IS NOT NULL;
CREATE INDEX cases_order_id ON cases (account_id, order_id, created_at, id) WHERE deleted_at IS NULL AND order_id IS NOT NULL;
CREATE INDEX cases_primary_contact_id ON cases (account_id, primary_contact_id, created_at, id) WHERE deleted_at IS NULL AND primary_contact_id IS NOT NULL;
CREATE INDEX cases_primary_investigator_id ON cases (account_id, primary_investigator_id, created_at, id) WHERE deleted_at IS NULL AND primary_investigator_id IS NOT NULL;
CREATE INDEX cases_primary_manager_id ON cases (account_id, primary_manager_id, created_at, id) WHERE deleted_at IS NULL AND primary_manager_id IS NOT NULL;
CREATE INDEX cases_primary_salesperson_id ON cases (account_id, primary_salesperson_id, created_at, id) WHERE deleted_at IS NULL AND primary_salesperson_id IS NOT NULL;
CREATE INDEX cases_primary_subject_id ON cases (account_id, primary_subject_id, created_at, id) WHERE deleted_at IS NULL AND primary_subject_id IS NOT NULL;
CREATE INDEX cases_reference_1 ON cases (account_id, reference_1, created_at, id) WHERE deleted_at IS NULL AND reference_1 IS NOT NULL;
CREATE INDEX cases_reference_2 ON cases (account_id, reference_2, created_at, id) WHERE deleted_at IS NULL AND reference_2 IS NOT NULL;
CREATE INDEX cases_reference_3 ON cases (account_id, reference_3, created_at, id) WHERE deleted_at IS NULL AND reference_3 IS NOT NULL;
CREATE INDEX cases_closed ON cases (account_id, closed_at) WHERE deleted_at IS NULL AND closed_at IS NOT NULL;
CREATE INDEX cases_resolution ON cases (account_id, resolution_seconds) WHERE deleted_at IS NULL AND resolution_seconds IS NOT NULL;

-- The log. Its key is what lets two writers of one version never both succeed.
CREATE TABLE case_events (
    account_id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    -- the version of the case that the event made
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- absent where only a name is known
    actor_id INTEGER,
    -- absent where the system acted
    actor_name TEXT,
    occurred_at TEXT NOT NULL,
    recorded_at TEXT NOT NULL,
    -- the very text that the hash covers
    data TEXT NOT NULL,
    -- over this entry and the hash of the one before
    hash BLOB NOT NULL,
    PRIMARY KEY (account_id, case_id, version),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id)
) WITHOUT ROWID;

CREATE TABLE case_tags (
    account_id INTEGER NOT NULL,
    tag TEXT NOT NULL,
    case_id INTEGER NOT NULL,
    PRIMARY KEY (account_id, tag, case_id),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id)
) WITHOUT ROWID;
CREATE INDEX case_tags_case ON case_tags (account_id, case_id);

-- Numbers that cases once had go on finding them.
CREATE TABLE former_case_numbers (
    account_id INTEGER NOT NULL,
    case_number TEXT NOT NULL,
    case_id INTEGER NOT NULL,
    PRIMARY KEY (account_id, case_number, case_id),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id)
) WITHOUT ROWID;
CREATE INDEX former_case_numbers_case ON former_case_numbers (account_id, case_id);

CREATE TABLE participants (
    account_id INTEGER NOT NULL,
    case_id INTEGER NOT NULL,
    -- party or staff
    side TEXT NOT NULL,
    person_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    -- the version of the case that brought them: the order in which they came
    since INTEGER NOT NULL,
    PRIMARY KEY (account_id, case_id, side, person_id, role),
    FOREIGN KEY (account_id, case_id) REFERENCES cases (account_id, id),
    FOREIGN KEY (account_id, person_id) REFERENCES people (account_id, id)
) WITHOUT ROWID;
CREATE INDEX participants_person ON participants (account_id, person_id);

-- Counts: the one writer adds to them in place.
CREATE TABLE case_tallies (
    account_id INTEGER NOT NULL,
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- the day (UTC) of created_at
    created_on TEXT NOT NULL,
    status TEXT NOT NULL,
    priority INTEGER NOT NULL,
    source TEXT NOT NULL,
    cases INTEGER NOT NULL,
    resolved INTEGER NOT NULL,
    resolution_seconds INTEGER NOT NULL,
    UNIQUE (account_id, created_on, status, priority, source)
);
