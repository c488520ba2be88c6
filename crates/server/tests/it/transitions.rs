//! Native dialect: `POST` and `GET` of `…/transitions`.

use serde_json::{Value, json};

use crate::support::{TestApp, TestResponse, on_both_databases};

fn post(app: &TestApp, case: &Value, body: Value) -> TestResponse {
    app.post(&format!("{}/transitions", TestApp::path(case)), &body)
}

on_both_databases! {
    fn a_transition_by_name_moves_the_case(app) {
        let case = app.case("a");
        let resolved = post(app, &case, json!({ "transition": "resolve", "reason": "agreed" })).expect(200);
        assert_eq!(resolved["case_status"]["key"], "resolved");
        assert_eq!(resolved["version"], 2);
        assert!(resolved["resolved_at"].is_string());
        assert_eq!(app.get(&TestApp::path(&case)).expect(200), resolved);
    }

    fn a_transition_to_a_status_moves_the_case(app) {
        let case = app.case("a");
        assert_eq!(post(app, &case, json!({ "to": "pending_customer" })).expect(200)["case_status"]["id"], 3);
    }

    fn a_transition_to_the_current_status_changes_nothing(app) {
        let case = app.case("a");
        assert_eq!(post(app, &case, json!({ "to": "open" })).expect(200), case);
    }

    fn a_transition_is_refused_in_a_status_where_it_does_not_start(app) {
        let case = app.case("a");
        app.transition(&case, "close");
        let error = post(app, &case, json!({ "transition": "close" })).expect_error(409, "TRANSITION_NOT_ALLOWED");
        assert_eq!(error["reasons"][0]["code"], "not_from_here");
        let allowed = json!([
            { "name": "reopen", "to": "open", "requires": ["reason"] },
            { "name": "reopen", "to": "in_progress", "requires": ["reason"] },
        ]);
        assert_eq!(error["allowed_transitions"], allowed);
    }

    fn a_closed_case_refuses_to_resolve(app) {
        let case = app.case("a");
        app.transition(&case, "close");
        post(app, &case, json!({ "to": "resolved" })).expect_error(409, "TRANSITION_NOT_ALLOWED");
        assert_eq!(app.get(&TestApp::path(&case)).expect(200)["version"], 2);
    }

    fn a_transition_with_several_targets_takes_the_named_one(app) {
        let case = app.case("a");
        app.transition(&case, "resolve");
        let rework = post(app, &case, json!({ "transition": "rework", "to": "open" })).expect(200);
        assert_eq!((&rework["case_status"]["key"], &rework["resolved_at"]), (&json!("open"), &Value::Null));
        app.transition(&case, "cancel");
        let reopened = post(app, &case, json!({ "transition": "reopen", "to": "in_progress", "reason": "r" })).expect(200);
        assert_eq!((&reopened["case_status"]["key"], &reopened["series_instance"]), (&json!("in_progress"), &json!(2)));
        post(app, &case, json!({ "transition": "resolve", "to": "closed" })).expect_faults(&["to"]);
    }

    fn a_missing_reason_is_a_fault_of_its_field(app) {
        let case = app.case("a");
        app.transition(&case, "close");
        for body in [json!({ "transition": "reopen" }), json!({ "to": "open" }), json!({ "transition": "reopen", "reason": "  " }),
                     json!({ "transition": "reopen", "reason": null })] {
            post(app, &case, body).expect_faults(&["reason"]);
        }
    }

    fn a_transition_needs_a_name_or_a_target(app) {
        let case = app.case("a");
        post(app, &case, json!({})).expect_faults(&["transition"]);
        post(app, &case, json!({ "transition": null, "to": 5 })).expect_faults(&["transition", "to"]);
        let wrong = json!({ "transition": 5, "reason": 5, "workflow_id": "x", "dry_run": "yes" });
        post(app, &case, wrong).expect_faults(&["transition", "reason", "workflow_id", "dry_run"]);
        post(app, &case, json!({ "transition": "resolve", "reason": "x".repeat(2001) })).expect_faults(&["reason"]);
        post(app, &case, json!({ "transition": "resolve", "reason": "a\u{0}b" })).expect_faults(&["reason"]);
    }

    fn another_workflow_version_is_a_conflict(app) {
        let case = app.case("a");
        let other = json!({ "transition": "resolve", "workflow_id": "550e8400-e29b-41d4-a716-446655440000" });
        post(app, &case, other).expect_error(409, "WORKFLOW_MISMATCH");
        post(app, &case, json!({ "transition": "resolve", "workflow_id": case["workflow_id"] })).expect(200);
    }

    fn a_dry_run_returns_the_result_and_changes_nothing(app) {
        let case = app.case("a");
        let dry = post(app, &case, json!({ "transition": "resolve", "dry_run": true })).expect(200);
        assert_eq!((&dry["case_status"]["key"], &dry["version"]), (&json!("resolved"), &json!(2)));
        assert_eq!(app.get(&TestApp::path(&case)).expect(200), case);
        post(app, &case, json!({ "transition": "resume", "dry_run": true })).expect_error(409, "TRANSITION_NOT_ALLOWED");
    }

    fn all_transitions_are_listed_with_reasons_for_the_denied_ones(app) {
        let case = app.case("a");
        let moves = app.get(&format!("{}/transitions", TestApp::path(&case))).expect(200);
        let moves = moves["data"].as_array().unwrap().clone();
        let names = |allowed: bool| moves.iter().filter(|each| each["allowed"] == allowed).map(|each| each["name"].as_str().unwrap()).collect::<Vec<_>>();
        assert_eq!(names(true), ["start", "wait_for_customer", "wait_for_contractor", "resolve", "close", "cancel"]);
        assert_eq!(names(false), ["resume", "requeue", "rework", "rework", "reopen", "reopen"]);
        for each in &moves {
            let fields = each.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
            assert_eq!(fields, ["name", "to", "allowed", "requires", "reasons"]);
            assert_eq!(each["reasons"].as_array().unwrap().is_empty(), each["allowed"] == true);
        }
        let reopen = moves.iter().find(|each| each["name"] == "reopen").unwrap();
        assert_eq!(reopen["requires"], json!(["reason"]));
        assert_eq!(reopen["reasons"][0]["code"], "not_from_here");
    }
}
