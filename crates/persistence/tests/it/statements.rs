//! Watches every statement that the contract suite sends to PostgreSQL: each has to name the account, so that on Citus
//! one node can answer it.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{cell::Cell, collections::BTreeSet, sync::Mutex};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

static WITHOUT_ACCOUNT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

thread_local! {
    /// Tests read and change rows from other threads, as no code of the store does.
    static IS_WATCHED: Cell<bool> = const { Cell::new(false) };
}

/// Statements without an account, and why. All tables in them are on the coordinator.
const EXCEPTIONS: [(&str, &str); 17] = [
    ("BEGIN", "transactions"),
    ("COMMIT", "transactions"),
    ("ROLLBACK", "transactions"),
    ("SET CLIENT_ENCODING", "a new connection"),
    ("SET TIME ZONE", "a new connection"),
    ("SET session_replication_role", "a test that changes rows behind the store"),
    ("SELECT $1", "the health check"),
    ("SELECT nextval(", "ids come from sequences of the coordinator"),
    ("SELECT setval(", "ids come from sequences of the coordinator"),
    ("SELECT max(nextval(", "ids come from sequences of the coordinator"),
    ("SELECT pg_advisory_xact_lock(", "guards the sequences"),
    ("INSERT INTO accounts", "the table of the accounts"),
    ("SELECT accounts.id", "the table of the accounts"),
    ("SELECT webhooks.account_id", "a server delivers for all accounts"),
    ("SELECT clocks.account_id, clocks.case_id FROM (clocks INNER JOIN", "a server tells the moments of all accounts"),
    ("SELECT DISTINCT settings.account_id", "a server computes the clocks of all accounts"),
    ("SELECT account_id, COALESCE((SELECT max(position)", "the accounts are a parameter"),
];

/// The credentials, which are looked up without an account.
const CREDENTIALS: [&str; 2] = ["api_keys.client_id = $", "access_tokens.hash = $"];

/// Whether one node can answer the statement: it inserts rows with an account, or compares the account.
fn names_account(statement: &str) -> bool {
    let is_exception = EXCEPTIONS.iter().any(|(start, _)| statement.starts_with(start));
    let changes_rows = statement.contains("UPDATE ") || statement.contains("DELETE ");
    let is_upsert = statement.contains(" ON CONFLICT (account_id");
    let is_insert =
        statement.contains("INSERT INTO ") && statement.contains("(account_id") && (!changes_rows || is_upsert);
    let compares = statement.contains("account_id = $") || statement.contains("account_id = ANY(");
    is_exception || is_insert || compares || CREDENTIALS.iter().any(|lookup| statement.contains(lookup))
}

struct Watch;

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        let InstrumentationEvent::StartQuery { query, .. } = event else { return };
        if IS_WATCHED.get() {
            let text = query.to_string().replace('"', "");
            let statement = text.split(" -- binds:").next().unwrap_or(&text).trim();
            if !names_account(statement) {
                WITHOUT_ACCOUNT.lock().unwrap().insert(statement.to_owned());
            }
        }
    }
}

/// Watches the connections that are opened from now on.
pub(crate) fn watch() {
    set_default_instrumentation(|| Some(Box::new(Watch))).unwrap();
}

pub(crate) fn watch_this_thread(is_postgres: bool) {
    IS_WATCHED.set(is_postgres);
}

/// The statements so far that did not name the account.
pub(crate) fn without_account() -> Vec<String> {
    WITHOUT_ACCOUNT.lock().unwrap().iter().cloned().collect()
}

#[test]
fn a_statement_that_one_node_cannot_answer_is_recognized() {
    assert!(names_account("SELECT cases.id FROM cases WHERE cases.account_id = $1"));
    assert!(names_account("INSERT INTO case_tags (account_id, tag) VALUES ($1, $2)"));
    assert!(!names_account("SELECT cases.account_id, cases.id FROM cases WHERE cases.id = $1"));
    assert!(!names_account("DELETE FROM case_tags WHERE case_id = $1"));
}
