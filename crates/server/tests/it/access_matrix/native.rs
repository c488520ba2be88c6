//! Valid requests of the native dialect.

use docket_domain::workflow::{EntityType, builtin};
use serde_json::{Value, json};

use super::row::{Row, row};

/// A multipart form with one file: media type and body.
pub(super) const UPLOAD: (&str, &str) = (
    "multipart/form-data; boundary=x",
    "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nbytes\r\n--x--\r\n",
);

/// The built-in workflow of cases under another name.
pub(super) fn own_definition(name: &str) -> Value {
    let mut definition = serde_json::to_value(builtin(EntityType::Case)).unwrap();
    definition["name"] = name.into();
    definition
}

/// A service level in the calendar of the world.
pub(super) fn service_level() -> Value {
    let target =
        json!({ "name": "t", "starts_on": "created", "stops_on": "phase:closed", "goal": "PT1H", "calendar": "own" });
    json!({ "name": "a", "targets": [target], "applies_to": { "client_ids": ["{client}"] } })
}

pub(super) fn rows() -> Vec<Row> {
    let case = json!({
        "name": "a", "client_id": "{client}", "location_id": "{location}", "region_id": "{region}",
        "inquiry_id": "{inquiry}", "order_id": "{order}",
    });
    let mut follow_up = case.clone();
    follow_up["parent"] = json!("{parent}");
    vec![
        row("GET /api/v1/cases?id={case}&client={client}&location={location}&case_region={region}&customer={customer}\
             &contractor={contractor}&primary_contact={person}&primary_investigator={person}&primary_manager={person}\
             &primary_salesperson={person}&primary_subject={subject}&series_number={series}&case_number={case_number}\
             &search={word}&tag={word}&type={word}&reference_value_1={word}&reference_value_2={word}&reference_value_3={word}"),
        row("POST /api/v1/cases").json(&follow_up),
        row("GET /api/v1/cases/{case}"),
        row("PUT /api/v1/cases/{case}").json(&case),
        row("DELETE /api/v1/cases/{case}"),
        row("POST /api/v1/cases/{deleted_case}/restore"),
        row("GET /api/v1/cases/{case}/transitions"),
        row("POST /api/v1/cases/{case}/transitions")
            .json(&json!({ "transition": "resolve", "workflow_id": "{workflow}" })),
        row("GET /api/v1/cases/{case}/history"),
        row("GET /api/v1/cases/{case}/timeline"),
        row("GET /api/v1/cases/{case}/parties"),
        row("POST /api/v1/cases/{case}/parties").json(&json!({ "parties": [{ "id": "{person}", "role": "witness" }] })),
        row("PUT /api/v1/cases/{case}/parties").json(&json!({ "parties": [{ "id": "{person}", "role": "witness" }] })),
        row("GET /api/v1/cases/{case}/staff"),
        row("POST /api/v1/cases/{case}/staff").json(&json!({ "staff": [{ "id": "{person}", "role": "clerk" }] })),
        row("DELETE /api/v1/cases/{case}/staff?staff_id={person}"),
        row("DELETE /api/v1/cases/{case}/staff").json(&json!({ "staff_ids": ["{person}"] })),
        row("GET /api/v1/cases/{case}/links"),
        row("POST /api/v1/cases/{case}/links").json(&json!({ "linked_case_id": "{parent}", "type": "blocks" })),
        row("DELETE /api/v1/cases/{case}/links/{link}"),
        row("GET /api/v1/cases/{case}/documents"),
        row("POST /api/v1/cases/{case}/documents").content(UPLOAD.0, UPLOAD.1.to_owned()),
        row("GET /api/v1/documents/{document}"),
        row("GET /api/v1/documents/{document}/content"),
        row("DELETE /api/v1/documents/{document}"),
        row("GET /api/v1/cases/{case}/deadlines?assigned_to={person}"),
        row("POST /api/v1/cases/{case}/deadlines")
            .json(&json!({ "title": "a", "due_at": "2099-01-01", "assigned_to": "{person}" })),
        row("GET /api/v1/deadlines?assigned_to={person}"),
        row("GET /api/v1/deadlines/{deadline}"),
        row("PUT /api/v1/deadlines/{deadline}").json(&json!({ "assigned_to": "{person}" })),
        row("DELETE /api/v1/deadlines/{deadline}"),
        row("GET /api/v1/deadlines/calendars"),
        row("POST /api/v1/deadlines/compute")
            .json(&json!({ "rule": "plain", "trigger": "2026-01-02", "count": 1, "unit": "days" })),
        row("POST /api/v1/conflicts/check").json(&json!({ "names": ["a"], "side": "client" })),
        row("POST /api/v1/conflicts/check").json(&json!({ "case": "{case}" })),
        row("GET /api/v1/conflicts/sides"),
        row("PUT /api/v1/conflicts/sides").json(&json!({ "sides": { "client": "client", "opponent": "adverse" } })),
        row("GET /api/v1/cases/{case}/conflict-checks"),
        row("POST /api/v1/cases/{case}/conflict-checks"),
        row("PUT /api/v1/conflict-checks/{check}/hits/{hit}").json(&json!({ "decision": "cleared", "reason": "r" })),
        row("GET /api/v1/calendars"),
        row("PUT /api/v1/calendars/{spare_calendar}").json(&json!({ "name": "a", "time_zone": "UTC", "hours": {} })),
        row("DELETE /api/v1/calendars/{spare_calendar}"),
        row("GET /api/v1/service-levels"),
        row("PUT /api/v1/service-levels/{service_level}").json(&service_level()),
        row("DELETE /api/v1/service-levels/{service_level}"),
        row("POST /api/v1/service-levels/what-if").json(&json!({ "policy": service_level() })),
        row("GET /api/v1/cases/{case}/service-level"),
        row("GET /api/v1/deadlines.ics"),
        row("GET /api/v1/cases/{case}/deadlines.ics"),
        row("GET /api/v1/cases/{survivor}/merges"),
        row("POST /api/v1/cases/{case}/merges").json(&json!({ "cases": ["{parent}"], "reason": "r" })),
        row("DELETE /api/v1/cases/{survivor}/merges/{merge}").json(&json!({ "reason": "r" })),
        row("POST /api/v1/cases/{case}/split").json(&json!({
            "name": "a", "reason": "r", "client_id": "{client}", "location_id": "{location}", "region_id": "{region}",
            "inquiry_id": "{inquiry}", "order_id": "{order}", "copy": { "staff": ["{person}"] },
            "move": {
                "notes": ["{note}"], "documents": ["{document}"], "deadlines": ["{deadline}"], "updates": ["{update}"],
                "subjects": ["{subject}"], "parties": ["{person}"],
            },
        }))
        .without("parent", "it is refused: the case in the path is the parent"),
        row("GET /api/v1/cases/{case}/notes"),
        row("POST /api/v1/cases/{case}/notes").json(&json!({ "body": "a" })),
        row("PUT /api/v1/notes/{note}").json(&json!({ "body": "a" })),
        row("DELETE /api/v1/notes/{note}"),
        row("GET /api/v1/people"),
        row("POST /api/v1/people").json(&json!({ "name": "a" })),
        row("GET /api/v1/people/{person}"),
        row("PUT /api/v1/people/{person}").json(&json!({ "name": "a" })),
        row("GET /api/v1/workflows?entity_type=case"),
        row("POST /api/v1/workflows/check").json(&json!({ "definition": own_definition("Another") })),
        row("GET /api/v1/workflows/{workflow_key}"),
        row("PUT /api/v1/workflows/{workflow_key}").json(&json!({ "definition": own_definition("Another") })),
        row("DELETE /api/v1/workflows/{workflow_key}"),
        row("POST /api/v1/workflows/{workflow_key}/activate").json(&json!({ "version": "{workflow_version}" })),
        row("POST /api/v1/workflows/{workflow_key}/migrations")
            .json(&json!({ "from": "all", "to": "{workflow_version}" })),
        row("GET /api/v1/workflows/{workflow_key}/migrations/{migration}"),
        row("GET /api/v1/workflows/{workflow_key}/versions/{workflow_version}"),
        row("GET /api/v1/workflows/{workflow_key}/versions/{workflow_version}/diagram?case={case}"),
        row("GET /api/v1/workflows/{workflow_key}/versions/{workflow_version}/diff?to={workflow_version}"),
        row("GET /api/v1/events?case={case}&after={feed_cursor}"),
        row("GET /api/v1/events/types"),
        row("GET /api/v1/events/export?format=jsonl&type=case.*"),
        row("GET /api/v1/events/stream?case={case}&after={feed_cursor}"),
        row("GET /api/v1/webhooks"),
        row("POST /api/v1/webhooks").json(&json!({ "url": "https://1.1.1.1/other" })),
        row("GET /api/v1/webhooks/{webhook}"),
        row("PUT /api/v1/webhooks/{webhook}").json(&json!({ "description": "a" })),
        row("DELETE /api/v1/webhooks/{webhook}"),
        row("POST /api/v1/webhooks/{webhook}/rotate-secret"),
        row("POST /api/v1/webhooks/{webhook}/test"),
        row("GET /api/v1/webhooks/{webhook}/deliveries"),
        row("POST /api/v1/webhooks/{webhook}/deliveries/{delivery}/retry"),
        row("POST /api/v1/webhooks/{webhook}/replay").json(&json!({ "after": "{feed_cursor}" })),
        row("GET /api/v1/keys"),
        row("POST /api/v1/keys").json(&json!({ "name": "a", "scopes": ["cases:read"] })),
        row("DELETE /api/v1/keys/{key}"),
        row("GET /api/v1/me"),
        row("GET /health/live"),
        row("GET /health/ready"),
        row("GET /metrics"),
        row("GET /openapi/{dialect}.json"),
    ]
}
