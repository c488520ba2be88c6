//! The repository traits of the domain, kept by diesel on SQLite and on PostgreSQL.

#[cfg(feature = "testing")]
pub mod testing;
