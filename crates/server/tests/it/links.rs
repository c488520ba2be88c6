//! Links between cases.

use docket_domain::scope::Scope;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

fn links(case: &Value) -> String {
    format!("{}/links", TestApp::path(case))
}

fn link(app: &TestApp, case: &Value, linked: &Value, kind: &str) -> Value {
    app.post(&links(case), &json!({ "linked_case_id": linked["id"], "type": kind })).expect(201)
}

on_both_databases! {
    fn a_link_is_listed_on_both_cases_with_inverse_types(app) {
        for (kind, inverse) in [
            ("related", "related"), ("duplicate", "duplicated_by"), ("duplicated_by", "duplicate"), ("blocks", "blocked_by"),
            ("blocked_by", "blocks"), ("follow_up", "follow_up_of"), ("follow_up_of", "follow_up"), ("sibling", "sibling"),
        ] {
            let (one, two) = (app.case("one"), app.case("two"));
            let made = link(app, &one, &two, kind);
            let fields = made.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
            assert_eq!(fields, ["id", "case_id", "linked_case_id", "type", "created_at"]);
            assert_eq!((&made["case_id"], &made["linked_case_id"], &made["type"]), (&one["id"], &two["id"], &json!(kind)));
            assert!(made["id"].as_str().unwrap().starts_with("lnk_"));
            assert_eq!(app.get(&links(&one)).expect(200), json!({ "data": [made] }));
            let seen = app.get(&links(&two)).expect(200)["data"][0].clone();
            assert_eq!((&seen["id"], &seen["case_id"], &seen["linked_case_id"]), (&made["id"], &two["id"], &one["id"]));
            assert_eq!(seen["type"], inverse);
        }
    }

    fn a_link_is_created_once_and_only_to_another_existing_case(app) {
        let (one, two) = (app.case("one"), app.case("two"));
        let by_number = app.post(&links(&one), &json!({ "linked_case_id": two["number"] })).expect(201);
        assert_eq!((&by_number["linked_case_id"], &by_number["type"]), (&two["id"], &json!("related")));
        for (case, linked) in [(&one, &two), (&two, &one), (&one, &one)] {
            let body = json!({ "linked_case_id": linked["id"], "type": "related" });
            app.post(&links(case), &body).expect_faults(&["linked_case_id"]);
        }
        app.post(&links(&one), &json!({ "type": "two words" })).expect_faults(&["linked_case_id", "type"]);
        app.post(&links(&one), &json!({ "linked_case_id": [], "x": 1 })).expect_faults(&["linked_case_id", "x"]);
    }

    fn a_case_of_another_account_gets_the_error_of_an_unknown_case(app) {
        let (case, foreign) = (app.case("ours"), app.another_account().case("theirs"));
        let deleted = app.case("deleted");
        app.delete(&TestApp::path(&deleted)).expect(204);
        let refused = |linked: Value| app.post(&links(&case), &json!({ "linked_case_id": linked })).expect(400);
        let none = refused(json!(999_999_999));
        for linked in [&foreign["id"], &foreign["number"], &deleted["id"], &json!("nonsense"), &json!("550e8400-e29b-41d4-a716-446655440000")] {
            assert_eq!(refused(linked.clone()), none, "{linked}");
        }
    }

    fn a_link_can_be_removed_on_either_case(app) {
        let (one, two) = (app.case("one"), app.case("two"));
        let made = link(app, &one, &two, "blocks");
        let at = |case: &Value| format!("{}/{}", links(case), made["id"].as_str().unwrap());
        app.delete(&at(&app.case("three"))).expect_error(404, "LINK_NOT_FOUND");
        app.delete(&format!("{}/nonsense", links(&one))).expect_error(404, "LINK_NOT_FOUND");
        app.with_scopes(&[Scope::CasesDelete]).delete(&at(&two)).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        app.delete(&at(&two)).expect(204);
        app.delete(&at(&one)).expect_error(404, "LINK_NOT_FOUND");
        assert_eq!(app.get(&links(&one)).expect(200), json!({ "data": [] }));
        let kinds = |case: &Value| app.get(&format!("{}/timeline", TestApp::path(case))).expect(200)["data"][0]["type"].clone();
        assert_eq!((kinds(&one), kinds(&two)), (json!("link.created"), json!("link.removed")));
    }

    fn links_of_a_deleted_case_are_not_listed(app) {
        let (one, two) = (app.case("one"), app.case("two"));
        link(app, &one, &two, "related");
        app.delete(&TestApp::path(&two)).expect(204);
        assert_eq!(app.get(&links(&one)).expect(200), json!({ "data": [] }));
        app.get(&links(&two)).expect_error(404, "CASE_NOT_FOUND");
        app.post(&links(&two), &json!({ "linked_case_id": one["id"] })).expect_error(404, "CASE_NOT_FOUND");
        app.another_account().get(&links(&one)).expect_error(404, "CASE_NOT_FOUND");
    }
}
