//! Case IQ: create, retrieve, replace and patch cases.

use serde_json::{Value, json};

use super::{create, expect_error, native, patch, path, version};
use crate::support::{TestApp, on_both_databases};

/// A case created from an empty object, without the fields that differ each time.
fn bare() -> Value {
    json!({
        "caseStatus": "Open", "lastWorkflowStatus": "Open", "lastTransitionReason": null, "closedDate": null,
        "canceled": false, "owner": null, "caseType": null, "description": null, "priority": "normal", "dueDate": null,
        "tags": [],
    })
}

fn without(mut object: Value, names: &[&str]) -> Value {
    for name in names {
        object.as_object_mut().unwrap().remove(*name);
    }
    object
}

const SET_BY_SERVER: [&str; 6] = ["id", "caseNumber", "createdDate", "updatedDate", "lastWorkflowId", "title"];

on_both_databases! {
    fn a_case_can_be_created_from_an_empty_object(app) {
        let answer = app.post("/case", &json!({}));
        let case = answer.expect(201);
        assert_eq!(answer.header("location"), Some(path(&case).as_str()));
        assert_eq!(answer.header("etag"), Some("\"1\""));
        assert_eq!(case["title"], case["caseNumber"], "without a title its number serves");
        assert!(case["createdDate"].as_str().unwrap().ends_with('Z'));
        assert_eq!(case["createdDate"], case["updatedDate"]);
        assert_eq!(case["lastWorkflowId"].as_str().unwrap().len(), 36);
        assert_eq!(without(case, &SET_BY_SERVER), bare());
    }

    fn a_new_case_has_the_values_that_were_sent(app) {
        let sent = json!({
            "title": "Expenses", "description": "line\nline", "priority": "urgent", "dueDate": "2026-12-31",
            "tags": [" a", "b", "a"], "caseType": "fraud", "owner": "Dana Reyes", "amount": 12.50, "nested": {"a": [null]},
        });
        let case = create(app, &sent);
        for (name, value) in sent.as_object().unwrap().iter().filter(|(name, _)| *name != "tags") {
            assert_eq!(case[name], *value, "{name}");
        }
        assert_eq!(case["tags"], json!(["a", "b"]));
        assert_eq!(app.get(&path(&case)).expect(200), case);
        let native = native(app, &case);
        assert_eq!(native["name"], "Expenses");
        assert_eq!(native["type"], "fraud");
        assert_eq!(native["due_on"], "2026-12-31");
        assert_eq!(native["custom_fields"], json!({"amount": 12.50, "nested": {"a": [null]}}));
    }

    fn read_only_fields_of_a_new_case_are_ignored(app) {
        let sent = json!({
            "id": "x", "caseNumber": 1, "createdDate": {}, "updatedDate": [], "caseStatus": "Closed", "lastWorkflowId": 7,
            "lastWorkflowStatus": 1, "lastTransitionReason": 2, "closedDate": "never", "canceled": "yes",
        });
        let case = create(app, &sent);
        assert_eq!(without(case.clone(), &SET_BY_SERVER), bare());
        assert_eq!(native(app, &case)["custom_fields"], json!({}));
    }

    fn the_vendor_paths_reach_the_same_cases(app) {
        let answer = app.post("/api-public/1.0/case", &json!({"title": "here"}));
        let case = answer.expect(201);
        let there = format!("/api-public/1.0{}", path(&case));
        assert_eq!(answer.header("location"), Some(there.as_str()));
        assert_eq!(app.get(&there).expect(200), app.get(&path(&case)).expect(200));
        let body = json!({"title": "there"});
        assert_eq!(app.put(&there, &body).expect(200)["title"], "there");
        assert_eq!(patch(app, &there, &json!({"x": 1})).expect(200)["x"], 1);
        let body = json!({"caseStatus": "Close", "workflowId": case["lastWorkflowId"]});
        assert_eq!(app.post(&format!("{there}/transition"), &body).expect(200)["caseStatus"], "Closed");
    }

    fn a_case_is_found_by_uuid_and_number_in_its_account_only(app) {
        let case = create(app, &json!({}));
        let number = native(app, &case)["number"].to_string();
        assert_eq!(app.get(&format!("/case/{number}")).expect(200), case);
        let other = app.another_account();
        for path in [path(&case), format!("/case/{number}"), "/case/0".into(), "/case/nonsense".into(), "/case/-1".into()] {
            assert_eq!(expect_error(&other.get(&path), 404, "NOT_FOUND"), "Case not found");
            expect_error(&other.put(&path, &json!({})), 404, "NOT_FOUND");
            expect_error(&patch(&other, &path, &json!({"a": 1})), 404, "NOT_FOUND");
        }
    }

    fn put_clears_the_fields_that_the_body_omits(app) {
        let full = json!({
            "title": "Expenses", "description": "text", "priority": "urgent", "dueDate": "2026-12-31", "tags": ["a"],
            "caseType": "fraud", "owner": "Dana", "own": {"a": 1}, "other": 2,
        });
        let case = create(app, &full);
        let replaced = app.put(&path(&case), &json!({"other": 3, "new": null})).expect(200);
        assert_eq!(replaced["title"], replaced["caseNumber"]);
        assert_eq!(without(replaced, &SET_BY_SERVER), {
            let mut expected = bare();
            expected["other"] = json!(3);
            expected["new"] = json!(null);
            expected
        });
    }

    fn put_keeps_the_fields_that_only_other_dialects_write(app) {
        let made = app.create(&json!({
            "name": "n", "file_number": "AZ-1", "dezernat": "II", "resolution": "r", "references": ["x"],
            "custom_fields": {"title": "hidden", "canceled": 1, "own": 2},
        }));
        let case = app.get(&format!("/case/{}", made["id"].as_str().unwrap())).expect(200);
        assert_eq!((&case["title"], &case["own"]), (&json!("n"), &json!(2)));
        app.put(&path(&case), &json!({"title": "m", "fileNumber": "mine"})).expect(200);
        let after = native(app, &case);
        assert_eq!(after["name"], "m");
        assert_eq!(after["custom_fields"], json!({"title": "hidden", "canceled": 1, "fileNumber": "mine"}));
        for field in ["file_number", "dezernat", "resolution", "references", "opened_on", "case_status"] {
            assert_eq!(after[field], made[field], "{field}");
        }
    }

    fn sending_a_read_case_back_changes_nothing(app) {
        let cases = [
            create(app, &json!({})),
            create(app, &json!({"title": "t", "tags": ["b", "a"], "x": {"y": [1.0, 1.00, 1e2]}, "priority": "low", "n": null})),
            app.create(&json!({"name": "n", "custom_fields": {"id": 1, "title": null, "own": "ü"}})),
        ];
        for case in cases {
            let case = app.get(&format!("/case/{}", case["id"].as_str().unwrap())).expect(200);
            let before = version(app, &case);
            assert_eq!(app.put(&path(&case), &case).expect(200), case);
            assert_eq!(patch(app, &path(&case), &json!({})).expect(200), case);
            assert_eq!(version(app, &case), before);
        }
    }

    fn a_patch_is_merged(app) {
        let case = create(app, &json!({"title": "t", "owner": "o", "tags": ["a", "b"], "own": {"a": {"b": 1, "c": 2}, "d": [1, 2]}}));
        let change = json!({
            "title": null, "tags": ["c"], "own": {"a": {"b": null, "e": {"f": null}}, "d": [3]}, "gone": null, "id": "ignored",
        });
        let patched = patch(app, &path(&case), &change).expect(200);
        assert_eq!(patched["own"], json!({"a": {"c": 2, "e": {}}, "d": [3]}));
        assert_eq!(patched["tags"], json!(["c"]));
        assert_eq!(patched["title"], patched["caseNumber"]);
        assert_eq!(patched["owner"], "o");
        assert_eq!(patched["id"], case["id"]);
        assert!(patched.get("gone").is_none());
        assert_eq!(patch(app, &path(&case), &json!({"own": null})).expect(200).get("own"), None);
        let plain = app.send("PATCH", &path(&case), b"{\"priority\": null, \"dueDate\": \"2027-01-02\"}").expect(200);
        assert_eq!((&plain["priority"], &plain["dueDate"]), (&json!("normal"), &json!("2027-01-02")));
    }

    fn every_change_is_in_the_timeline(app) {
        let case = create(app, &json!({"title": "t"}));
        patch(app, &path(&case), &json!({"own": 1})).expect(200);
        app.put(&path(&case), &json!({"title": "u"})).expect(200);
        let timeline = app.get(&format!("{}/timeline", TestApp::path(&case))).expect(200);
        let kinds = timeline["data"].as_array().unwrap().iter().map(|entry| entry["type"].as_str().unwrap().to_owned());
        assert_eq!(kinds.collect::<Vec<_>>(), ["case.updated", "case.updated", "case.created"]);
    }

    fn if_match_and_if_none_match_are_evaluated(app) {
        let case = create(app, &json!({"title": "t"}));
        assert_eq!(app.with("if-none-match", "\"1\"").get(&path(&case)).status, 304);
        let pinned = app.with("if-match", "\"1\"");
        assert_eq!(pinned.put(&path(&case), &json!({"title": "u"})).header("etag"), Some("\"2\""));
        expect_error(&pinned.put(&path(&case), &json!({"title": "v"})), 412, "PRECONDITION_FAILED");
        expect_error(&patch(&pinned, &path(&case), &json!({"title": "v"})), 412, "PRECONDITION_FAILED");
    }

    fn a_deleted_case_is_not_found(app) {
        let case = create(app, &json!({}));
        app.delete(&TestApp::path(&case)).expect(204);
        expect_error(&app.get(&path(&case)), 404, "NOT_FOUND");
        expect_error(&app.put(&path(&case), &json!({})), 404, "NOT_FOUND");
    }
}
