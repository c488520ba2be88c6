//! The binary under faults: killed, without its database, out of disk space, flooded by clients.
//!
//! The tests run in a short form by default. `scripts/torture` sets the sizes of the long form and collects figures.

mod connections;
mod database;
mod disk;
mod flood;
mod kill;
mod load;
mod retry;

use std::{
    fmt::Display,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::support::{Binary, Client};

/// The size in the environment variable `name`, or `short` if it is not set.
fn size(name: &str, short: usize) -> usize {
    match std::env::var(name) {
        Ok(number) => number.parse().unwrap(),
        Err(_) => short,
    }
}

/// Prints a figure to stderr in the long form only.
fn figure(what: impl Display) {
    if std::env::var_os("DOCKET_TORTURE").is_some() {
        eprintln!("figure: {what}");
    }
}

/// Asserts that `docket verify` finds no faults, and returns its summary.
#[track_caller]
fn verified(binary: &Binary) -> Value {
    let output = binary.run(&["verify"]);
    let line = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{line} {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&line).unwrap()
}

/// Polls until the server is ready again. Returns the time since `since`; fails after 5 s.
fn recovery(client: &Client, since: Instant) -> Duration {
    while client.get("/health/ready").status != 200 {
        assert!(since.elapsed() < Duration::from_secs(5), "no recovery within 5 s");
    }
    since.elapsed()
}
