//! The repository traits of the domain, implemented with diesel on SQLite and PostgreSQL.
//!
//! A [`Connector`] holds the address of the database and is shared by all workers. A [`Database`] belongs to one worker
//! and implements the traits. One set of queries is mounted once for each backend. This crate holds no business rule
//! and no HTTP term.
#![expect(clippy::duplicate_mod, reason = "the one set of queries is mounted once for each database")]

mod among;
pub mod attempt;
mod backup;
mod connector;
mod database;
mod error;
pub mod files;
mod ids;
mod load;
mod migrate;
mod parts;
mod postgres;
mod rows;
mod schema;
mod settings;
mod sql_types;
mod sqlite;
mod statements;
#[cfg(feature = "testing")]
pub mod testing;

pub use self::{
    backup::{Restored, backup, restore},
    connector::Connector,
    database::Database,
    load::{Counted, Distribution, Gauge, Load},
    settings::{OpenError, Settings, StandbySettings},
};
