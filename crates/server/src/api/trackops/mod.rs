//! The Trackops dialect: cases and case updates as the vendor's clients know them, over HTTP Basic.

pub mod body;
pub mod case_body;
pub mod cases;
pub mod directories;
pub mod error;
pub mod html;
pub mod query;
pub mod subjects;
pub mod update_body;
pub mod update_view;
pub mod updates;
pub mod view;

use actix_web::{HttpRequest, web::ServiceConfig};
use serde_json::Value;
use utoipa::OpenApi;

use crate::{
    http::endpoint::Endpoint,
    wire::{
        dialect::{Dialect, is_basic},
        error_body::ErrorBody,
        failure::respond,
        openapi,
    },
};

/// Its operations.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Docket: the Trackops dialect",
        description = "Cases, their subjects and the updates by which staff and clients tell each other of them.\n\n\
            The user of HTTP Basic is the name of an api key with `/token` behind it, the password is the key itself; on \
            `/api/v1/cases` this is what chooses the dialect. Lists are bare arrays of numbered pages; `mode=count` \
            gives the counts alone. Times are UTC and are printed as `YYYY-MM-DD HH:MM:SS`; filters also take RFC 3339 \
            and bare dates, of which one that ends a span includes the whole day. Booleans may be true or false, 1 or 0, \
            yes or no. Parameters and fields that are not known are ignored; a value of the wrong type is an error, and \
            all that are wrong are named at once in `details`."
    ),
    tags(
        (name = "cases", description = "Create, find and change cases."),
        (name = "updates", description = "What staff and clients tell each other of a case."),
        (name = "subjects", description = "Whom or what a case is about."),
        (name = "directories", description = "What the ids of other things point to."),
    ),
    paths(
        cases::list_cases, cases::create_case, cases::load_case, cases::update_case,
        updates::list_updates, updates::create_update, updates::load_update, updates::change_update,
        updates::change_update_by_post,
        subjects::list_subjects, subjects::create_subject,
        directories::list_clients, directories::create_client,
        directories::list_regions, directories::create_region,
        directories::list_access_groups, directories::create_access_group,
        directories::list_case_events, directories::create_case_event,
    ),
    components(schemas(ErrorBody, query::CountView)),
)]
struct Document;

/// The dialect.
pub const DIALECT: Dialect = Dialect {
    name: "trackops",
    document_path: "/openapi/trackops.json",
    claims,
    respond: respond::<error::Trackops>,
    document,
};

fn claims(request: &HttpRequest) -> bool {
    request.path().starts_with("/api/v1") && is_basic(request.headers())
}

fn document() -> Value {
    openapi::finish::<error::Trackops>(Document::openapi())
}

/// Its paths. Those that the native dialect has as well are for HTTP Basic alone.
pub fn configure(config: &mut ServiceConfig) {
    let endpoints = [
        Endpoint::at("/api/v1/cases").with_basic().get(cases::list_cases).post(cases::create_case),
        Endpoint::at("/api/v1/cases/{case}").with_basic().get(cases::load_case).put(cases::update_case),
        Endpoint::at("/api/v1/case/updates").get(updates::list_updates).post(updates::create_update),
        Endpoint::at("/api/v1/case/updates/{id}")
            .get(updates::load_update)
            .put(updates::change_update)
            .post(updates::change_update_by_post),
        Endpoint::at("/api/v1/case/events").get(directories::list_case_events).post(directories::create_case_event),
        Endpoint::at("/api/v1/subjects").get(subjects::list_subjects).post(subjects::create_subject),
        Endpoint::at("/api/v1/clients").get(directories::list_clients).post(directories::create_client),
        Endpoint::at("/api/v1/regions").get(directories::list_regions).post(directories::create_region),
        Endpoint::at("/api/v1/access_groups")
            .get(directories::list_access_groups)
            .post(directories::create_access_group),
    ];
    for endpoint in endpoints {
        // The vendor's clients send more than is documented.
        config.service(endpoint.ignores_unknown_parameters());
    }
}
