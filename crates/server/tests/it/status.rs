//! `PUT` with `status`: phase changes through the workflow.

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

fn put(app: &TestApp, case: &Value, body: Value) -> Value {
    app.put(&TestApp::path(case), &body).expect(200)
}

on_both_databases! {
    fn status_closed_performs_the_close_transition(app) {
        let case = app.case("a");
        let closed = put(app, &case, json!({ "status": "closed", "description": "Case settled out of court." }));
        assert_eq!((&closed["status"], &closed["case_status"]["key"]), (&json!("closed"), &json!("closed")));
        assert_eq!(closed["description"], "Case settled out of court.");
        assert!(closed["closed_at"].is_string());
        assert_eq!(put(app, &case, json!({ "status": "closed" })), closed);
    }

    fn status_active_on_a_closed_case_performs_the_reopen_transition(app) {
        let case = app.case("a");
        put(app, &case, json!({ "status": "closed" }));
        let open = put(app, &case, json!({ "status": "active" }));
        assert_eq!((&open["status"], &open["case_status"]["key"]), (&json!("active"), &json!("open")));
        assert_eq!((&open["closed_at"], &open["series_instance"]), (&Value::Null, &json!(2)));
        put(app, &case, json!({ "status": "closed" }));
        put(app, &case, json!({ "status": "active", "reason": "new evidence" }));
        let history = app.get(&format!("{}/history", TestApp::path(&case))).expect(200);
        let reasons = history["data"].as_array().unwrap().iter().map(|change| change["reason"].clone()).collect::<Vec<_>>();
        assert_eq!(json!(reasons), json!([null, null, "reopened through the API", null, "new evidence"]));
    }

    fn status_archived_needs_a_closed_case(app) {
        let case = app.case("a");
        app.put(&TestApp::path(&case), &json!({ "status": "archived" })).expect_error(409, "CASE_NOT_CLOSED");
        put(app, &case, json!({ "status": "closed" }));
        let archived = put(app, &case, json!({ "status": "archived" }));
        assert_eq!((&archived["status"], &archived["case_status"]["key"]), (&json!("archived"), &json!("closed")));
        assert!(archived["archived_at"].is_string());
    }

    fn another_status_takes_a_case_out_of_the_archive(app) {
        let case = app.case("a");
        for status in ["closed", "archived", "closed"] {
            put(app, &case, json!({ "status": status }));
        }
        let closed = put(app, &case, json!({}));
        assert_eq!((&closed["status"], &closed["archived_at"]), (&json!("closed"), &Value::Null));
        put(app, &case, json!({ "status": "archived" }));
        let open = put(app, &case, json!({ "status": "active" }));
        assert_eq!((&open["status"], &open["archived_at"]), (&json!("active"), &Value::Null));
    }

    fn a_cancelled_case_is_closed_and_can_be_archived(app) {
        let case = app.case("a");
        assert_eq!(app.transition(&case, "cancel")["status"], "closed");
        assert_eq!(put(app, &case, json!({ "status": "archived" }))["status"], "archived");
    }
}
