//! PostgreSQL servers for tests: started from the machine's own programs, thrown away with the test process.
//!
//! [`postgres`] gives the one server that all tests of a process share, each in a database of its own;
//! [`OwnCluster::start_new`] gives a server that one test may stop, start and hang. Neither ever touches a server, a
//! directory or a port that it did not make, unless `DOCKET_TEST_DATABASE_URL` names a server to use.
//! Behind the feature `testing`: no released program holds this.
//!
//! What went wrong here is a broken test bed and no test's business, so everything panics with what it knows.

mod cluster;
mod programs;
mod server;
mod watchdog;

use std::io::Write;
use std::sync::OnceLock;

pub use cluster::{Cluster, OwnCluster};
use programs::Programs;

/// The server that the tests of this process share, started at the first call.
///
/// `None` where the machine has no PostgreSQL programs, said once on stderr (past the capture of the test harness).
/// Looked for in `DOCKET_TEST_POSTGRES_BIN`, what `PG_CONFIG` names, `PATH`, and `/usr/lib/postgresql/*/bin`, newest first.
/// `DOCKET_TEST_DATABASE_URL` names a running server to use instead; its user must be allowed to create databases,
/// which then stay behind.
///
/// # Panics
/// Where the programs are missing and `CI` is set, and when a server cannot be started or reached.
pub fn postgres() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    SHARED
        .get_or_init(|| match std::env::var("DOCKET_TEST_DATABASE_URL") {
            Ok(url) => Some(Cluster::existing(&url)),
            Err(_unset) => installed().map(Cluster::start_shared),
        })
        .as_ref()
}

/// A command for one of the machine's PostgreSQL programs, e.g. `pg_dump`, of the version that the servers are.
///
/// `None` where they are missing, as [`postgres`] has then said.
pub fn program(name: &str) -> Option<std::process::Command> {
    installed().map(|programs| programs.command(name, None))
}

/// The machine's programs; where there are none, says so, and under CI refuses to go on.
fn installed() -> Option<Programs> {
    static MISSING: std::sync::Once = std::sync::Once::new();
    let found = Programs::find();
    if found.is_none() {
        let message = "no PostgreSQL programs (initdb, postgres) on this machine: NO test runs on PostgreSQL; \
                       install them or set DOCKET_TEST_POSTGRES_BIN to their folder";
        assert!(!under_ci(), "{message}");
        // Written, not printed: the test harness swallows what passing tests print.
        MISSING.call_once(|| drop(writeln!(std::io::stderr(), "\n*** {message} ***\n")));
    }
    found
}

fn under_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}
