//! The tests of the persistence crate. One binary, so that all tests share one PostgreSQL server.
//!
//! The contract suite of the repositories runs on both backends: each module lists its tests in
//! [`on_both_databases!`](bed::on_both_databases), which defines two tests for each.

mod account_events;
mod accounts;
mod availability;
mod backup;
mod bed;
mod cancelling;
mod case_work;
mod clocks;
mod cluster;
mod commits;
mod deadlines;
mod directories;
mod distribution;
mod feed;
mod files;
mod filters;
mod idempotency;
mod imports;
mod merges;
mod migrations;
mod pages;
mod participants;
mod plans;
mod primaries;
mod series;
mod sources;
mod sqlite_options;
mod standby;
mod statements;
mod statistics;
mod subjects;
mod tallies;
mod tls;
mod tokens;
mod updates;
mod verify;
mod webhooks;
mod workflows;
