//! The shared queries. This folder is mounted twice, under `postgres` and under `sqlite`, where [`Conn`] and [`Db`] are
//! the connection and the dialect of that backend.
//!
//! A query function must await only database calls: on SQLite these are ready at once, so the function never waits.
//! Every query filters by account, except the lookup of a credential.

pub(crate) mod account_events;
pub(crate) mod accounts;
pub(crate) mod backfill;
pub(crate) mod cases;
pub(crate) mod chain;
mod changes;
pub(crate) mod clocks;
pub(crate) mod commit;
pub(crate) mod conflicts;
pub(crate) mod deadlines;
pub(crate) mod directories;
pub(crate) mod documents;
pub(crate) mod events;
pub(crate) mod feed;
pub(crate) mod filter;
mod histograms;
pub(crate) mod idempotency;
pub(crate) mod imports;
pub(crate) mod keyset;
pub(crate) mod links;
pub(crate) mod merges;
pub(crate) mod migrations;
pub(crate) mod notes;
pub(crate) mod people;
pub(crate) mod settings;
pub(crate) mod sources;
pub(crate) mod statistics;
pub(crate) mod subjects;
pub(crate) mod tallies;
mod texts;
pub(crate) mod tokens;
pub(crate) mod updates;
pub(crate) mod verify;
mod walk;
pub(crate) mod webhooks;
pub(crate) mod workflows;

use super::{Conn, Db, RunQueryDsl, execute_prepared};
