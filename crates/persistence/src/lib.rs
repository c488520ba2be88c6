//! The repository traits of the domain, kept by diesel on SQLite and on PostgreSQL.
//!
//! A [`Connector`] knows where the database is and is shared by all workers; a [`Database`] is one worker's way to it and
//! implements the traits. There is one set of queries, mounted once for each database. No rule of the business stands
//! here, and no word of HTTP.
#![expect(clippy::duplicate_mod, reason = "the one set of queries is mounted once for each database")]

mod among;
pub mod attempt;
mod backup;
mod connector;
mod database;
mod error;
pub mod files;
mod ids;
mod migrate;
mod parts;
mod postgres;
mod rows;
mod schema;
mod settings;
mod sql_types;
mod sqlite;
#[cfg(feature = "testing")]
pub mod testing;

pub use self::{
    backup::{Restored, backup, restore},
    connector::Connector,
    database::Database,
    settings::{OpenError, Settings},
};
