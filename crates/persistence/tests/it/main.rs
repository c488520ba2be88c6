//! The tests of the persistence crate: one binary, so that all of them share one PostgreSQL server.
//!
//! What a repository promises is one suite, run on both databases: each module names its tests in
//! [`on_both_databases!`](bed::on_both_databases), which makes two of each.

mod availability;
mod backup;
mod accounts;
mod bed;
mod cancelling;
mod case_work;
mod cluster;
mod commits;
mod tls;
mod verify;
mod directories;
mod primaries;
mod subjects;
mod updates;
mod deadlines;
mod files;
mod filters;
mod imports;
mod migrations;
mod pages;
mod participants;
mod plans;
mod series;
mod sources;
mod statistics;
mod tallies;
