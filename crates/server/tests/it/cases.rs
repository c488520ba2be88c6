//! Native dialect: create, read, update, delete and restore cases.

use serde_json::{Value, json};

use crate::{
    support::{TestApp, on_both_databases},
    trackops::trackops,
};

on_both_databases! {
    fn a_new_case_has_every_field_of_the_case_object(app) {
        let answer = app.post("/api/v1/cases", &json!({ "name": "Smith v. Jones", "description": "a claim" }));
        let case = answer.expect(201);
        let (id, number) = (case["id"].clone(), case["number"].clone());
        let opened_on = case["created_at"].as_str().unwrap()[..10].to_owned();
        let case_number = format!("{}-{:05}-01", &opened_on[..7], number.as_i64().unwrap());
        let expected = json!({
            "id": id, "number": number, "case_number": case_number, "series_number": number, "series_instance": 1,
            "name": "Smith v. Jones", "file_number": null, "status": "active",
            "case_status": { "id": 1, "key": "open", "label": "Open", "color": "#2563EB", "is_terminal": false },
            "type": null, "dezernat": null, "priority": "normal", "tags": [], "opened_on": opened_on, "due_on": null,
            "resolution": null, "resolved_at": null, "closed_at": null, "archived_at": null, "parent": null, "merged_into": null,
            "is_request": false, "references": [], "customer_id": null, "contractor_id": null, "client_id": null,
            "location_id": null, "region_id": null, "inquiry_id": null, "order_id": null, "offer_id": null,
            "invoice_id": null, "workflow_id": case["workflow_id"], "version": 1, "created_at": case["created_at"],
            "updated_at": case["created_at"], "description": "a claim", "parties": [], "staff": [], "custom_fields": {},
        });
        assert_eq!(case, expected);
        assert!(case["created_at"].as_str().unwrap().ends_with('Z'));
        assert_eq!(answer.header("location"), Some(TestApp::path(&case).as_str()));
        assert_eq!(app.get(&TestApp::path(&case)).expect(200), expected);
    }

    fn every_writable_field_is_stored(app) {
        let body = json!({
            "name": "Müller ./. Özdemir", "file_number": "AZ-2026-042", "type": "litigation", "description": "line\nline",
            "dezernat": "Employment Law", "status": "active", "priority": "urgent", "tags": ["appeal", "berlin"],
            "opened_on": "2011-08-17", "due_on": "2026-12-31", "resolution": "none yet", "is_request": true,
            "references": ["CLAIM-1", null, "POLICE-3"], "customer_id": 7, "contractor_id": 8, "offer_id": 9,
            "invoice_id": 10, "custom_fields": { "court": "ArbG Berlin", "nested": [1, { "deep": null }] },
        });
        let case = app.create(&body);
        for (field, value) in body.as_object().unwrap() {
            assert_eq!(&case[field], value, "{field}");
        }
        assert!(case["case_number"].as_str().unwrap().starts_with("2011-08-"));
        assert_eq!(app.get(&TestApp::path(&case)).expect(200), case);
    }

    fn numbers_in_custom_fields_keep_every_digit(app) {
        let fields = r#"{"amount":1.10,"big":123456789012345678901234567890,"small":1e-7,"precise":0.1000000000000000055511151231257827}"#;
        let answer = app.post_text("/api/v1/cases", &format!(r#"{{"name":"a","custom_fields":{fields}}}"#));
        let case = answer.expect(201);
        for number in ["1.10", "123456789012345678901234567890", "0.1000000000000000055511151231257827"] {
            let read = app.get(&TestApp::path(&case));
            assert!(String::from_utf8(read.body).unwrap().contains(number), "{number}");
        }
    }

    fn a_case_is_found_by_uuid_and_number(app) {
        let case = app.case("a");
        assert_eq!(app.get(&format!("/api/v1/cases/{}", case["number"])).expect(200), case);
        assert_eq!(app.get(&TestApp::path(&case)).expect(200), case);
        let upper = TestApp::path(&case).to_uppercase().replace("/API/V1/CASES", "/api/v1/cases");
        assert_eq!(app.get(&upper).expect(200), case);
    }

    fn an_unknown_or_malformed_id_is_not_found(app) {
        for id in ["999999999", "0", "-1", "0190-not-a-uuid", "550e8400-e29b-41d4-a716-446655440000", "a%00b", "%FF",
                   "99999999999999999999", "1.0", "%20"] {
            app.get(&format!("/api/v1/cases/{id}")).expect_error(404, "CASE_NOT_FOUND");
            app.put(&format!("/api/v1/cases/{id}"), &json!({})).expect_error(404, "CASE_NOT_FOUND");
            app.delete(&format!("/api/v1/cases/{id}")).expect_error(404, "CASE_NOT_FOUND");
            app.get(&format!("/api/v1/cases/{id}/history")).expect_error(404, "CASE_NOT_FOUND");
        }
    }

    fn an_invalid_body_is_reported_before_an_unknown_case(app) {
        app.put("/api/v1/cases/nonsense", &json!({ "name": 5 })).expect_faults(&["name"]);
    }

    fn an_update_changes_only_the_fields_in_the_body(app) {
        let case = app.create(&json!({ "name": "a", "type": "litigation", "due_on": "2026-12-31", "tags": ["x"] }));
        let changed = app.put(&TestApp::path(&case), &json!({ "description": "b", "priority": "high" })).expect(200);
        let mut expected = case.clone();
        expected["description"] = json!("b");
        expected["priority"] = json!("high");
        expected["version"] = json!(2);
        expected["updated_at"] = changed["updated_at"].clone();
        assert_eq!(changed, expected);
        assert_ne!(changed["updated_at"], case["updated_at"]);
        assert_eq!(app.get(&TestApp::path(&case)).expect(200), expected);
    }

    fn null_clears_an_optional_field(app) {
        let full = json!({
            "name": "a", "file_number": "1", "type": "t", "description": "d", "dezernat": "z", "priority": "high",
            "tags": ["x"], "due_on": "2026-12-31", "resolution": "r", "references": ["1", "2"], "customer_id": 7,
            "contractor_id": 8, "offer_id": 9, "invoice_id": 10, "custom_fields": { "a": 1 },
        });
        let case = app.create(&full);
        let nulls = full.as_object().unwrap().keys().filter(|field| *field != "name").map(|field| (field.clone(), Value::Null));
        let cleared = app.put(&TestApp::path(&case), &Value::Object(nulls.collect())).expect(200);
        let empty = app.case("a");
        for field in full.as_object().unwrap().keys() {
            assert_eq!(cleared[field], empty[field], "{field}");
        }
    }

    fn null_does_not_clear_a_required_field(app) {
        let case = app.case("a");
        let body = json!({ "name": null, "opened_on": null, "is_request": null, "status": null });
        app.put(&TestApp::path(&case), &body).expect_faults(&["name", "opened_on", "is_request", "status"]);
    }

    fn an_update_that_changes_nothing_adds_no_log_entry(app) {
        let case = app.create(&json!({ "name": "a", "tags": ["x"] }));
        for body in [json!({}), json!({ "name": "a" }), json!({ "tags": ["x", "x"], "status": "active", "due_on": null })] {
            assert_eq!(app.put(&TestApp::path(&case), &body).expect(200), case);
        }
        let timeline = app.get(&format!("{}/timeline", TestApp::path(&case))).expect(200);
        assert_eq!(timeline["data"].as_array().unwrap().len(), 1);
    }

    fn an_update_with_one_refused_field_changes_nothing(app) {
        let case = app.case("a");
        let body = json!({ "description": "b", "status": "archived" });
        app.put(&TestApp::path(&case), &body).expect_error(409, "CASE_NOT_CLOSED");
        assert_eq!(app.get(&TestApp::path(&case)).expect(200), case);
    }

    fn a_deleted_case_is_not_found_by_any_request(app) {
        let case = app.case("gone");
        let path = TestApp::path(&case);
        assert_eq!(app.delete(&path).status, 204);
        for read in ["", "/history", "/timeline", "/transitions"] {
            app.get(&format!("{path}{read}")).expect_error(404, "CASE_NOT_FOUND");
        }
        app.put(&path, &json!({ "name": "b" })).expect_error(404, "CASE_NOT_FOUND");
        app.post(&format!("{path}/transitions"), &json!({ "transition": "close" })).expect_error(404, "CASE_NOT_FOUND");
        app.delete(&path).expect_error(404, "CASE_NOT_FOUND");
        assert_eq!(app.names("search=gone"), Vec::<String>::new());
        assert_eq!(app.names(&format!("id={}", case["number"])), Vec::<String>::new());
    }

    fn a_restored_case_has_its_former_values(app) {
        let case = app.create(&json!({ "name": "a", "tags": ["x"] }));
        let path = TestApp::path(&case);
        app.delete(&path);
        let restored = app.send("POST", &format!("{path}/restore"), b"").expect(200);
        assert_eq!((&restored["name"], &restored["tags"], &restored["version"]), (&json!("a"), &json!(["x"]), &json!(3)));
        assert_eq!(app.get(&path).expect(200), restored);
    }

    fn a_case_that_is_not_deleted_cannot_be_restored(app) {
        let case = app.case("a");
        let path = format!("{}/restore", TestApp::path(&case));
        app.send("POST", &path, b"").expect_error(409, "CASE_NOT_DELETED");
        app.send("POST", "/api/v1/cases/999999999/restore", b"").expect_error(404, "CASE_NOT_FOUND");
    }

    fn a_follow_up_gets_the_next_instance_of_its_parents_series(app) {
        let parent = app.case("parent");
        let child = app.create(&json!({ "name": "child", "parent": parent["id"] }));
        assert_eq!((&child["parent"], &child["series_number"]), (&parent["id"], &parent["number"]));
        assert_eq!(child["series_instance"], 2);
        let second = app.create(&json!({ "name": "second", "parent": parent["number"] }));
        assert_eq!(second["series_instance"], 3);
        assert_eq!(app.get(&TestApp::path(&child)).expect(200), child);
    }

    fn an_unknown_parent_is_a_fault_of_its_field(app) {
        for parent in [json!(999_999_999), json!("550e8400-e29b-41d4-a716-446655440000"), json!("nonsense"), json!(true)] {
            app.post("/api/v1/cases", &json!({ "name": "a", "parent": parent })).expect_faults(&["parent"]);
        }
    }

    fn a_parent_is_set_at_creation_only(app) {
        let (parent, case) = (app.case("parent"), app.case("a"));
        app.put(&TestApp::path(&case), &json!({ "parent": parent["id"] })).expect_faults(&["parent"]);
    }

    fn a_location_belongs_to_the_client_of_its_case(app) {
        let client = |body| trackops(app).post("/api/v1/clients", &body).expect(201)["id"].clone();
        let (acme, other) = (client(json!({ "name": "Acme" })), client(json!({ "name": "Other" })));
        let boston = client(json!({ "name": "Boston", "parent_id": acme }));
        let of_other = TestApp::path(&app.create(&json!({ "name": "a", "client_id": other })));
        app.put(&of_other, &json!({ "location_id": boston })).expect_faults(&["location_id"]);
        let alone = app.case("b");
        let moved = app.put(&TestApp::path(&alone), &json!({ "location_id": boston })).expect(200);
        assert_eq!((&moved["client_id"], &moved["location_id"]), (&acme, &boston));
        let created = app.create(&json!({ "name": "c", "location_id": boston }));
        assert_eq!((&created["client_id"], &created["location_id"]), (&acme, &boston));
        let path = TestApp::path(&created);
        app.put(&path, &json!({ "client_id": other })).expect_faults(&["client_id"]);
    }
}
