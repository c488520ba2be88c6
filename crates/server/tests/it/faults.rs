//! The binary under faults: killed, cut off from its database, out of disk, beset by clients.
//!
//! The tests run in a short form; `scripts/torture` sets the sizes of the long one and collects the figures.

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

/// The size that the environment sets, or that of the short form.
fn size(name: &str, short: usize) -> usize {
    match std::env::var(name) {
        Ok(number) => number.parse().unwrap(),
        Err(_) => short,
    }
}

/// Tells a figure, past the capture of the test harness, where the long form is run.
fn figure(what: impl Display) {
    if std::env::var_os("DOCKET_TORTURE").is_some() {
        eprintln!("figure: {what}");
    }
}

/// What `docket verify` says of a store without faults.
#[track_caller]
fn verified(binary: &Binary) -> Value {
    let output = binary.run(&["verify"]);
    let line = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{line} {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&line).unwrap()
}

/// Asks until the database answers again; how long that took.
fn recovery(client: &Client, since: Instant) -> Duration {
    while client.get("/health/ready").status != 200 {
        assert!(since.elapsed() < Duration::from_secs(5), "no recovery within 5 s");
    }
    since.elapsed()
}
