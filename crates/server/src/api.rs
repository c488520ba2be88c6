//! The four dialects. A dialect only translates: request to command or query of the domain, result to its own JSON.
//!
//! What more than one of them needs is in [`wire`](crate::wire).

pub mod caseiq;
pub mod native;
pub mod operations;
pub mod pages;
pub mod services;
pub mod trackops;
pub mod words;

use actix_web::web::ServiceConfig;

use crate::wire::dialect::Dialect;

/// All dialects. The first one takes the requests that no dialect claims.
pub static DIALECTS: [Dialect; 4] = [native::DIALECT, trackops::DIALECT, services::DIALECT, caseiq::DIALECT];

/// All paths.
pub fn configure(config: &mut ServiceConfig) {
    operations::configure(config);
    configure_dialects(config);
}

/// All paths except metrics and the docs page, which a separate listener serves.
pub fn configure_apart(config: &mut ServiceConfig) {
    operations::configure_public(config);
    configure_dialects(config);
}

/// Trackops comes before native: on a path of both, its endpoints take the requests with HTTP Basic.
fn configure_dialects(config: &mut ServiceConfig) {
    trackops::configure(config);
    native::configure(config);
    services::configure(config);
    caseiq::configure(config);
}
