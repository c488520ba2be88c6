//! The tests of the persistence crate: one binary, so that all of them share one PostgreSQL server.
//!
//! What a repository promises is one suite, run on both databases: each module names its tests in
//! [`on_both_databases!`](bed::on_both_databases), which makes two of each.

mod account_events;
mod accounts;
mod availability;
mod backup;
mod bed;
mod cancelling;
mod case_work;
mod cluster;
mod commits;
mod deadlines;
mod directories;
mod files;
mod filters;
mod idempotency;
mod imports;
mod migrations;
mod pages;
mod participants;
mod plans;
mod primaries;
mod series;
mod sources;
mod statistics;
mod subjects;
mod tallies;
mod tls;
mod tokens;
mod updates;
mod verify;
mod workflows;
