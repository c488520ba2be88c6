//! Code that all dialects share: reading requests, writing responses and errors, and the OpenAPI documents.
//!
//! Nothing here names a dialect. A dialect is a value ([`dialect::Dialect`]) that `api.rs` builds.

pub mod api_error;
pub mod body;
pub mod conditional;
pub mod dialect;
pub mod error_body;
pub mod fields;
pub mod filter;
pub mod linked;
pub mod openapi;
pub mod params;
pub mod path;
pub mod problem;
pub mod range;
