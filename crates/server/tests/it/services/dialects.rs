//! Shared cases: a change in the services dialect is visible in the native dialect, and the reverse.

use serde_json::json;

use super::{case, done, failed, path, read};
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    fn a_case_created_here_can_be_read_and_changed_in_the_native_dialect(app) {
        let case = case(app, "made here");
        let native = format!("/api/v1/cases/{}", case["uuid"].as_str().unwrap());
        let seen = app.get(&native).expect(200);
        assert_eq!((&seen["number"], &seen["name"], &seen["customer_id"]), (&case["id"], &json!("made here"), &json!(123)));
        app.put(&native, &json!({ "name": "renamed there", "status": "closed", "custom_fields": { "a": 1 } })).expect(200);
        let seen = read(app, &path(&case))["data"].clone();
        assert_eq!((&seen["title"], &seen["status"], &seen["metadata"]), (&json!("renamed there"), &json!("closed"), &json!({ "a": 1 })));
        assert_eq!(seen["status_history"].as_array().unwrap().len(), 2);
    }

    fn a_case_created_in_the_native_dialect_can_be_read_and_changed_here(app) {
        let native = app.create(&json!({ "name": "made there", "tags": ["x"] }));
        let case = read(app, &format!("/api/cases/{}", native["number"]))["data"].clone();
        assert_eq!((&case["title"], &case["uuid"], &case["tags"]), (&json!("made there"), &native["id"], &json!(["x"])));
        done(app, &case, &json!({ "action": "resolve", "resolution": "done" }));
        let seen = app.get(&TestApp::path(&native)).expect(200);
        assert_eq!((&seen["case_status"]["key"], &seen["resolution"]), (&json!("resolved"), &json!("done")));
        let history = app.get(&format!("{}/history", TestApp::path(&native))).expect(200);
        assert_eq!(history["data"].as_array().unwrap().len(), 2);
    }

    fn a_case_deleted_in_one_dialect_is_hidden_in_the_other(app) {
        let here = case(app, "deleted here");
        app.delete(&path(&here)).expect(200);
        app.get(&format!("/api/v1/cases/{}", here["id"])).expect_error(404, "CASE_NOT_FOUND");
        app.post(&format!("/api/v1/cases/{}/restore", here["id"]), &json!({})).expect(200);
        read(app, &path(&here));
        let there = app.case("deleted there");
        assert_eq!(app.delete(&TestApp::path(&there)).status, 204);
        failed(&app.get(&format!("/api/cases/{}", there["number"])), 404);
        assert_eq!(read(app, "/api/cases/list")["pagination"]["total"], 1);
    }

    fn the_native_dialect_links_to_inquiries_and_orders(app) {
        let inquiry = app.post("/api/inquiries", &json!({ "user_id": 1 })).expect(201)["data"]["id"].clone();
        let native = app.create(&json!({ "name": "from there", "inquiry_id": inquiry }));
        assert_eq!(native["inquiry_id"], inquiry);
        assert_eq!(read(app, "/api/cases/stats")["data"]["by_source"]["inquiry"], 1);
        let wrong = app.post("/api/v1/cases", &json!({ "name": "x", "inquiry_id": 999_999_999, "order_id": inquiry }));
        wrong.expect_faults(&["inquiry_id", "order_id"]);
    }
}
