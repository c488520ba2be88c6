//! History and timeline.

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    fn the_history_contains_the_creation_and_every_status_change(app) {
        let case = app.case("a");
        app.put(&TestApp::path(&case), &json!({ "name": "b" })).expect(200);
        app.transition(&case, "resolve");
        let history = app.get(&format!("{}/history", TestApp::path(&case))).expect(200);
        let changes = history["data"].as_array().unwrap();
        assert_eq!(changes.len(), 2);
        let first = json!({
            "from": null, "to": "open", "reason": null, "actor": changes[0]["actor"],
            "occurred_at": case["created_at"], "recorded_at": case["created_at"],
        });
        assert_eq!(changes[0], first);
        assert_eq!(changes[0]["actor"]["name"], "tester");
        assert!(changes[0]["actor"]["id"].as_str().unwrap().starts_with("usr_"));
        assert_eq!((&changes[1]["from"], &changes[1]["to"], &changes[1]["reason"]), (&json!("open"), &json!("resolved"), &json!("because")));
    }

    fn the_timeline_has_an_entry_for_every_command_newest_first(app) {
        let case = app.case("a");
        let path = TestApp::path(&case);
        for body in [json!({ "name": "b" }), json!({ "priority": "high" }), json!({ "tags": ["x"] }), json!({ "status": "closed" }), json!({ "status": "archived" })] {
            app.put(&path, &body).expect(200);
        }
        app.delete(&path);
        app.send("POST", &format!("{path}/restore"), b"").expect(200);
        let timeline = app.get(&format!("{path}/timeline")).expect(200);
        let entries = timeline["data"].as_array().unwrap();
        let kinds = entries.iter().map(|entry| entry["type"].as_str().unwrap()).collect::<Vec<_>>();
        let expected = ["case.restored", "case.deleted", "case.archived", "case.status_changed", "case.tagged", "case.priority_changed", "case.updated", "case.created"];
        assert_eq!(kinds, expected);
        assert_eq!(timeline["pagination"], json!({ "cursor": null, "has_more": false }));
        for entry in entries {
            let fields = entry.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
            assert_eq!(fields, ["id", "type", "title", "actor", "occurred_at", "recorded_at", "metadata"]);
            assert!(entry["id"].as_str().unwrap().starts_with("evt_"));
            assert!(entry["metadata"].is_object());
        }
    }

    fn a_timeline_is_paginated(app) {
        let case = app.case("a");
        for name in ["b", "c", "d", "e"] {
            app.put(&TestApp::path(&case), &json!({ "name": name })).expect(200);
        }
        let path = format!("{}/timeline", TestApp::path(&case));
        let all = app.get(&path).expect(200)["data"].clone();
        let (mut walked, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = app.get(&format!("{path}?limit=2&cursor={cursor}")).expect(200);
            walked.extend(page["data"].as_array().unwrap().clone());
            let Value::String(next) = &page["pagination"]["cursor"] else { break };
            next.clone_into(&mut cursor);
        }
        assert_eq!(Value::Array(walked), all);
        assert_eq!(all.as_array().unwrap().len(), 5);
    }

    fn a_cursor_of_another_list_is_refused(app) {
        let (case, other) = (app.case("a"), app.case("b"));
        app.put(&TestApp::path(&case), &json!({ "name": "c" })).expect(200);
        let page = app.get(&format!("{}/timeline?limit=1", TestApp::path(&case))).expect(200);
        let cursor = page["pagination"]["cursor"].as_str().unwrap();
        app.get(&format!("{}/timeline?cursor={cursor}", TestApp::path(&other))).expect_faults(&["cursor"]);
        app.get(&format!("{}/timeline?cursor=nonsense", TestApp::path(&case))).expect_faults(&["cursor"]);
        app.get(&format!("/api/v1/cases?cursor={cursor}")).expect_faults(&["cursor"]);
    }
}
