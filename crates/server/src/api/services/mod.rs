//! The services dialect: `/api/cases` and related paths.
//!
//! It translates requests and responses. It never decides: rules are in the domain crate.

pub mod action;
pub mod body;
pub mod cases;
pub mod definitions;
pub mod envelope;
pub mod error;
pub mod inquiries;
pub mod list;
pub mod meta;
pub mod orders;
pub mod parsed;
pub mod sources;
pub mod statistics;
pub mod timeline;
pub mod view;

use actix_web::{HttpRequest, web::ServiceConfig};
use utoipa::OpenApi;

use super::words;
use crate::{
    http::endpoint::Endpoint,
    wire::{
        api_error::respond,
        dialect::Dialect,
        openapi::{self, Words},
    },
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Docket: the Services dialect",
        description = "Manage cases from creation to resolution. A case is created standalone, from an inquiry, from \
            an order or as a follow-up. A workflow checks every status change.\n\n\
            Every response is an envelope with `success`. Lists have numbered pages with exact totals. An error lists \
            every invalid field in `errors`. A refused transition also lists the allowed transitions and the input \
            that they require. Unknown body fields and unknown query parameters are refused. Times are in UTC, in RFC \
            3339 format. All dialects of this server share the same cases."
    ),
    tags(
        (name = "cases", description = "Create, read, update, delete and restore cases; read their status history."),
        (name = "sources", description = "Create cases from inquiries, orders and other cases."),
        (name = "actions", description = "Perform any action on a case with one endpoint."),
        (name = "lists", description = "List cases, and the timeline of inquiries and orders."),
        (name = "statistics", description = "Count cases and measure times to resolution."),
        (name = "reference", description = "Read statuses, priorities and transition rules."),
        (name = "inquiries", description = "Create, read and update inquiries, from which cases can be created."),
        (name = "orders", description = "Place, read and update orders, from which cases can be created."),
    ),
    paths(
        cases::create_case, cases::load_case, cases::update_case, cases::delete_case, cases::restore_case,
        cases::list_history,
        cases::create_case_from_inquiry, cases::create_case_from_order, cases::create_follow_up,
        action::act,
        list::list_cases, list::list_cases_of_customer, list::list_cases_of_contractor,
        timeline::list_timeline,
        statistics::load_statistics, statistics::load_statistics_overview,
        meta::list_statuses, meta::list_priorities, meta::list_status_keys, meta::list_priority_keys,
        definitions::list_definitions, definitions::list_transitions,
        inquiries::create_inquiry, inquiries::list_inquiries, inquiries::load_inquiry, inquiries::update_inquiry,
        orders::place_order, orders::list_orders, orders::load_order, orders::update_order,
    ),
    components(schemas(error::ErrorBody)),
)]
struct Document;

/// The fixed vocabularies of the document.
pub(super) const WORDS: &[Words] = &[
    words::REASON_CODE,
    Words {
        name: "Priority",
        words: words::priorities,
        fields: &[
            "ActionBody.priority",
            "CaseView.priority",
            "CaseDetailView.priority",
            "CreateCaseBody.priority",
            "OverridesBody.priority",
            "UpdateCaseBody.priority",
        ],
    },
    Words { name: "EntityType", words: words::entity_types, fields: &["DefinitionView.entity_type"] },
    Words { name: "SourceKind", words: words::source_kinds, fields: &["TimelineEntryView.type"] },
];

pub const DIALECT: Dialect = Dialect { name: "services", claims, respond: respond::<error::Services>, document };

fn claims(request: &HttpRequest) -> bool {
    request.path().starts_with("/api/") && !request.path().starts_with("/api/v1")
}

fn document() -> serde_json::Value {
    openapi::finish::<error::Services>(Document::openapi(), WORDS)
}

/// Fixed words come before `{case}`, because the first matching path is used.
pub fn configure(config: &mut ServiceConfig) {
    let endpoints = [
        Endpoint::at("/api/cases").post(cases::create_case),
        Endpoint::at("/api/cases/list").get(list::list_cases),
        Endpoint::at("/api/cases/timeline").get(timeline::list_timeline),
        Endpoint::at("/api/cases/stats").get(statistics::load_statistics),
        Endpoint::at("/api/cases/stats/overview").get(statistics::load_statistics_overview),
        Endpoint::at("/api/cases/meta/statuses").get(meta::list_statuses),
        Endpoint::at("/api/cases/meta/priorities").get(meta::list_priorities),
        Endpoint::at("/api/cases/statuses/available").get(meta::list_status_keys),
        Endpoint::at("/api/cases/priorities/available").get(meta::list_priority_keys),
        Endpoint::at("/api/cases/customer/{id}").get(list::list_cases_of_customer),
        Endpoint::at("/api/cases/contractor/{id}").get(list::list_cases_of_contractor),
        Endpoint::at("/api/cases/from-inquiry/{id}").post(cases::create_case_from_inquiry),
        Endpoint::at("/api/cases/from-order/{id}").post(cases::create_case_from_order),
        Endpoint::at("/api/cases/{case}").get(cases::load_case).put(cases::update_case).delete(cases::delete_case),
        Endpoint::at("/api/cases/{case}/restore").post(cases::restore_case),
        Endpoint::at("/api/cases/{case}/follow-up").post(cases::create_follow_up),
        Endpoint::at("/api/cases/{case}/action").post(action::act),
        Endpoint::at("/api/cases/{case}/history").get(cases::list_history),
        Endpoint::at("/api/status-definitions").get(definitions::list_definitions),
        Endpoint::at("/api/status-definitions/transitions").get(definitions::list_transitions),
        Endpoint::at("/api/inquiries").get(inquiries::list_inquiries).post(inquiries::create_inquiry),
        Endpoint::at("/api/inquiries/{id}").get(inquiries::load_inquiry).put(inquiries::update_inquiry),
        Endpoint::at("/api/orders").get(orders::list_orders),
        Endpoint::at("/api/orders/place").post(orders::place_order),
        Endpoint::at("/api/orders/{id}").get(orders::load_order).put(orders::update_order),
    ];
    for endpoint in endpoints {
        config.service(endpoint);
    }
}
