//! The `docket` server: command line, HTTP, authentication, and the four dialects. It translates and decides nothing:
//! rules live in the domain, SQL in the persistence crate.

pub mod api;
pub mod app;
pub mod auth;
pub mod checkpoint;
pub mod cli;
pub mod demo;
pub mod http;
pub mod import;
pub mod sweeper;
