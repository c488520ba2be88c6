//! PostgreSQL servers for tests. They use the installed PostgreSQL programs and end with the test process.
//!
//! [`postgres`] gives the server that all tests of a process share; each test uses its own database.
//! [`OwnCluster::start_new`] gives a server that one test may stop, start and pause. Neither touches a server, folder
//! or port that it did not create, except the server in `DOCKET_TEST_DATABASE_URL`.
//!
//! The feature `testing` enables this module; no released program contains it. All failures panic, because a broken
//! test environment is no test result.

mod cluster;
mod programs;
mod server;
mod watchdog;

use std::io::Write;
use std::sync::OnceLock;

pub use cluster::{Cluster, OwnCluster};
use programs::Programs;

/// The server that the tests of this process share. The first call starts it.
///
/// `None` if the machine has no PostgreSQL programs; a message on stderr, which the test harness does not capture, says
/// so once. The programs are searched in `DOCKET_TEST_POSTGRES_BIN`, the folder of `PG_CONFIG`, `PATH`, and
/// `/usr/lib/postgresql/*/bin`, newest version first. `DOCKET_TEST_DATABASE_URL` selects a running server instead. Its
/// user must be allowed to create databases, and the databases are not deleted.
///
/// # Panics
/// If the programs are missing and `CI` is set, or if a server cannot be started or reached.
pub fn postgres() -> Option<&'static Cluster> {
    static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
    SHARED
        .get_or_init(|| match std::env::var("DOCKET_TEST_DATABASE_URL") {
            Ok(url) => Some(Cluster::existing(&url)),
            Err(_unset) => installed().map(Cluster::start_shared),
        })
        .as_ref()
}

/// A command for an installed PostgreSQL program, for example `pg_dump`, of the servers' version.
///
/// `None` if the programs are missing.
///
/// # Panics
/// If the programs are missing and `CI` is set.
pub fn program(name: &str) -> Option<std::process::Command> {
    installed().map(|programs| programs.command(name, None))
}

/// Finds the installed programs. If there are none, reports it on stderr, and panics under CI.
fn installed() -> Option<Programs> {
    static MISSING: std::sync::Once = std::sync::Once::new();
    let found = Programs::find();
    if found.is_none() {
        let message = "no PostgreSQL programs (initdb, postgres) on this machine: NO test runs on PostgreSQL; \
                       install them or set DOCKET_TEST_POSTGRES_BIN to their folder";
        assert!(!under_ci(), "{message}");
        // Not `eprintln!`: the test harness captures that.
        MISSING.call_once(|| drop(writeln!(std::io::stderr(), "\n*** {message} ***\n")));
    }
    found
}

fn under_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}
