//! The `docket` server: command line, HTTP, authentication, and the four dialects. It translates and decides nothing:
//! rules are in the domain crate, SQL is in the persistence crate.
//!
//! Nothing here is an API for other crates: the library exists for the binary, its tests and its fuzz targets.
#![expect(missing_docs, reason = "these items are not an API for other crates")]

pub mod api;
pub mod app;
pub mod auth;
pub mod checkpoint;
pub mod cli;
pub mod deliverer;
pub mod demo;
pub mod http;
pub mod import;
pub mod migrator;
pub mod outbound;
pub mod progress;
pub mod server;
pub mod sweeper;
pub mod timer;
pub mod wire;
