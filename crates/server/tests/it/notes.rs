//! Notes on cases.

use docket_domain::scope::Scope;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

fn notes(case: &Value) -> String {
    format!("{}/notes", TestApp::path(case))
}

fn note(app: &TestApp, case: &Value, body: &str) -> (String, Value) {
    let note = app.post(&notes(case), &json!({ "body": body })).expect(201);
    (format!("/api/v1/notes/{}", note["id"].as_str().unwrap()), note)
}

on_both_databases! {
    fn a_note_has_an_author_and_the_timeline_keeps_every_version(app) {
        let case = app.case("a");
        let (path, note) = note(app, &case, "called\nthe client");
        let fields = note.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(fields, ["id", "case_id", "body", "author", "created_at", "updated_at"]);
        assert_eq!((&note["case_id"], &note["author"]["name"]), (&case["id"], &json!("tester")));
        assert_eq!(app.get(&notes(&case)).expect(200)["data"], json!([note]));
        let edited = app.put(&path, &json!({ "body": "called twice" })).expect(200);
        assert_eq!((&edited["body"], &edited["created_at"]), (&json!("called twice"), &note["created_at"]));
        assert_eq!(app.put(&path, &json!({ "body": "called twice" })).expect(200), edited);
        app.delete(&path).expect(204);
        app.delete(&path).expect_error(404, "NOTE_NOT_FOUND");
        app.put(&path, &json!({ "body": "x" })).expect_error(404, "NOTE_NOT_FOUND");
        let timeline = app.get(&format!("{}/timeline", TestApp::path(&case))).expect(200);
        let entries = timeline["data"].as_array().unwrap().iter();
        let entries = entries.map(|entry| (entry["type"].as_str().unwrap(), entry["metadata"]["body"].clone())).collect::<Vec<_>>();
        assert_eq!(entries[..3], [
            ("note.removed", Value::Null), ("note.updated", json!("called twice")), ("note.added", json!("called\nthe client")),
        ]);
    }

    fn notes_are_paginated(app) {
        let case = app.case("a");
        for body in ["a", "b", "c"] {
            note(app, &case, body);
        }
        let first = app.get(&format!("{}?limit=2", notes(&case))).expect(200);
        assert_eq!((&first["data"][0]["body"], &first["data"][1]["body"]), (&json!("c"), &json!("b")));
        let cursor = first["pagination"]["cursor"].as_str().unwrap();
        let second = app.get(&format!("{}?limit=2&cursor={cursor}", notes(&case))).expect(200);
        assert_eq!((&second["data"][0]["body"], &second["pagination"]["has_more"]), (&json!("a"), &json!(false)));
    }

    fn an_invalid_body_is_reported_before_an_unknown_note(app) {
        let case = app.case("a");
        let (path, _) = note(app, &case, "a");
        for wrong in [json!({}), json!({ "body": " " }), json!({ "body": null }), json!({ "body": 7 }), json!({ "body": "a\u{0}" })] {
            app.post(&notes(&case), &wrong).expect_faults(&["body"]);
            app.put(&path, &wrong).expect_faults(&["body"]);
            app.put("/api/v1/notes/nonsense", &wrong).expect_faults(&["body"]);
        }
        app.post(&notes(&case), &json!({ "body": "a", "author": "me" })).expect_faults(&["author"]);
        app.another_account().put(&path, &json!({ "body": "x" })).expect_error(404, "NOTE_NOT_FOUND");
        app.with_scopes(&[Scope::CasesRead]).delete(&path).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        app.delete(&TestApp::path(&case)).expect(204);
        app.get(&notes(&case)).expect_error(404, "CASE_NOT_FOUND");
        app.put(&path, &json!({ "body": "x" })).expect_error(404, "NOTE_NOT_FOUND");
        app.delete(&path).expect_error(404, "NOTE_NOT_FOUND");
    }
}
