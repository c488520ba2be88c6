//! Conflicts of interest: names are found under any spelling, and a check is kept, decided and becomes stale.

use docket_domain::scope::Scope;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, on_both_databases};

fn party(app: &TestApp, case: &Value, name: &str, role: &str) -> String {
    let added =
        app.post(&format!("{}/parties", TestApp::path(case)), &json!({ "parties": [{ "name": name, "role": role }] }));
    let added = added.expect(201)["data"].clone();
    let of_name = added.as_array().unwrap().iter().find(|party| party["name"] == name).unwrap();
    of_name["id"].as_str().unwrap().to_owned()
}

fn check(app: &Client, names: &[&str], side: &str) -> Value {
    app.post("/api/v1/conflicts/check", &json!({ "names": names, "side": side })).expect(200)
}

fn rules(hit: &Value) -> Vec<&str> {
    hit["matched_by"].as_array().unwrap().iter().map(|rule| rule["rule"].as_str().unwrap()).collect()
}

on_both_databases! {
    fn a_client_elsewhere_is_a_conflict_under_any_spelling(app) {
        let case = app.case("Jones v. Acme");
        let person = party(app, &case, "Robert Jones", "client");
        party(app, &case, "Acme Limited", "opponent");
        for (queried, rule) in [
            ("Robert Jones", "identical"), ("JONES, Robert", "reordered"), ("Bob Jones", "nickname"), ("R. Jones", "initials"),
            ("Robert Jonnes", "misspelt"),
        ] {
            let found = check(app, &[queried], "adverse");
            assert_eq!(found["verdict"], "conflict", "{queried}: {found}");
            let hit = &found["hits"][0];
            assert_eq!((&hit["queried"], &hit["person"]["id"]), (&json!(queried), &json!(person)));
            assert!(rules(hit).contains(&rule), "{queried}: {hit}");
            let role = &hit["roles"][0];
            assert_eq!((&role["case"]["id"], &role["case"]["case_number"]), (&case["id"], &case["case_number"]));
            assert_eq!((&role["role"], &role["side"], &role["former"]), (&json!("client"), &json!("client"), &json!(false)));
            assert!(role["since"].is_string() && hit["why"].as_str().unwrap().contains("client"), "{hit}");
        }
        // The reverse: the opponent of a client wants to be one.
        let found = check(app, &["ACME Ltd", "Nobody At All"], "client");
        assert_eq!((&found["verdict"], &rules(&found["hits"][0])[0]), (&json!("conflict"), &"company"));
        // On the same side, only the name is known.
        assert_eq!(check(app, &["Robert Jones"], "client")["verdict"], "possible");
        let clear = check(app, &["Nobody At All"], "client");
        assert_eq!((&clear["verdict"], &clear["hits"]), (&json!("clear"), &json!([])));
        assert!(clear["searched"]["people"].is_u64() && clear["searched"]["milliseconds"].is_u64());
        let strict = json!({ "names": ["R. Jones"], "side": "adverse", "min_score": 0.95 });
        assert_eq!(app.post("/api/v1/conflicts/check", &strict).expect(200)["verdict"], "clear");
        assert_eq!(check(&app.another_account(), &["Robert Jones"], "adverse")["verdict"], "clear");
    }

    fn aliases_and_addresses_find_a_person(app) {
        let case = app.case("a");
        let person = party(app, &case, "Yekaterina Volkova", "client");
        let path = format!("/api/v1/people/{person}");
        let changes = json!({ "aliases": ["Katya Wolf"], "email": "kv@example.org" });
        assert_eq!(app.put(&path, &changes).expect(200)["aliases"], json!(["Katya Wolf"]));
        let found = check(app, &["katya wolf"], "adverse");
        assert!(rules(&found["hits"][0]).contains(&"alias"), "{found}");
        assert_eq!(found["hits"][0]["person"]["aliases"], json!(["Katya Wolf"]));
        let by_email = json!({ "emails": ["KV@example.org"], "side": "adverse" });
        let found = app.post("/api/v1/conflicts/check", &by_email).expect(200);
        assert_eq!((&found["verdict"], rules(&found["hits"][0])), (&json!("conflict"), vec!["email"]));
        // What a person was called is found no more.
        app.put(&path, &json!({ "aliases": [], "name": "Another Name" })).expect(200);
        assert_eq!(check(app, &["katya wolf", "Yekaterina Volkova"], "adverse")["verdict"], "clear");
        app.put(&path, &json!({ "aliases": vec!["x"; 51] })).expect_faults(&["aliases"]);
        app.put(&path, &json!({ "aliases": [" "] })).expect_faults(&["aliases[0]"]);
    }

    fn invalid_checks_name_every_field(app) {
        let check = |body: Value| app.post("/api/v1/conflicts/check", &body);
        check(json!({})).expect_faults(&["names", "side"]);
        check(json!({ "names": [], "side": "left", "min_score": 2 })).expect_faults(&["side", "min_score"]);
        check(json!({ "names": ["a"] })).expect_faults(&["side"]);
        check(json!({ "names": [" "], "side": "client" })).expect_faults(&["names[0]"]);
        check(json!({ "names": vec!["a"; 51], "side": "client" })).expect_faults(&["names"]);
        check(json!({ "case": "41" })).expect_faults(&["case"]);
        check(json!({ "case": 1, "side": "client", "names": ["a"] })).expect_faults(&["side", "names"]);
        check(json!({ "names": ["a"], "side": "client", "colour": "red" })).expect_faults(&["colour"]);
    }

    fn roles_have_the_sides_of_the_account(app) {
        let sides = app.get("/api/v1/conflicts/sides").expect(200);
        assert_eq!((&sides["sides"]["client"], &sides["sides"]["defendant"]), (&json!("client"), &json!("adverse")));
        let case = app.case("a");
        party(app, &case, "Walter Braun", "tenant");
        assert_eq!(check(app, &["Walter Braun"], "adverse")["verdict"], "possible");
        let own = json!({ "sides": { "Tenant": "client", "landlord": "adverse" } });
        assert_eq!(app.put("/api/v1/conflicts/sides", &own).expect(200)["sides"]["tenant"], "client");
        assert_eq!(app.put("/api/v1/conflicts/sides", &own["sides"]).expect(200)["sides"]["landlord"], "adverse");
        assert_eq!(check(app, &["Walter Braun"], "adverse")["verdict"], "conflict");
        app.put("/api/v1/conflicts/sides", &json!({ "sides": { "tenant": "left" } })).expect_faults(&["sides.tenant"]);
        app.with_scopes(&[Scope::CasesWrite]).put("/api/v1/conflicts/sides", &own).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
    }

    fn a_check_is_kept_decided_by_another_person_and_becomes_stale(app) {
        let (old, new) = (app.case("old"), app.case("new"));
        let client = party(app, &old, "Hans Müller", "client");
        party(app, &new, "Johannes Mueller", "opponent");
        party(app, &new, "Bystander Bill", "witness");
        let checks = format!("{}/conflict-checks", TestApp::path(&new));
        let kept = app.post(&checks, &json!({})).expect(201);
        assert_eq!((&kept["verdict"], &kept["case_id"], &kept["stale"]), (&json!("conflict"), &new["id"], &json!(false)));
        let hit = &kept["hits"][0];
        assert_eq!((&hit["number"], &hit["person"]["id"], &hit["decision"]), (&json!(1), &json!(client), &Value::Null));
        assert_eq!(hit["roles"][0]["case"]["id"], old["id"]);
        assert_eq!(kept["hits"].as_array().unwrap().len(), 1, "the case's own parties are no hits: {kept}");
        assert_eq!(kept["run_by"]["name"], "tester");
        assert_eq!(app.get(&checks).expect(200)["data"], json!([kept]));
        let by_case = app.post("/api/v1/conflicts/check", &json!({ "case": new["id"] })).expect(200);
        assert_eq!((&by_case["verdict"], by_case["hits"].as_array().unwrap().len()), (&json!("conflict"), 1));

        let path = format!("/api/v1/conflict-checks/{}/hits/1", kept["id"].as_str().unwrap());
        let waive = json!({ "decision": "waived", "reason": "both have consented" });
        app.put(&path, &waive).expect_error(409, "FOUR_EYES_REQUIRED");
        let other = app.with_scopes(&[Scope::CasesRead, Scope::CasesWrite]);
        other.put(&path, &json!({ "decision": "maybe", "reason": " " })).expect_faults(&["decision", "reason"]);
        other.put(&path.replace("/hits/1", "/hits/2"), &waive).expect_error(404, "CONFLICT_CHECK_NOT_FOUND");
        other.put(&path.replace("/hits/1", "/hits/x"), &waive).expect_error(404, "CONFLICT_CHECK_NOT_FOUND");
        app.another_account().put(&path, &waive).expect_error(404, "CONFLICT_CHECK_NOT_FOUND");
        let decided = other.put(&path, &waive).expect(200);
        assert_eq!((&decided["cleared"], &decided["stale"]), (&json!(true), &json!(false)), "{decided}");
        assert_eq!(decided["hits"][0]["decision"]["reason"], "both have consented");
        let confirmed = other.put(&path, &json!({ "decision": "confirmed", "reason": "they have not" })).expect(200);
        assert_eq!(confirmed["cleared"], false);
        let events = app.get("/api/v1/events?type=conflict_check.*").expect(200);
        let events = events["data"].as_array().unwrap().iter();
        let kinds = events.map(|event| (event["type"].clone(), event["subject"]["id"].clone())).collect::<Vec<_>>();
        let of = |kind: &str| (json!(kind), kept["id"].clone());
        assert_eq!(kinds, [of("conflict_check.run"), of("conflict_check.decided"), of("conflict_check.decided")]);

        // Another name of a party, or another party, makes the check stale.
        let opponent = app.get(&TestApp::path(&new)).expect(200)["parties"][0]["id"].as_str().unwrap().to_owned();
        let is_stale = || app.get(&checks).expect(200)["data"][0]["stale"].clone();
        assert_eq!(is_stale(), false);
        app.put(&format!("/api/v1/people/{opponent}"), &json!({ "aliases": ["Hannes"] })).expect(200);
        assert_eq!(is_stale(), true);
        let again = app.post(&checks, &json!({})).expect(201);
        assert_eq!(is_stale(), false);
        party(app, &new, "One More", "opponent");
        assert_eq!(is_stale(), true);
        let listed = app.get(&format!("{checks}?limit=1")).expect(200);
        assert_eq!((&listed["data"][0]["id"], &listed["pagination"]["has_more"]), (&again["id"], &json!(true)));
        app.post("/api/v1/cases/999/conflict-checks", &json!({})).expect_error(404, "CASE_NOT_FOUND");
    }

    fn a_guard_waits_for_a_fresh_check_without_open_hits(app) {
        let status = |key: &str, id: i64, phase: &str, extra: Value| {
            let mut status = json!({ "key": key, "id": id, "label": key, "color": "#2563EB", "phase": phase });
            status.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
            status
        };
        let end = json!({ "terminal": true, "outcome": "closed" });
        let definition = json!({
            "entity_type": "case", "name": "Mandate",
            "statuses": [status("asked", 31, "active", json!({ "initial": true })), status("accepted", 32, "closed", end)],
            "transitions": [{ "name": "accept", "from": ["asked"], "to": ["accepted"], "guards": [{ "conflict_check_cleared": {} }] }],
        });
        let install = json!({ "definition": definition, "case_types": ["mandate"] });
        app.put("/api/v1/workflows/mandate", &install).expect(201);
        party(app, &app.case("old"), "Ingrid Solberg", "opponent");
        let case = app.create(&json!({ "name": "new", "type": "mandate" }));
        let transitions = format!("{}/transitions", TestApp::path(&case));
        let refused = || {
            let refused = app.post(&transitions, &json!({ "transition": "accept" })).expect_error(409, "TRANSITION_NOT_ALLOWED");
            assert_eq!(refused["reasons"][0]["code"], "conflicts_not_cleared", "{refused}");
        };
        refused();
        let checks = format!("{}/conflict-checks", TestApp::path(&case));
        assert_eq!(app.post(&checks, &json!({})).expect(201)["verdict"], "clear");
        party(app, &case, "Ingrid Solberg", "client");
        refused();
        let check = app.post(&checks, &json!({})).expect(201);
        assert_eq!(check["verdict"], "conflict");
        refused();
        let path = format!("/api/v1/conflict-checks/{}/hits/1", check["id"].as_str().unwrap());
        let other = app.with_scopes(&[Scope::CasesWrite]);
        other.put(&path, &json!({ "decision": "confirmed", "reason": "the same woman" })).expect(200);
        refused();
        other.put(&path, &json!({ "decision": "waived", "reason": "both have consented" })).expect(200);
        app.post(&transitions, &json!({ "transition": "accept" })).expect(200);
    }
}
