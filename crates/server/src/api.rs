//! The four dialects, and the furniture that they share.
//!
//! A dialect only translates: body or query → command or query of the domain; the answer → its own JSON. Whatever more
//! than one of them needs lives here: reading bodies ([`fields`], [`body`]) and queries ([`params`], [`filter`]),
//! naming cases in paths ([`case_path`]), conditional requests ([`conditional`]), problems and their one table
//! ([`problem`], [`failure`]), registering paths ([`endpoint`]), and the OpenAPI documents ([`openapi`]).

pub mod body;
pub mod case_path;
pub mod caseiq;
pub mod conditional;
pub mod dialect;
pub mod endpoint;
pub mod failure;
pub mod fields;
pub mod filter;
pub mod native;
pub mod openapi;
pub mod operations;
pub mod params;
pub mod problem;
pub mod range;
pub mod services;
pub mod trackops;

use actix_web::web::ServiceConfig;

/// Every path of every dialect. Trackops comes before native: where both have a path, its endpoints take the requests
/// with HTTP Basic and leave all others.
pub fn configure(config: &mut ServiceConfig) {
    operations::configure(config);
    configure_dialects(config);
}

/// The same without metrics and the docs page, which then have a listener of their own.
pub fn configure_apart(config: &mut ServiceConfig) {
    operations::configure_public(config);
    configure_dialects(config);
}

fn configure_dialects(config: &mut ServiceConfig) {
    trackops::configure(config);
    native::configure(config);
    services::configure(config);
    caseiq::configure(config);
}
