//! The tests of the persistence crate: one binary, so that all of them share one PostgreSQL server.

mod cluster;
