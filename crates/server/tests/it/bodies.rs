//! Validation of case bodies: the rule of each field, and all faults in one response.

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    fn a_name_is_required(app) {
        app.post("/api/v1/cases", &json!({})).expect_faults(&["name"]);
        app.post("/api/v1/cases", &json!({ "name": null })).expect_faults(&["name"]);
    }

    fn a_name_is_not_blank(app) {
        for name in ["", " ", "\u{2003}"] {
            app.post("/api/v1/cases", &json!({ "name": name })).expect_faults(&["name"]);
        }
    }

    fn a_name_has_at_most_500_characters(app) {
        app.create(&json!({ "name": "ü".repeat(500) }));
        app.post("/api/v1/cases", &json!({ "name": "ü".repeat(501) })).expect_faults(&["name"]);
    }

    fn a_short_text_has_at_most_255_characters(app) {
        let long = "x".repeat(256);
        let body = json!({ "name": "a", "file_number": long, "type": long, "dezernat": long, "references": [long], "tags": [long] });
        app.post("/api/v1/cases", &body).expect_faults(&["file_number", "type", "dezernat", "references", "tags"]);
    }

    fn control_characters_are_refused(app) {
        for name in ["a\u{0}b", "a\nb", "a\u{7f}b", "a\u{85}b"] {
            app.post("/api/v1/cases", &json!({ "name": name })).expect_faults(&["name"]);
        }
        let body = json!({ "name": "a", "description": "a\u{0}b", "file_number": "\u{1b}" });
        app.post("/api/v1/cases", &body).expect_faults(&["description", "file_number"]);
    }

    fn nul_in_custom_fields_is_kept_or_refused(app) {
        let answer = app.post("/api/v1/cases", &json!({ "name": "a", "custom_fields": { "a\u{0}": "b\u{0}" } }));
        if answer.status == 201 {
            assert_eq!(answer.json()["custom_fields"], json!({ "a\u{0}": "b\u{0}" }));
        } else {
            answer.expect_faults(&["custom_fields"]);
        }
    }

    fn all_fields_with_wrong_types_are_named_at_once(app) {
        let body = json!({
            "name": 5, "file_number": [], "type": {}, "description": true, "dezernat": 1.5, "priority": "frantic",
            "tags": "x", "opened_on": "tomorrow", "due_on": "2026-02-30", "resolution": 1, "is_request": "yes",
            "references": [1], "customer_id": "7", "contractor_id": 1.5, "client_id": {}, "location_id": "x",
            "region_id": [], "inquiry_id": -1, "order_id": true, "offer_id": 0, "invoice_id": -5, "custom_fields": [],
            "status": "frozen", "parent": {},
        });
        let fields = body.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
        app.post("/api/v1/cases", &body).expect_faults(&fields);
    }

    fn an_unknown_field_is_refused_and_named(app) {
        let body = json!({ "name": "a", "nmae": "b", "Status": "active", "owner": "me" });
        app.post("/api/v1/cases", &body).expect_faults(&["nmae", "Status", "owner"]);
        let case = app.case("a");
        app.put(&TestApp::path(&case), &json!({ "nmae": "b" })).expect_faults(&["nmae"]);
        let path = format!("{}/transitions", TestApp::path(&case));
        app.post(&path, &json!({ "transition": "resolve", "force": true })).expect_faults(&["force"]);
    }

    fn read_only_fields_are_refused(app) {
        let case = app.case("a");
        let fields = ["id", "number", "case_number", "series_number", "series_instance", "case_status", "resolved_at",
                      "closed_at", "archived_at", "workflow_id", "version", "created_at", "updated_at", "parties", "staff"];
        let body = fields.iter().map(|field| ((*field).to_owned(), case[*field].clone())).collect();
        app.put(&TestApp::path(&case), &Value::Object(body)).expect_faults(&fields);
    }

    fn a_case_cannot_be_created_closed(app) {
        for status in ["closed", "archived", "open", ""] {
            app.post("/api/v1/cases", &json!({ "name": "a", "status": status })).expect_faults(&["status"]);
        }
    }

    fn a_case_has_at_most_three_references(app) {
        app.post("/api/v1/cases", &json!({ "name": "a", "references": ["1", "2", "3", "4"] })).expect_faults(&["references"]);
    }

    fn an_unknown_reference_is_a_fault_of_its_field(app) {
        let body = json!({ "name": "a", "client_id": 9_999_999, "location_id": 9_999_999, "region_id": 9_999_999,
                           "inquiry_id": 9_999_999, "order_id": 9_999_999 });
        let fields = ["client_id", "location_id", "region_id", "inquiry_id", "order_id"];
        app.post("/api/v1/cases", &body).expect_faults(&fields);
    }

    fn years_outside_1000_to_9999_are_refused(app) {
        let body = json!({ "name": "a", "opened_on": "0001-01-01", "due_on": "0999-12-31" });
        app.post("/api/v1/cases", &body).expect_faults(&["opened_on", "due_on"]);
        app.post("/api/v1/cases", &json!({ "name": "a", "due_on": "10000-01-01" })).expect_faults(&["due_on"]);
    }

    fn custom_fields_over_the_size_limit_are_refused(app) {
        let big = json!({ "name": "a", "custom_fields": { "text": "x".repeat(1 << 20) } });
        app.post("/api/v1/cases", &big).expect_faults(&["custom_fields"]);
    }
}
