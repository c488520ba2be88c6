//! The one set of queries. This folder is mounted twice, under `postgres` and under `sqlite`, where [`Conn`] and [`Db`]
//! are that database's connection and dialect.
//!
//! A query function awaits database calls only: on SQLite every one of them is done when it returns, so that the whole
//! function runs without waiting. Every query names the account.

pub(crate) mod account_events;
pub(crate) mod accounts;
pub(crate) mod backfill;
pub(crate) mod cases;
pub(crate) mod chain;
mod changes;
pub(crate) mod commit;
pub(crate) mod deadlines;
pub(crate) mod directories;
pub(crate) mod documents;
pub(crate) mod events;
pub(crate) mod filter;
pub(crate) mod idempotency;
pub(crate) mod imports;
pub(crate) mod keyset;
pub(crate) mod links;
pub(crate) mod notes;
pub(crate) mod people;
pub(crate) mod sources;
pub(crate) mod statistics;
pub(crate) mod subjects;
pub(crate) mod tallies;
pub(crate) mod tokens;
pub(crate) mod updates;
pub(crate) mod verify;
pub(crate) mod workflows;

use super::{Conn, Db, RunQueryDsl};
