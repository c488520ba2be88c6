//! Valid requests of the Trackops dialect, sent over HTTP Basic.

use serde_json::json;

use super::row::{Row, row};

const NO_SUBJECT: &str = "a new case has no subjects that could be named by id";

pub(super) fn rows() -> Vec<Row> {
    let casefile = json!({
        "name": "a", "client_id": "{client}", "client_location_id": "{location}", "case_region_id": "{region}",
        "primary_contact_id": "{person}", "primary_investigator_id": "{person}", "primary_manager_id": "{person}",
        "primary_salesperson_id": "{person}",
    });
    let mut change = casefile.clone();
    change["primary_subject_id"] = json!("{subject}");
    change["subjects"] = json!([{ "id": "{subject}", "name": "a" }]);
    let update = json!({ "update": {
        "casefile_id": "{case}", "access_group_id": "{access_group}", "subject_id": "{subject}", "event_id": "{event}",
        "behalf_of_id": "{person}", "thread_id": "{update}", "title": "a", "body": "b",
    } });
    let mut edit = update.clone();
    edit["update"].as_object_mut().unwrap().remove("thread_id");
    vec![
        row("GET /api/v1/cases?id={case}&client={client}&location={location}&case_region={region}&customer={customer}\
             &contractor={contractor}&primary_contact={person}&primary_investigator={person}&primary_manager={person}\
             &primary_salesperson={person}&primary_subject={subject}&series_number={series}&case_number={case_number}\
             &search={word}&tag={word}&type={word}&reference_value_1={word}&reference_value_2={word}&reference_value_3={word}"),
        row("POST /api/v1/cases")
            .json(&json!({ "casefile": casefile }))
            .without("primary_subject_id", NO_SUBJECT)
            .without("id", NO_SUBJECT),
        row("GET /api/v1/cases/{case}"),
        row("PUT /api/v1/cases/{case}").json(&json!({ "casefile": change })),
        row("GET /api/v1/subjects?id={subject}&casefile_id={case}"),
        row("POST /api/v1/subjects").json(&json!({ "casefile_id": "{case}", "name": "a" })),
        row("GET /api/v1/clients?id={location}&parent_id={client}"),
        row("POST /api/v1/clients").json(&json!({ "name": "a", "parent_id": "{client}" })),
        row("GET /api/v1/regions?id={region}"),
        row("POST /api/v1/regions").json(&json!({ "name": "a" })),
        row("GET /api/v1/access_groups?id={access_group}"),
        row("POST /api/v1/access_groups").json(&json!({ "name": "a" })),
        row("GET /api/v1/case/events?id={event}"),
        row("POST /api/v1/case/events").json(&json!({ "name": "a" })),
        row("GET /api/v1/case/updates?id={update}&case={case}&access_group={access_group}&created_by={person}\
             &subject={subject}&thread={update}"),
        row("POST /api/v1/case/updates").json(&update),
        row("GET /api/v1/case/updates/{update}"),
        row("PUT /api/v1/case/updates/{update}")
            .json(&edit)
            .without("thread_id", "the first update of a thread joins no other"),
        row("POST /api/v1/case/updates/{update}")
            .json(&edit)
            .without("thread_id", "the first update of a thread joins no other"),
    ]
}
