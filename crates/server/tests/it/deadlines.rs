//! Deadlines: computation, and deadlines stored on cases.

use docket_domain::scope::Scope;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

fn deadlines(case: &Value) -> String {
    format!("{}/deadlines", TestApp::path(case))
}

fn add(app: &TestApp, case: &Value, body: Value) -> (String, Value) {
    let deadline = app.post(&deadlines(case), &body).expect(201);
    (format!("/api/v1/deadlines/{}", deadline["id"].as_str().unwrap()), deadline)
}

fn by_mail() -> Value {
    json!({ "rule": "frcp6", "trigger": "2026-07-03", "count": 30, "unit": "days", "direction": "after", "service": "mail", "calendar": "us-federal" })
}

fn titles(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|deadline| deadline["title"].as_str().unwrap()).collect()
}

const COMPUTE: &str = "/api/v1/deadlines/compute";

on_both_databases! {
    fn a_computed_deadline_cites_the_provision_of_each_step(app) {
        let outcome = app.with_scopes(&[Scope::CasesRead]).post(COMPUTE, &by_mail()).expect(200);
        assert_eq!(outcome["due_on"], "2026-08-06");
        assert_eq!(outcome.get("due_at"), None);
        let steps = outcome["steps"].as_array().unwrap();
        assert!(steps.iter().any(|step| step["citation"] == "Fed. R. Civ. P. 6(d)"));
        assert_eq!(steps.last().unwrap()["date"], "2026-08-06");
        for step in steps {
            let fields = step.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
            assert_eq!(fields, ["rule", "citation", "explanation", "date"]);
        }
        let german = json!({ "rule": "bgb", "trigger": "2026-01-31", "count": 1, "unit": "months", "calendar": "de-by" });
        assert_eq!(app.post(COMPUTE, &german).expect(200)["due_on"], "2026-03-02");
        let hours = json!({ "rule": "frcp6", "trigger": "2026-07-01T10:00:00-04:00", "count": 24, "unit": "hours" });
        assert_eq!(app.post(COMPUTE, &hours).expect(200)["due_at"], "2026-07-02T14:00:00Z");
        app.with_scopes(&[Scope::CasesWrite]).post(COMPUTE, &by_mail()).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
    }

    fn an_input_that_cannot_be_computed_is_a_fault_of_its_field(app) {
        let with = |field: &str, value: Value| {
            let mut body = by_mail();
            body[field] = value;
            body
        };
        for (field, value) in [
            ("rule", json!("frcp")), ("trigger", json!("2026-7-3")), ("trigger", json!("2026-07-03T10:00:00Z")), ("count", json!(0)),
            ("count", json!(-3)), ("count", json!("30")), ("count", json!(100_001)), ("unit", json!("fortnights")),
            ("unit", json!("business_days")), ("direction", json!("sideways")), ("service", json!("pigeon")),
            ("calendar", json!("de-xx")), ("calendar", json!("de-by")), ("closed_days", json!(["soon"])), ("trigger", json!(null)),
            ("counts_trigger_day", json!(true)), ("x", json!(1)),
        ] {
            app.post(COMPUTE, &with(field, value)).expect_faults(&[field]);
        }
        // A year outside the verified range of the calendar is an error, not an estimate.
        app.post(COMPUTE, &with("trigger", json!("2036-01-05"))).expect_faults(&["calendar"]);
        app.post(COMPUTE, &json!({})).expect_faults(&["rule", "trigger", "count", "unit"]);
    }

    fn the_calendars_are_listed_with_their_verified_years(app) {
        let calendars = app.get("/api/v1/deadlines/calendars").expect(200);
        let calendars = calendars["data"].as_array().unwrap();
        let keys = calendars.iter().map(|calendar| calendar["key"].as_str().unwrap()).collect::<Vec<_>>();
        for key in [
            "us-federal", "de", "de-bw", "de-by", "de-be", "de-bb", "de-hb", "de-hh", "de-he", "de-mv", "de-ni", "de-nw", "de-rp",
            "de-sl", "de-sn", "de-st", "de-sh", "de-th",
        ] {
            assert!(keys.contains(&key), "{key}");
        }
        let first = json!({ "key": "us-federal", "name": calendars[0]["name"], "verified_from": 2000, "verified_to": 2035 });
        assert_eq!(calendars[0], first);
    }

    fn a_deadline_is_stored_as_given(app) {
        let case = app.case("a");
        let anna = app.post("/api/v1/people", &json!({ "name": "Anna" })).expect(201)["id"].clone();
        let body = json!({ "title": "respond", "kind": "court", "due_at": "2099-03-31", "assigned_to": anna, "warn_on": "2099-03-24" });
        let answer = app.post(&deadlines(&case), &body);
        let deadline = answer.expect(201);
        let expected = json!({
            "id": deadline["id"], "case_id": case["id"], "title": "respond", "kind": "court", "due_at": "2099-03-31",
            "status": "pending", "assigned_to": anna, "verified_by": null, "warn_on": "2099-03-24", "rule": null,
            "compute": null, "steps": [], "created_at": deadline["created_at"], "updated_at": deadline["created_at"],
        });
        assert_eq!(deadline, expected);
        let path = format!("/api/v1/deadlines/{}", deadline["id"].as_str().unwrap());
        assert_eq!(answer.header("location"), Some(path.as_str()));
        assert_eq!(app.get(&path).expect(200), deadline);
        assert_eq!(app.get(&deadlines(&case)).expect(200)["data"], json!([deadline]));
        let (_, moment) = add(app, &case, json!({ "title": "file", "due_at": "2099-03-31T17:00:00-04:00" }));
        assert_eq!((&moment["due_at"], &moment["kind"]), (&json!("2099-03-31T21:00:00Z"), &json!("internal")));
    }

    fn a_computed_deadline_stores_rule_and_steps(app) {
        let case = app.case("a");
        let (path, deadline) = add(app, &case, json!({ "title": "respond", "compute": by_mail() }));
        let outcome = app.post(COMPUTE, &by_mail()).expect(200);
        assert_eq!((&deadline["due_at"], &deadline["rule"], &deadline["steps"]), (&outcome["due_on"], &json!("frcp6"), &outcome["steps"]));
        let moved = app.put(&path, &json!({ "due_at": "2099-01-01" })).expect(200);
        assert_eq!((&moved["rule"], &moved["steps"], &moved["compute"]), (&Value::Null, &json!([]), &Value::Null));
        let again = app.put(&path, &json!({ "compute": by_mail() })).expect(200);
        assert_eq!(again["due_at"], "2026-08-06");
        let wrong = json!({ "title": "x", "compute": { "rule": "frcp6", "trigger": "2026-07-03", "count": 0, "unit": "days" } });
        app.post(&deadlines(&case), &wrong).expect_faults(&["compute.count"]);
        let late = json!({ "title": "x", "compute": { "rule": "frcp6", "trigger": "2036-07-03", "count": 3, "unit": "days" } });
        app.post(&deadlines(&case), &late).expect_faults(&["compute.calendar"]);
    }

    fn all_invalid_fields_are_named_at_once(app) {
        let case = app.case("a");
        app.post(&deadlines(&case), &json!({})).expect_faults(&["title", "due_at"]);
        let both = json!({ "title": "x", "due_at": "2099-01-01", "compute": by_mail() });
        app.post(&deadlines(&case), &both).expect_faults(&["due_at"]);
        let wrong = json!({ "title": "", "kind": "x", "due_at": "soon", "assigned_to": "x", "warn_on": "x", "verified_by": "usr_1", "y": 1 });
        app.post(&deadlines(&case), &wrong).expect_faults(&["title", "kind", "due_at", "assigned_to", "warn_on", "verified_by", "y"]);
        let unknown = json!({ "title": "x", "due_at": "2099-01-01", "warn_on": "2099-01-02", "assigned_to": 999_999_999 });
        app.post(&deadlines(&case), &unknown).expect_faults(&["assigned_to", "warn_on"]);
        let (path, _) = add(app, &case, json!({ "title": "x", "due_at": "2099-01-01" }));
        app.put(&path, &json!({ "id": 1, "status": "missed", "title": null })).expect_faults(&["id", "title"]);
        app.put(&path, &json!({ "status": "missed" })).expect_faults(&["status"]);
    }

    fn a_deadline_is_verified_by_a_second_person(app) {
        let case = app.case("a");
        let second = app.with_scopes(&[Scope::CasesRead, Scope::CasesWrite]);
        let (path, deadline) = add(app, &case, json!({ "title": "respond", "due_at": "2099-03-31" }));
        let timeline = app.get(&format!("{}/timeline", TestApp::path(&case))).expect(200);
        let maker = timeline["data"][0]["actor"]["id"].clone();
        for own in [json!({ "verified": true }), json!({ "verified_by": maker })] {
            app.put(&path, &own).expect_error(409, "FOUR_EYES_REQUIRED");
        }
        let bob = app.post("/api/v1/people", &json!({ "name": "Bob" })).expect(201)["id"].clone();
        for client in [&app.with_key(&app.key), &second] {
            client.put(&path, &json!({ "verified_by": bob })).expect_faults(&["verified_by"]);
            client.put(&path, &json!({ "verified_by": "usr_nobody" })).expect_faults(&["verified_by"]);
        }
        second.put(&path, &json!({ "verified": true, "verified_by": maker })).expect_faults(&["verified_by"]);
        second.put(&path, &json!({ "verified": false, "verified_by": maker })).expect_faults(&["verified"]);
        second.put(&path, &json!({ "verified": "yes" })).expect_faults(&["verified"]);
        let verified = second.put(&path, &json!({ "verified": true })).expect(200);
        assert!(verified["verified_by"].is_string() && verified["verified_by"] != maker, "{verified}");
        // Sending the current verifier back changes nothing.
        let same = app.put(&path, &json!({ "verified_by": verified["verified_by"] })).expect(200);
        assert_eq!(same, verified);
        // One person may not change and verify a deadline in the same request.
        second.put(&path, &json!({ "due_at": "2099-05-01", "verified": true })).expect_error(409, "FOUR_EYES_REQUIRED");
        // A change removes the verification. A person other than its author has to verify it again.
        let changed = second.put(&path, &json!({ "due_at": "2099-04-01" })).expect(200);
        assert_eq!(changed["verified_by"], Value::Null);
        assert_eq!(app.put(&path, &json!({ "verified_by": maker })).expect(200)["verified_by"], maker);
        let kinds = app.get(&format!("{}/timeline", TestApp::path(&case))).expect(200);
        let kinds = kinds["data"].as_array().unwrap().iter().map(|entry| entry["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(kinds, ["deadline.verified", "deadline.updated", "deadline.verified", "deadline.added", "case.created"]);
        assert_eq!(deadline["verified_by"], Value::Null);
    }

    fn deadlines_are_met_missed_and_cancelled(app) {
        let case = app.case("a");
        let (open, _) = add(app, &case, json!({ "title": "open", "due_at": "2099-01-01" }));
        let (late, missed) = add(app, &case, json!({ "title": "late", "due_at": "2020-01-01" }));
        assert_eq!(missed["status"], "missed");
        for status in ["met", "cancelled", "pending"] {
            assert_eq!(app.put(&open, &json!({ "status": status })).expect(200)["status"], status);
        }
        assert_eq!(app.put(&late, &json!({ "status": "met" })).expect(200)["status"], "met");
        let entry = app.get(&format!("{}/timeline?limit=1", TestApp::path(&case))).expect(200)["data"][0].clone();
        assert_eq!((&entry["type"], &entry["metadata"]["late"]), (&json!("deadline.met"), &json!(true)));
        app.delete(&late).expect(204);
        app.get(&late).expect_error(404, "DEADLINE_NOT_FOUND");
        app.delete(&late).expect_error(404, "DEADLINE_NOT_FOUND");
        app.put(&late, &json!({ "title": "x" })).expect_error(404, "DEADLINE_NOT_FOUND");
    }

    fn overdue_and_upcoming_deadlines_are_listed_across_cases(app) {
        let (one, two) = (app.case("one"), app.case("two"));
        let anna = app.post("/api/v1/people", &json!({ "name": "Anna" })).expect(201)["id"].as_str().unwrap().to_owned();
        add(app, &one, json!({ "title": "c", "due_at": "2099-05-03" }));
        add(app, &two, json!({ "title": "b", "due_at": "2099-05-01", "assigned_to": anna }));
        add(app, &one, json!({ "title": "a", "due_at": "2020-05-01T12:00:00Z", "assigned_to": anna }));
        let list = |query: &str| app.get(&format!("/api/v1/deadlines?{query}")).expect(200);
        assert_eq!(titles(&list("")), ["a", "b", "c"]);
        assert_eq!(titles(&list("status=missed")), ["a"]);
        assert_eq!(titles(&list("status=pending")), ["b", "c"]);
        assert_eq!(titles(&list(&format!("assigned_to={anna}"))), ["a", "b"]);
        assert_eq!(titles(&list("due_from=2020-05-01&due_to=2099-05-01")), ["a", "b"]);
        assert_eq!(titles(&list("due_to=2020-05-01T11:59:59Z")), [""; 0]);
        let first = list("limit=2");
        assert_eq!((titles(&first), &first["pagination"]["has_more"]), (vec!["a", "b"], &json!(true)));
        let cursor = first["pagination"]["cursor"].as_str().unwrap();
        assert_eq!(titles(&list(&format!("limit=2&cursor={cursor}"))), ["c"]);
        // Open deadlines of a closed case are listed, those of a deleted case are not.
        app.put(&TestApp::path(&two), &json!({ "status": "closed" })).expect(200);
        assert_eq!(titles(&list("status=pending")), ["b", "c"]);
        app.delete(&TestApp::path(&two)).expect(204);
        assert_eq!(titles(&list("status=pending")), ["c"]);
        assert_eq!(titles(&app.another_account().get("/api/v1/deadlines").expect(200)), [""; 0]);
        app.get("/api/v1/deadlines?status=late&due_from=x&due_to=y&assigned_to=z&limit=0&cursor=q")
            .expect_faults(&["status", "due_from", "due_to", "assigned_to", "limit", "cursor"]);
    }

    fn every_call_needs_its_scope_and_an_existing_case(app) {
        let case = app.case("a");
        let (path, _) = add(app, &case, json!({ "title": "x", "due_at": "2099-01-01" }));
        let (reader, writer) = (app.with_scopes(&[Scope::CasesRead]), app.with_scopes(&[Scope::CasesWrite]));
        writer.get(&path).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        writer.get("/api/v1/deadlines").expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        reader.delete(&path).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        reader.put(&path, &json!({})).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        app.another_account().get(&path).expect_error(404, "DEADLINE_NOT_FOUND");
        app.delete(&TestApp::path(&case)).expect(204);
        app.get(&path).expect_error(404, "DEADLINE_NOT_FOUND");
        app.get(&deadlines(&case)).expect_error(404, "CASE_NOT_FOUND");
        app.post(&deadlines(&case), &json!({ "title": "x", "due_at": "2099-01-01" })).expect_error(404, "CASE_NOT_FOUND");
        app.post(&deadlines(&case), &json!({ "title": "x" })).expect_faults(&["due_at"]);
    }
}
