//! Services dialect: the action endpoint.

use serde_json::{Value, json};

use super::{act, case, done, failed, faults, move_to, path, read};
use crate::support::on_both_databases;

on_both_databases! {
    fn update_status_goes_through_the_workflow(app) {
        let case = case(app, "moved");
        let body = json!({ "action": "update_status", "status": "in_progress", "reason": "on the way" });
        let answer = act(app, &case, &body).expect(200);
        assert_eq!((&answer["success"], &answer["data"]["status"]), (&json!(true), &json!("in_progress")));
        let again = done(app, &case, &body);
        assert_eq!(again["updated_at"], answer["data"]["updated_at"], "the status that it has already changes nothing");
        assert_eq!(read(app, &format!("{}/history", path(&case)))["count"], 2);
    }

    fn a_refused_transition_lists_the_allowed_ones(app) {
        let case = move_to(app, &case(app, "closed"), "closed");
        let answer = act(app, &case, &json!({ "action": "update_status", "status": "resolved" }));
        let error = failed(&answer, 422);
        assert_eq!(error["errors"]["status"], json!([
            "the case is in status closed; transitions to resolved start from open, in_progress, pending_customer or \
             pending_contractor"
        ]));
        assert_eq!(error["allowed_transitions"], json!([
            { "from_status": "closed", "to_status": "open", "name": "reopen", "requires": ["reason"] },
            { "from_status": "closed", "to_status": "in_progress", "name": "reopen", "requires": ["reason"] },
        ]));
        assert_eq!(error["denied_transitions"], json!([]));
        assert_eq!(error["message"], error["errors"]["status"][0]);
    }

    fn a_transition_is_refused_in_a_status_where_it_does_not_start(app) {
        for (status, action) in [("resolved", "resolve"), ("closed", "close"), ("cancelled", "cancel"), ("open", "reopen"), ("resolved", "cancel")] {
            let case = move_to(app, &case(app, "there already"), status);
            let answer = act(app, &case, &json!({ "action": action, "reason": "again" }));
            assert_eq!(faults(&answer), ["status"], "{action} from {status}");
            assert!(!answer.json()["allowed_transitions"].as_array().unwrap().is_empty());
        }
    }

    fn a_case_is_resolved_closed_reopened_and_cancelled(app) {
        let case = case(app, "whole way");
        let resolved = done(app, &case, &json!({ "action": "resolve", "resolution": "replaced the seal" }));
        assert_eq!((&resolved["status"], &resolved["resolution"]), (&json!("resolved"), &json!("replaced the seal")));
        assert!(resolved["resolved_at"].is_string());
        let closed = done(app, &case, &json!({ "action": "close", "reason": "confirmed" }));
        assert!(closed["closed_at"].is_string());
        assert_eq!(faults(&act(app, &case, &json!({ "action": "reopen" }))), ["reason"]);
        assert_eq!(faults(&act(app, &case, &json!({ "action": "reopen", "reason": " " }))), ["reason"]);
        let reopened = done(app, &case, &json!({ "action": "reopen", "reason": "it leaks again" }));
        assert_eq!((&reopened["status"], &reopened["closed_at"], &reopened["resolved_at"]), (&json!("open"), &Value::Null, &Value::Null));
        assert!(reopened["case_number"].as_str().unwrap().ends_with("-02"));
        let cancelled = done(app, &case, &json!({ "action": "cancel" }));
        assert_eq!(cancelled["status"], "cancelled");
        let history = read(app, &format!("{}/history", path(&case)));
        let reasons = history["data"].as_array().unwrap().iter().map(|row| row["reason"].as_str()).collect::<Vec<_>>();
        assert_eq!(reasons, [None, None, Some("confirmed"), Some("it leaks again"), None]);
    }

    fn a_refused_resolve_sets_no_resolution(app) {
        let case = move_to(app, &case(app, "closed"), "closed");
        failed(&act(app, &case, &json!({ "action": "resolve", "resolution": "too late" })), 422);
        assert_eq!(read(app, &path(&case))["data"]["resolution"], Value::Null);
    }

    fn a_contractor_is_assigned_and_unassigned(app) {
        let case = case(app, "assigned");
        let assigned = done(app, &case, &json!({ "action": "assign_contractor", "contractor_id": 9 }));
        assert_eq!(assigned["contractor_id"], 9);
        let unassigned = done(app, &case, &json!({ "action": "unassign_contractor" }));
        assert_eq!(unassigned["contractor_id"], Value::Null);
        let again = done(app, &case, &json!({ "action": "unassign_contractor" }));
        assert_eq!(again["updated_at"], unassigned["updated_at"]);
    }

    fn staff_are_people_of_the_directory(app) {
        let case = case(app, "staffed");
        let log = format!("/api/v1/cases/{}/timeline", case["id"]);
        // The creator of the case is a person in the directory.
        let person = app.get(&log).expect(200)["data"][0]["actor"].clone();
        done(app, &case, &json!({ "action": "assign_staff", "staff_id": person["id"], "role": "lead" }));
        done(app, &case, &json!({ "action": "assign_staff", "staff_id": person["id"], "role": "lead" }));
        done(app, &case, &json!({ "action": "assign_staff", "staff_id": person["id"] }));
        let staff = app.get(&format!("/api/v1/cases/{}", case["id"])).expect(200)["staff"].clone();
        assert_eq!(staff[0]["name"], "tester");
        let roles = staff.as_array().unwrap().iter().map(|member| member["role"].as_str().unwrap()).collect::<Vec<_>>();
        assert_eq!(roles, ["lead", "assignee"]);
        assert_eq!(faults(&act(app, &case, &json!({ "action": "assign_staff", "staff_id": 999_999_999 }))), ["staff_id"]);
        let blank = json!({ "action": "assign_staff", "staff_id": person["id"], "role": "" });
        assert_eq!(faults(&act(app, &case, &blank)), ["role"]);
    }

    fn priority_tags_and_metadata_can_be_changed(app) {
        let case = case(app, "changed");
        assert_eq!(done(app, &case, &json!({ "action": "update_priority", "priority": "urgent" }))["priority"], "urgent");
        assert_eq!(done(app, &case, &json!({ "action": "add_tags", "tags": ["a", "b", "a"] }))["tags"], json!(["a", "b"]));
        assert_eq!(done(app, &case, &json!({ "action": "add_tags", "tags": ["b", "c"] }))["tags"], json!(["a", "b", "c"]));
        assert_eq!(done(app, &case, &json!({ "action": "remove_tags", "tags": ["a", "z"] }))["tags"], json!(["b", "c"]));
        let merge = |metadata: Value| done(app, &case, &json!({ "action": "update_metadata", "metadata": metadata }))["metadata"].clone();
        assert_eq!(merge(json!({ "floor": 3, "site": { "a": 1 } })), json!({ "floor": 3, "site": { "a": 1 } }));
        assert_eq!(merge(json!({ "floor": null, "site": { "b": 2 } })), json!({ "site": { "a": 1, "b": 2 } }));
    }

    fn links_need_existing_inquiries_and_orders(app) {
        let case = case(app, "linked");
        let inquiry = app.post("/api/inquiries", &json!({ "user_id": 123, "title": "a question" })).expect(201)["data"]["id"].clone();
        let order = app.post("/api/orders/place", &json!({ "customer_id": 123 })).expect(201)["data"]["id"].clone();
        for (action, parameter, field, id) in [
            ("link_inquiry", "inquiry_id", "initial_inquiry_id", &inquiry),
            ("link_order", "order_id", "order_id", &order),
            ("link_offer", "offer_id", "offer_id", &json!(77)),
            ("link_invoice", "invoice_id", "invoice_id", &json!(78)),
        ] {
            assert_eq!(&done(app, &case, &json!({ "action": action, parameter: id }))[field], id);
            assert_eq!(faults(&act(app, &case, &json!({ "action": action, parameter: "x" }))), [parameter]);
        }
        assert_eq!(faults(&act(app, &case, &json!({ "action": "link_inquiry", "inquiry_id": 999_999_999 }))), ["inquiry_id"]);
        assert_eq!(faults(&act(app, &case, &json!({ "action": "link_order", "order_id": inquiry }))), ["order_id"]);
        let foreign = app.another_account();
        let theirs = foreign.post("/api/inquiries", &json!({ "user_id": 1 })).expect(201)["data"]["id"].clone();
        assert_eq!(faults(&act(app, &case, &json!({ "action": "link_inquiry", "inquiry_id": theirs }))), ["inquiry_id"]);
        assert_eq!(read(app, "/api/cases/stats")["data"]["by_source"]["standalone"], 1, "a later link is no source");
    }

    fn a_note_is_in_the_native_timeline(app) {
        let case = case(app, "noted");
        done(app, &case, &json!({ "action": "add_note", "note": "called back" }));
        let log = app.get(&format!("/api/v1/cases/{}/timeline", case["id"])).expect(200);
        assert_eq!(log["data"][0]["type"], "note.added");
        assert_eq!(faults(&act(app, &case, &json!({ "action": "add_note", "note": "  " }))), ["note"]);
    }

    fn the_error_for_an_unknown_or_missing_action_lists_the_known_ones(app) {
        let case = case(app, "acted on");
        for body in [json!({}), json!({ "action": "explode" }), json!({ "action": 7 }), json!({ "action": null, "status": "x" })] {
            let answer = act(app, &case, &body);
            assert_eq!(faults(&answer), ["action"], "{body}");
            let message = answer.json()["errors"]["action"][0].as_str().unwrap().to_owned();
            for known in ["update_status", "resolve", "assign_staff", "add_note", "link_invoice"] {
                assert!(message.contains(known), "{message}");
            }
        }
    }

    fn every_action_requires_its_parameter_and_refuses_others(app) {
        let case = case(app, "acted on");
        for (action, parameter) in [
            ("update_status", "status"), ("assign_contractor", "contractor_id"), ("assign_staff", "staff_id"),
            ("update_priority", "priority"), ("add_tags", "tags"), ("remove_tags", "tags"),
            ("update_metadata", "metadata"), ("link_inquiry", "inquiry_id"), ("link_order", "order_id"),
            ("link_offer", "offer_id"), ("link_invoice", "invoice_id"), ("add_note", "note"),
        ] {
            for value in [json!(null), json!(true), json!("")] {
                assert_eq!(faults(&act(app, &case, &json!({ "action": action, parameter: value }))), [parameter], "{action} {value}");
            }
            assert_eq!(faults(&act(app, &case, &json!({ "action": action }))), [parameter]);
            assert_eq!(faults(&act(app, &case, &json!({ "action": action, "nonsense": 1 }))).len(), 2, "{action}");
        }
        assert_eq!(faults(&act(app, &case, &json!({ "action": "add_tags", "tags": [] }))), ["tags"]);
        assert_eq!(faults(&act(app, &case, &json!({ "action": "close", "status": "open" }))), ["status"]);
        failed(&act(app, &json!({ "id": 999_999_999 }), &json!({ "action": "close" })), 404);
        assert_eq!(read(app, &format!("{}/history", path(&case)))["count"], 1);
    }
}
