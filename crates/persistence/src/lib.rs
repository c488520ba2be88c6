//! The repository traits of the domain, kept by diesel on SQLite and on PostgreSQL.
