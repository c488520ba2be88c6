//! The Case IQ dialect.

pub mod error;

use actix_web::web::ServiceConfig;
use utoipa::OpenApi;

use super::openapi;

/// Its operations.
#[derive(OpenApi)]
#[openapi(info(title = "Docket: the Case IQ dialect"))]
struct Document;

/// Its OpenAPI document.
#[must_use]
pub fn document() -> serde_json::Value {
    openapi::finish::<error::CaseIq>(Document::openapi())
}

/// Its paths.
pub fn configure(_config: &mut ServiceConfig) {}
