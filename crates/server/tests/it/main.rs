//! HTTP tests: the real application over real HTTP, on SQLite and on PostgreSQL.
//!
//! All tests on one database share one server; each test has a separate account on it. A test that needs special
//! settings or the binary starts another server.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

mod access_matrix;
mod bad_input;
mod bodies;
mod caseiq;
mod cases;
mod cli;
mod conditional;
mod conflicts;
mod costs;
mod credentials;
mod deadlines;
mod documents;
mod durability;
mod edges;
mod events;
mod faults;
mod idempotency;
mod import;
mod isolation;
mod keys;
mod limits;
mod links;
mod listeners;
mod lists;
mod log;
mod merges;
mod names;
mod notes;
mod nul;
mod openapi;
mod operations;
mod outage;
mod pages;
mod participants;
mod race;
mod random;
mod server;
mod services;
mod status;
mod support;
mod time;
mod trackops;
mod transitions;
mod webhooks;
mod wire;
mod workflows;
