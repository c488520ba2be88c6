//! Parties, staff and the directory of people.

use docket_domain::scope::Scope;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

fn parties(case: &Value) -> String {
    format!("{}/parties", TestApp::path(case))
}

fn staff(case: &Value) -> String {
    format!("{}/staff", TestApp::path(case))
}

fn person(app: &TestApp, name: &str) -> String {
    app.post("/api/v1/people", &json!({ "name": name })).expect(201)["id"].as_str().unwrap().to_owned()
}

/// Name and role of every entry in a list.
fn roles(list: &Value) -> Vec<(&str, &str)> {
    let entries = list["data"].as_array().unwrap().iter();
    entries.map(|entry| (entry["name"].as_str().unwrap(), entry["role"].as_str().unwrap())).collect()
}

fn kinds(app: &TestApp, case: &Value) -> Vec<String> {
    let timeline = app.get(&format!("{}/timeline", TestApp::path(case))).expect(200);
    timeline["data"].as_array().unwrap().iter().map(|entry| entry["type"].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    fn parties_are_added_by_id_and_by_name(app) {
        let case = app.case("Smith v. Jones");
        assert_eq!(app.get(&parties(&case)).expect(200), json!({ "data": [] }));
        let jones = person(app, "Jones Ltd");
        let body = json!({ "parties": [{ "name": "John Smith", "role": "client" }, { "id": jones, "role": "opponent" }] });
        let list = app.post(&parties(&case), &body).expect(201);
        assert_eq!(roles(&list), [("John Smith", "client"), ("Jones Ltd", "opponent")]);
        assert_eq!(list["data"][1]["id"], jones);
        assert!(list["data"][0]["id"].as_str().unwrap().starts_with("usr_"));
        assert_eq!(app.get(&parties(&case)).expect(200), list);
        assert_eq!(app.get(&TestApp::path(&case)).expect(200)["parties"], list["data"]);
        let john = app.get(&format!("/api/v1/people/{}", list["data"][0]["id"].as_str().unwrap())).expect(200);
        assert_eq!((&john["name"], &john["kind"]), (&json!("John Smith"), &json!("contact")));
        assert_eq!(kinds(app, &case)[..2], ["party.added", "party.added"]);
    }

    fn a_single_party_needs_no_list_and_its_role_defaults_to_client(app) {
        let case = app.case("a");
        let list = app.post(&parties(&case), &json!({ "name": "John Smith" })).expect(201);
        assert_eq!(roles(&list), [("John Smith", "client")]);
        let list = app.post(&parties(&case), &json!([{ "name": "Ada", "role": "witness" }])).expect(201);
        assert_eq!(roles(&list), [("John Smith", "client"), ("Ada", "witness")]);
    }

    fn the_same_person_and_role_twice_is_one_party(app) {
        let case = app.case("a");
        let john = person(app, "John Smith");
        let body = json!({ "parties": [{ "id": john, "role": "client" }, { "id": john }, { "name": "John Smith" }, { "id": john, "role": "witness" }] });
        let list = app.post(&parties(&case), &body).expect(201);
        assert_eq!(roles(&list), [("John Smith", "client"), ("John Smith", "witness")]);
        let version = app.get(&TestApp::path(&case)).expect(200)["version"].clone();
        assert_eq!(app.post(&parties(&case), &body).expect(201), list);
        assert_eq!(app.get(&TestApp::path(&case)).expect(200)["version"], version);
    }

    fn replacing_parties_logs_only_the_differences(app) {
        let case = app.case("a");
        let body = json!({ "parties": [{ "name": "Ada" }, { "name": "Bob", "role": "opponent" }] });
        let list = app.post(&parties(&case), &body).expect(201);
        let ada = list["data"][0].clone();
        let list = app.put(&parties(&case), &json!({ "parties": [ada, { "name": "Cleo", "role": "witness" }] })).expect(200);
        assert_eq!(roles(&list), [("Ada", "client"), ("Cleo", "witness")]);
        assert_eq!(kinds(app, &case), ["party.added", "party.removed", "party.added", "party.added", "case.created"]);
        assert_eq!(app.put(&parties(&case), &json!({ "parties": [] })).expect(200), json!({ "data": [] }));
        app.put(&parties(&case), &json!([])).expect(200);
    }

    fn all_invalid_parties_are_named_at_once(app) {
        let case = app.case("a");
        let foreign = person(&app.another_account(), "Foreign");
        app.post(&parties(&case), &json!({})).expect_faults(&["parties"]);
        app.post(&parties(&case), &json!({ "parties": "x" })).expect_faults(&["parties"]);
        app.post(&parties(&case), &json!({ "parties": [{}] })).expect_faults(&["parties[0].id"]);
        app.post(&parties(&case), &json!({ "name": "a", "rolle": "b" })).expect_faults(&["rolle"]);
        let wrong = json!({ "parties": [{ "name": " " }, { "name": "x", "role": "" }, { "id": 1.5 }] });
        app.post(&parties(&case), &wrong).expect_faults(&["parties[0].name", "parties[1].role", "parties[2].id"]);
        let unknown = json!({ "parties": [{ "id": foreign }, { "id": 999_999_999 }] });
        app.post(&parties(&case), &unknown).expect_faults(&["parties[0].id", "parties[1].id"]);
        assert_eq!(app.get(&parties(&case)).expect(200), json!({ "data": [] }));
    }

    fn staff_are_added_and_removed(app) {
        let case = app.case("a");
        let anna = person(app, "Dr. Anna Mueller");
        let body = json!({ "staff": [{ "id": anna, "role": "lead_attorney" }, { "id": anna, "role": "reviewer" }, { "name": "Ben", "role": "paralegal" }] });
        let list = app.post(&staff(&case), &body).expect(201);
        assert_eq!(list["data"][0], json!({ "id": anna, "name": "Dr. Anna Mueller", "role": "lead_attorney" }));
        let ben = list["data"][2]["id"].as_str().unwrap().to_owned();
        assert_eq!(app.get(&format!("/api/v1/people/{ben}")).expect(200)["kind"], "staff");
        app.delete(&staff(&case)).expect_faults(&["staff_id"]);
        app.delete(&format!("{}?staff_id=usr_nobody", staff(&case))).expect_error(404, "STAFF_NOT_FOUND");
        app.delete(&format!("{}?staff_id={ben}&role=lead_attorney", staff(&case))).expect_error(404, "STAFF_NOT_FOUND");
        app.delete(&format!("{}?staff_id={anna}&role=reviewer", staff(&case))).expect(204);
        assert_eq!(roles(&app.get(&staff(&case)).expect(200)), [("Dr. Anna Mueller", "lead_attorney"), ("Ben", "paralegal")]);
        app.delete(&format!("{}?staff_id={anna}&staff_id={ben}", staff(&case))).expect(204);
        assert_eq!(app.get(&staff(&case)).expect(200), json!({ "data": [] }));
        assert_eq!(kinds(app, &case)[0], "staff.removed");
    }

    fn staff_to_remove_may_be_named_in_a_body(app) {
        let case = app.case("a");
        let list = app.post(&staff(&case), &json!({ "name": "Ben", "role": "paralegal" })).expect(201);
        let body = json!({ "staff_ids": [list["data"][0]["id"]] }).to_string();
        let json = app.with("content-type", "application/json");
        json.send("DELETE", &staff(&case), b"{\"staff_ids\": []}").expect_faults(&["staff_id"]);
        json.send("DELETE", &staff(&case), b"{\"staff_ids\": 7}").expect_faults(&["staff_ids"]);
        assert_eq!(json.send("DELETE", &staff(&case), body.as_bytes()).status, 204);
        json.send("DELETE", &staff(&case), body.as_bytes()).expect_error(404, "STAFF_NOT_FOUND");
    }

    fn people_are_created_read_and_updated(app) {
        let body = json!({ "kind": "staff", "name": "Dr. Anna Müller", "email": "anna@example.org", "phone": "1", "title": "Dr.", "active": true });
        let answer = app.post("/api/v1/people", &body);
        let anna = answer.expect(201);
        for field in ["kind", "name", "email", "phone", "title", "active"] {
            assert_eq!(anna[field], body[field], "{field}");
        }
        let path = format!("/api/v1/people/{}", anna["id"].as_str().unwrap());
        assert_eq!(answer.header("location"), Some(path.as_str()));
        assert_eq!(app.get(&path).expect(200), anna);
        let changed = app.put(&path, &json!({ "email": null, "active": false })).expect(200);
        assert_eq!((&changed["email"], &changed["active"], &changed["name"]), (&Value::Null, &json!(false), &anna["name"]));
        app.put(&path, &json!({ "name": "", "kind": "robot", "id": "x", "email": "nobody" })).expect_faults(&["name", "kind", "id", "email"]);
        app.post("/api/v1/people", &json!({ "email": "nobody" })).expect_faults(&["name", "email"]);
        for path in ["/api/v1/people/usr_nobody", "/api/v1/people/999999999"] {
            app.get(path).expect_error(404, "PERSON_NOT_FOUND");
            app.put(path, &json!({ "name": "x" })).expect_error(404, "PERSON_NOT_FOUND");
        }
        app.another_account().get(&path).expect_error(404, "PERSON_NOT_FOUND");
    }

    fn people_are_paginated(app) {
        for name in ["a", "b", "c"] {
            person(app, name);
        }
        let first = app.get("/api/v1/people?kind=contact&limit=2").expect(200);
        assert_eq!((&first["data"][0]["name"], &first["data"][1]["name"]), (&json!("c"), &json!("b")));
        let cursor = first["pagination"]["cursor"].as_str().unwrap();
        let second = app.get(&format!("/api/v1/people?kind=contact&limit=2&cursor={cursor}")).expect(200);
        assert_eq!((second["data"].as_array().unwrap().len(), &second["pagination"]["has_more"]), (1, &json!(false)));
        // Each key acts as a person in the directory.
        assert_eq!(app.get("/api/v1/people?kind=staff").expect(200)["data"][0]["name"], "tester");
        app.get("/api/v1/people?kind=robot&limit=0&cursor=x").expect_faults(&["kind", "limit", "cursor"]);
    }

    fn every_call_needs_its_scope_and_an_existing_case(app) {
        let case = app.case("a");
        let (reader, writer) = (app.with_scopes(&[Scope::CasesRead]), app.with_scopes(&[Scope::CasesWrite]));
        for path in [parties(&case), staff(&case), "/api/v1/people".to_owned()] {
            writer.get(&path).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
            reader.post(&path, &json!({ "name": "x" })).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
            app.anonymous().get(&path).expect_error(401, "AUTH_INVALID_KEY");
        }
        reader.put(&parties(&case), &json!([])).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        reader.delete(&format!("{}?staff_id=1", staff(&case))).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        writer.post(&parties(&case), &json!({ "name": "x" })).expect(201);
        app.delete(&TestApp::path(&case)).expect(204);
        for path in [parties(&case), staff(&case), "/api/v1/cases/nonsense/parties".to_owned()] {
            app.get(&path).expect_error(404, "CASE_NOT_FOUND");
            app.post(&path, &json!({ "name": "x" })).expect_error(404, "CASE_NOT_FOUND");
        }
        app.delete(&format!("{}?staff_id=1", staff(&case))).expect_error(404, "CASE_NOT_FOUND");
    }
}
