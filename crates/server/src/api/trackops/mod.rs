//! The Trackops dialect: cases, case updates, subjects and directories, over HTTP Basic. It only translates; the domain
//! decides.

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

use super::words;
use crate::{
    http::endpoint::Endpoint,
    wire::{
        api_error::respond,
        dialect::{Dialect, is_basic},
        error_body::ErrorBody,
        openapi,
    },
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Docket: the Trackops dialect",
        description = "Cases, subjects, and case updates: the messages between staff and clients about a case.\n\n\
            Authenticate with HTTP Basic: the user is the name of an API key followed by `/token`, the password is the \
            API key. On `/api/v1/cases` and `/api/v1/cases/{case}`, HTTP Basic selects this dialect.\n\n\
            Lists are JSON arrays with numbered pages; with `mode=count` they return only the counts. Times are UTC, \
            in the format `YYYY-MM-DD HH:MM:SS`. Filters also accept RFC 3339 and dates; a date at the end of a range \
            includes the whole day. Booleans are true or false, 1 or 0, yes or no. Unknown parameters and fields are \
            ignored. A value of the wrong type is an error; `details` lists every invalid field."
    ),
    tags(
        (name = "cases", description = "List, create and update cases."),
        (name = "updates", description = "Messages between staff and clients about a case."),
        (name = "subjects", description = "Persons and things that a case is about."),
        (name = "directories", description = "Reference data: clients, regions, access groups and case events."),
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

pub const DIALECT: Dialect = Dialect { name: "trackops", claims, respond: respond::<error::Trackops>, document };

fn claims(request: &HttpRequest) -> bool {
    request.path().starts_with("/api/v1") && is_basic(request.headers())
}

fn document() -> Value {
    openapi::finish::<error::Trackops>(Document::openapi(), &[words::ERROR_CODE, words::REASON_CODE])
}

/// On the paths that the native dialect has too, only requests with HTTP Basic belong to this dialect.
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
