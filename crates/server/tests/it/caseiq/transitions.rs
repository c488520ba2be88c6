//! Case IQ: status transitions.

use serde_json::{Value, json};

use super::{create, expect_error, native, patch, path, transition, version};
use crate::support::{TestApp, on_both_databases};

fn history(app: &TestApp, case: &Value) -> Vec<String> {
    let history = app.get(&format!("{}/history", TestApp::path(case))).expect(200);
    history["data"].as_array().unwrap().iter().map(|entry| entry["to"].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    fn a_case_is_closed_and_reopened(app) {
        let case = create(app, &json!({"title": "t", "own": 1}));
        let closed = transition(app, &case, "Close", Some("done")).expect(200);
        assert_eq!((&closed["caseStatus"], &closed["lastWorkflowStatus"]), (&json!("Closed"), &json!("Closed")));
        assert_eq!(closed["lastTransitionReason"], "done");
        assert_eq!((&closed["canceled"], &closed["own"]), (&json!(false), &json!(1)));
        assert!(closed["closedDate"].as_str().unwrap().ends_with('Z'));
        assert_eq!(app.get(&path(&case)).expect(200), closed);

        let reopened = transition(app, &closed, "Reopen", Some("i like it")).expect(200);
        assert_eq!((&reopened["caseStatus"], &reopened["lastWorkflowStatus"]), (&json!("Open"), &json!("Open")));
        assert_eq!((&reopened["lastTransitionReason"], &reopened["closedDate"]), (&json!("i like it"), &json!(null)));
        assert_ne!(reopened["caseNumber"], case["caseNumber"], "the next instance of the series");
        assert_eq!(history(app, &case), ["open", "closed", "open"]);
        assert_eq!(patch(app, &path(&case), &json!({"own": 2})).expect(200)["lastTransitionReason"], "i like it");
    }

    fn letter_case_and_surrounding_spaces_of_the_status_are_ignored(app) {
        for word in ["close", "CLOSE", " Close "] {
            let case = create(app, &json!({}));
            assert_eq!(transition(app, &case, word, None).expect(200)["caseStatus"], "Closed");
        }
    }

    fn names_of_transitions_and_statuses_are_accepted(app) {
        let rows = [
            ("start", "In progress"), ("In Progress", "In progress"), ("wait_for_customer", "Pending customer"),
            ("pending contractor", "Pending contractor"), ("Resolve", "Resolved"), ("resolved", "Resolved"), ("Closed", "Closed"),
        ];
        for (word, label) in rows {
            let case = create(app, &json!({}));
            assert_eq!(transition(app, &case, word, None).expect(200)["lastWorkflowStatus"], label, "{word}");
        }
    }

    fn a_cancelled_case_is_marked_as_canceled(app) {
        let case = create(app, &json!({}));
        let cancelled = transition(app, &case, "cancel", Some("no need")).expect(200);
        assert_eq!((&cancelled["canceled"], &cancelled["caseStatus"]), (&json!(true), &json!("Closed")));
        assert_eq!(cancelled["lastWorkflowStatus"], "Cancelled");
        let reopened = transition(app, &case, "reopen", Some("after all")).expect(200);
        assert_eq!((&reopened["canceled"], &reopened["caseStatus"]), (&json!(false), &json!("Open")));
    }

    fn a_transition_is_refused_in_a_status_where_it_does_not_start(app) {
        let case = create(app, &json!({}));
        expect_error(&transition(app, &case, "Reopen", Some("why not")), 409, "CONFLICT");
        transition(app, &case, "Close", None).expect(200);
        expect_error(&transition(app, &case, "Close", None), 409, "CONFLICT");
        expect_error(&transition(app, &case, "Resolved", None), 409, "CONFLICT");
    }

    fn the_current_status_as_target_changes_nothing(app) {
        let case = create(app, &json!({}));
        transition(app, &case, "Close", Some("done")).expect(200);
        let before = version(app, &case);
        assert_eq!(transition(app, &case, "Closed", Some("again")).expect(200)["lastTransitionReason"], "done");
        assert_eq!(version(app, &case), before);
    }

    fn invalid_fields_of_the_request_are_named(app) {
        let case = create(app, &json!({}));
        let (moves, workflow) = (format!("{}/transition", path(&case)), case["lastWorkflowId"].clone());
        let rows = [
            (json!({}), vec!["caseStatus", "workflowId"]),
            (json!({"workflowId": workflow}), vec!["caseStatus"]),
            (json!({"caseStatus": null, "workflowId": workflow}), vec!["caseStatus"]),
            (json!({"caseStatus": 1, "workflowId": workflow}), vec!["caseStatus"]),
            (json!({"caseStatus": "Explode", "workflowId": workflow}), vec!["caseStatus"]),
            (json!({"caseStatus": "", "workflowId": workflow}), vec!["caseStatus"]),
            (json!({"caseStatus": "Close"}), vec!["workflowId"]),
            (json!({"caseStatus": "Close", "workflowId": "nonsense"}), vec!["workflowId"]),
            (json!({"caseStatus": "Close", "workflowId": 1}), vec!["workflowId"]),
            (json!({"caseStatus": "Close", "workflowId": workflow, "reason": 1}), vec!["reason"]),
            (json!({"caseStatus": "Close", "workflowId": workflow, "reason": "x".repeat(2001)}), vec!["reason"]),
        ];
        for (body, fields) in rows {
            let message = expect_error(&app.post(&moves, &body), 400, "BAD_REQUEST");
            assert!(fields.iter().all(|field| message.contains(field)), "{body}: {message}");
        }
        assert_eq!(history(app, &case), ["open"]);
    }

    fn reopening_needs_a_reason(app) {
        let case = create(app, &json!({}));
        transition(app, &case, "Close", None).expect(200);
        for reason in [None, Some(""), Some("  \t")] {
            let message = expect_error(&transition(app, &case, "Reopen", reason), 400, "BAD_REQUEST");
            assert!(message.contains("reason"), "{message}");
        }
    }

    fn another_workflow_is_a_conflict_that_names_the_current_one(app) {
        let case = create(app, &json!({}));
        let body = json!({"caseStatus": "Close", "workflowId": "00000000-0000-4000-8000-000000000000"});
        let message = expect_error(&app.post(&format!("{}/transition", path(&case)), &body), 409, "CONFLICT");
        assert!(message.contains(case["lastWorkflowId"].as_str().unwrap()), "{message}");
        assert_eq!(app.get(&path(&case)).expect(200), case);
        assert_eq!(case["lastWorkflowId"], native(app, &case)["workflow_id"]);
    }

    fn a_case_of_another_account_is_not_found(app) {
        let case = create(app, &json!({}));
        let other = app.another_account();
        expect_error(&transition(&other, &case, "Close", None), 404, "NOT_FOUND");
    }

    fn an_archived_case_is_closed_and_can_be_reopened(app) {
        let case = create(app, &json!({}));
        transition(app, &case, "Close", None).expect(200);
        app.put(&TestApp::path(&case), &json!({"status": "archived"})).expect(200);
        assert_eq!(app.get(&path(&case)).expect(200)["caseStatus"], "Closed");
        assert_eq!(transition(app, &case, "Reopen", Some("more")).expect(200)["caseStatus"], "Open");
        assert_eq!(native(app, &case)["archived_at"], json!(null));
    }
}
