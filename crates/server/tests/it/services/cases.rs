//! Services dialect: create, get, partial update, soft delete, restore and history of cases.

use docket_domain::scope::Scope;
use serde_json::{Value, json};

use super::{case, create, failed, faults, keys, move_to, path, read};
use crate::support::{TestResponse, on_both_databases};

const FIELDS: [&str; 24] = [
    "id",
    "uuid",
    "case_number",
    "customer_id",
    "contractor_id",
    "title",
    "description",
    "status",
    "priority",
    "parent_case_id",
    "initial_inquiry_id",
    "order_id",
    "offer_id",
    "invoice_id",
    "tags",
    "metadata",
    "resolution",
    "due_on",
    "resolved_at",
    "closed_at",
    "created_by",
    "created_at",
    "updated_at",
    "deleted_at",
];

on_both_databases! {
    fn a_new_case_has_every_field(app) {
        let body = r#"{
            "customer_id": 123, "title": "a leak", "description": "since Monday", "status": "in_progress",
            "priority": "high", "tags": ["hvac", "hvac", " roof "], "contractor_id": 9, "offer_id": 4, "invoice_id": 5,
            "metadata": { "floor": 3, "exact": 1.10 }, "due_on": "2030-01-31"
        }"#;
        let answer = app.post_text("/api/cases", body);
        let text = String::from_utf8(answer.body.clone()).unwrap();
        assert!(text.contains("\"exact\":1.10"), "{text}");
        let made = answer.expect(201);
        assert_eq!(made["message"], "Case created");
        let case = &made["data"];
        assert_eq!(answer.header("location"), Some(path(case).as_str()));
        assert_eq!(keys(case), FIELDS);
        let expected = json!({
            "customer_id": 123, "contractor_id": 9, "title": "a leak", "description": "since Monday",
            "status": "in_progress", "priority": "high", "parent_case_id": null, "initial_inquiry_id": null,
            "order_id": null, "offer_id": 4, "invoice_id": 5, "tags": ["hvac", "roof"], "resolution": null,
            "due_on": "2030-01-31", "resolved_at": null, "closed_at": null, "created_by": "tester", "deleted_at": null,
        });
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&case[field], value, "{field}");
        }
        assert!(case["id"].is_i64());
        let history = read(app, &format!("{}/history", path(case)));
        assert_eq!(history["count"], 1);
        assert_eq!(history["data"][0]["from_status"], Value::Null);
        assert_eq!(history["data"][0]["to_status"], "in_progress");
    }

    fn status_and_priority_default_to_open_and_normal(app) {
        let case = case(app, "plain");
        assert_eq!((&case["status"], &case["priority"]), (&json!("open"), &json!("normal")));
        assert_eq!((&case["tags"], &case["metadata"]), (&json!([]), &json!({})));
    }

    fn all_faults_of_a_new_case_are_named_at_once(app) {
        let body = json!({
            "title": "", "status": "closed", "priority": "whatever", "tags": "hvac", "contractor_id": -1,
            "parent_case_id": 999_999_999, "initial_inquiry_id": 999_999_999, "order_id": "x", "offer_id": 0,
            "metadata": [], "due_on": "31.1.2030", "name": "unknown here",
        });
        let answer = app.post("/api/cases", &body);
        assert_eq!(faults(&answer), [
            "contractor_id", "customer_id", "due_on", "initial_inquiry_id", "metadata", "name", "offer_id", "order_id",
            "parent_case_id", "priority", "status", "tags", "title",
        ]);
        let errors = &answer.json()["errors"];
        assert_eq!(errors["customer_id"], json!(["is required"]));
        assert_eq!(errors["title"], json!(["must not be empty"]));
        assert_eq!(errors["initial_inquiry_id"], json!(["unknown inquiry"]));
        assert!(answer.json().get("allowed_transitions").is_none());
        assert_eq!(read(app, "/api/cases/list")["pagination"]["total"], 0);
    }

    fn a_body_must_be_a_json_object(app) {
        for text in ["{", "[]", "7", "\"x\"", "{\"title\": \"\u{0}\"}"] {
            let error = failed(&app.post_text("/api/cases", text), 422);
            assert!(error.get("errors").is_none(), "{error}");
        }
        assert_eq!(faults(&app.post_text("/api/cases", "")), ["customer_id", "title"]);
        assert_eq!(faults(&app.post("/api/cases", &json!({ "customer_id": 1, "title": "x".repeat(501) }))), ["title"]);
        assert_eq!(faults(&app.post("/api/cases", &json!({ "customer_id": "1", "title": 7 }))), ["customer_id", "title"]);
    }

    fn a_case_is_found_by_number_and_uuid_only(app) {
        let case = case(app, "found");
        let by_uuid = format!("/api/cases/{}", case["uuid"].as_str().unwrap());
        assert_eq!(read(app, &path(&case)), read(app, &by_uuid));
        for id in ["999999999", "0", "-1", "x", "01900000-0000-7000-8000-000000000000", "99999999999999999999", "%00"] {
            let error = failed(&app.get(&format!("/api/cases/{id}")), 404);
            assert_eq!(error["message"], "Case not found");
        }
        failed(&app.another_account().get(&path(&case)), 404);
    }

    fn a_case_shows_its_relations_and_allowed_transitions(app) {
        let parent = case(app, "parent");
        let child = app.post(&format!("{}/follow-up", path(&parent)), &json!({})).expect(201)["data"].clone();
        let shown = read(app, &path(&child))["data"].clone();
        assert_eq!(shown["parent_case"]["id"], parent["id"]);
        assert_eq!(shown["follow_ups"], json!([]));
        assert_eq!(shown["status_history"][0]["case_id"], child["id"]);
        let open = |name: &str, to: &str, reason: bool| {
            json!({ "from_status": "open", "to_status": to, "name": name, "requires_reason": reason })
        };
        assert_eq!(shown["allowed_transitions"], json!([
            open("start", "in_progress", false), open("wait_for_customer", "pending_customer", false),
            open("wait_for_contractor", "pending_contractor", false), open("resolve", "resolved", false),
            open("close", "closed", false), open("cancel", "cancelled", false),
        ]));
        let shown = read(app, &path(&parent))["data"].clone();
        assert_eq!(shown["parent_case"], Value::Null);
        assert_eq!(shown["follow_ups"].as_array().unwrap().iter().map(|case| &case["id"]).collect::<Vec<_>>(), [&child["id"]]);
        app.delete(&path(&parent)).expect(200);
        let orphan = read(app, &path(&child))["data"].clone();
        assert_eq!((&orphan["parent_case"], &orphan["parent_case_id"]), (&Value::Null, &parent["id"]));
    }

    fn an_update_changes_only_the_fields_in_the_body(app) {
        let case = create(app, &json!({ "customer_id": 1, "title": "before", "tags": ["a"], "metadata": { "a": 1 } }));
        let answer = app.put(&path(&case), &json!({ "title": "after", "priority": "urgent", "resolution": "none yet" }));
        let after = answer.expect(200)["data"].clone();
        assert_eq!(after["title"], "after");
        assert_eq!((&after["priority"], &after["resolution"]), (&json!("urgent"), &json!("none yet")));
        assert_eq!((&after["tags"], &after["metadata"]), (&json!(["a"]), &json!({ "a": 1 })));
        let cleared = app.put(&path(&case), &json!({ "resolution": null, "tags": null, "metadata": { "b": 2 } })).expect(200);
        assert_eq!(cleared["data"]["resolution"], Value::Null);
        assert_eq!((&cleared["data"]["tags"], &cleared["data"]["metadata"]), (&json!([]), &json!({ "b": 2 })));
    }

    fn sending_a_read_case_back_changes_nothing(app) {
        let parent = case(app, "parent");
        let child = app.post(&format!("{}/follow-up", path(&parent)), &json!({})).expect(201)["data"].clone();
        let shown = read(app, &path(&child))["data"].clone();
        let after = app.put(&path(&child), &shown).expect(200)["data"].clone();
        assert_eq!(after["updated_at"], shown["updated_at"]);
        let native = app.get(&format!("/api/v1/cases/{}", child["id"])).expect(200);
        assert_eq!(native["version"], 1);
    }

    fn a_status_in_an_update_goes_through_the_workflow(app) {
        let case = case(app, "moved");
        let moved = app.put(&path(&case), &json!({ "status": "resolved", "reason": "by phone" })).expect(200);
        assert_eq!(moved["data"]["status"], "resolved");
        assert!(moved["data"]["resolved_at"].is_string());
        let refused = app.put(&path(&case), &json!({ "status": "pending_customer", "title": "not this either" }));
        assert_eq!(faults(&refused), ["status"]);
        assert_eq!(read(app, &path(&case))["data"]["title"], "moved");
        assert_eq!(faults(&app.put(&path(&case), &json!({ "status": "whatever" }))), ["status"]);
        let history = read(app, &format!("{}/history", path(&case)));
        assert_eq!(history["data"][1]["reason"], "by phone");
    }

    fn all_faults_of_an_update_are_named_at_once(app) {
        let case = case(app, "wrong");
        let body = json!({
            "title": null, "customer_id": 0, "status": "whatever", "priority": "whatever", "tags": [7],
            "order_id": 999_999_999, "unknown": 1, "resolution": "\u{1}",
        });
        let answer = app.put(&path(&case), &body);
        let expected = ["customer_id", "order_id", "priority", "resolution", "status", "tags", "title", "unknown"];
        assert_eq!(faults(&answer), expected);
        assert_eq!(faults(&app.put(&path(&case), &json!({ "parent_case_id": case["id"] }))), ["parent_case_id"]);
        // An invalid body is reported before an unknown case.
        assert_eq!(faults(&app.put("/api/cases/999999999", &json!({ "title": 7 }))), ["title"]);
        failed(&app.put("/api/cases/999999999", &json!({ "title": "fine" })), 404);
    }

    fn a_deleted_case_is_not_found_until_it_is_restored(app) {
        let case = case(app, "fleeting");
        let deleted = app.delete(&path(&case)).expect(200);
        assert!(deleted["data"]["deleted_at"].is_string());
        failed(&app.delete(&path(&case)), 404);
        let gone: [fn(&crate::support::Client, &str) -> TestResponse; 5] = [
            |app, path| app.get(path),
            |app, path| app.get(&format!("{path}/history")),
            |app, path| app.put(path, &json!({ "title": "x" })),
            |app, path| app.post(&format!("{path}/action"), &json!({ "action": "close" })),
            |app, path| app.post(&format!("{path}/follow-up"), &json!({})),
        ];
        for ask in gone {
            failed(&ask(app, &path(&case)), 404);
        }
        assert_eq!(read(app, "/api/cases/list")["pagination"]["total"], 0);
        assert_eq!(read(app, "/api/cases/stats")["data"]["total"], 0);
        let restored = app.post(&format!("{}/restore", path(&case)), &json!({})).expect(200);
        assert_eq!(restored["data"]["deleted_at"], Value::Null);
        failed(&app.post(&format!("{}/restore", path(&case)), &json!({})), 409);
        failed(&app.post("/api/cases/999999999/restore", &json!({})), 404);
        assert_eq!(read(app, "/api/cases/stats")["data"]["total"], 1);
    }

    fn the_history_has_every_status_change_once(app) {
        let case = case(app, "with a history");
        for status in ["in_progress", "resolved", "in_progress", "closed", "open"] {
            move_to(app, &case, status);
        }
        move_to(app, &case, "open");
        app.put(&path(&case), &json!({ "title": "renamed" })).expect(200);
        let history = read(app, &format!("{}/history", path(&case)));
        assert_eq!(history["count"], 6);
        let rows = history["data"].as_array().unwrap();
        assert_eq!(keys(&rows[0]), ["id", "case_id", "from_status", "to_status", "reason", "changed_by", "created_at"]);
        let steps = rows.iter().map(|row| (row["from_status"].as_str(), row["to_status"].as_str().unwrap()));
        assert_eq!(steps.collect::<Vec<_>>(), [
            (None, "open"), (Some("open"), "in_progress"), (Some("in_progress"), "resolved"),
            (Some("resolved"), "in_progress"), (Some("in_progress"), "closed"), (Some("closed"), "open"),
        ]);
        assert!(rows.iter().all(|row| row["changed_by"] == "tester" && row["case_id"] == case["id"]));
        assert_eq!(read(app, &path(&case))["data"]["status_history"], history["data"]);
    }

    fn credentials_and_scopes_are_checked_first(app) {
        let case = case(app, "guarded");
        let reader = app.with_scopes(&[Scope::CasesRead]);
        let writer = app.with_scopes(&[Scope::CasesWrite]);
        read(&reader, &path(&case));
        failed(&writer.get(&path(&case)), 403);
        failed(&reader.post_text("/api/cases", "{"), 403);
        failed(&reader.put(&path(&case), &json!({})), 403);
        failed(&writer.delete(&path(&case)), 403);
        failed(&writer.post(&format!("{}/restore", path(&case)), &json!({})), 403);
        failed(&reader.post("/api/inquiries", &json!({})), 403);
        failed(&reader.post("/api/orders/place", &json!({})), 403);
        failed(&app.anonymous().get("/api/cases/list"), 401);
        failed(&app.anonymous().post_text("/api/cases", "{"), 401);
    }

    fn fixed_path_segments_are_not_ids(app) {
        for word in ["list", "timeline", "stats"] {
            let answer = app.put(&format!("/api/cases/{word}"), &json!({}));
            failed(&answer, 405);
            assert_eq!(answer.header("allow"), Some("GET, HEAD"));
        }
        failed(&app.get("/api/cases/meta"), 404);
        failed(&app.get("/api/cases/customer"), 404);
        failed(&app.get("/api/cases/meta/unknown"), 404);
        failed(&app.send("PATCH", "/api/cases/list", b""), 405);
        failed(&app.get("/api/cases"), 405);
        failed(&app.get("/api/orders/place"), 405);
        failed(&app.get("/api/unknown"), 404);
    }
}
