//! The native dialect: `/api/v1` with JSON, one complete API.

pub mod body;
pub mod cases;
pub mod error;
pub mod keys;
pub mod log;
pub mod transitions;
pub mod view;

use actix_web::web::ServiceConfig;
use serde_json::Value;
use utoipa::OpenApi;

use super::{endpoint::Endpoint, openapi, operations};

/// Its operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Docket: the native dialect",
        description = "Cases, their people, their way through a workflow and everything that happened to them.\n\n\
            Every case has two ids, a UUID and an integer (`number`); a path takes either. Lists are keyset pages: \
            follow `pagination.cursor` while `has_more` is true. Times are UTC in RFC 3339. Unknown fields of a body are \
            refused, unknown parameters of a query are ignored. Errors have a stable `code`; all fields that are wrong \
            are named at once in `details`. A path that only another dialect of this server has takes the same keys."
    ),
    tags(
        (name = "cases", description = "Create, find, change and delete cases."),
        (name = "transitions", description = "Move a case along its workflow, and see how it moved."),
        (name = "keys", description = "API keys: shown once, kept as a hash."),
        (name = "operations", description = "For those who run the server."),
    ),
    paths(
        cases::list_cases, cases::create_case, cases::load_case, cases::update_case, cases::delete_case,
        cases::restore_case,
        transitions::apply_transition, transitions::explain_transitions,
        log::list_history, log::list_timeline,
        keys::create_key, keys::list_keys, keys::revoke_key,
        operations::live, operations::ready, operations::metrics, operations::document,
    ),
    components(schemas(error::ErrorBody)),
)]
struct Document;

/// Its OpenAPI document.
#[must_use]
pub fn document() -> Value {
    openapi::finish::<error::Native>(Document::openapi())
}

/// Its paths.
pub fn configure(config: &mut ServiceConfig) {
    let endpoints = [
        Endpoint::at("/api/v1/cases").get(cases::list_cases).post(cases::create_case),
        Endpoint::at("/api/v1/cases/{case}").get(cases::load_case).put(cases::update_case).delete(cases::delete_case),
        Endpoint::at("/api/v1/cases/{case}/restore").post(cases::restore_case),
        Endpoint::at("/api/v1/cases/{case}/transitions")
            .get(transitions::explain_transitions)
            .post(transitions::apply_transition),
        Endpoint::at("/api/v1/cases/{case}/history").get(log::list_history),
        Endpoint::at("/api/v1/cases/{case}/timeline").get(log::list_timeline),
        Endpoint::at("/api/v1/keys").get(keys::list_keys).post(keys::create_key),
        Endpoint::at("/api/v1/keys/{id}").delete(keys::revoke_key),
    ];
    for endpoint in endpoints {
        config.service(endpoint);
    }
}
