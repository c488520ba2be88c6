//! The account's own workflows: checked, installed, proved, compared, drawn, activated, removed, and guards on the whole
//! case.

use docket_domain::{
    scope::Scopes,
    workflow::{EntityType, builtin},
};
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

fn status(id: i64, key: &str, more: &Value) -> Value {
    let mut status =
        json!({ "key": key, "id": id, "label": format!("The {key}"), "color": "#2563EB", "phase": "active" });
    status.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    status
}

/// A workflow with four eyes and conditions on the whole case.
fn litigation() -> Value {
    json!({
        "entity_type": "case",
        "name": "Litigation",
        "statuses": [
            status(101, "intake", &json!({ "initial": true })),
            status(102, "drafting", &json!({})),
            status(103, "filed", &json!({})),
            status(104, "done", &json!({ "phase": "closed", "terminal": true, "outcome": "closed" })),
        ],
        "transitions": [
            { "name": "accept", "from": ["intake"], "to": ["drafting"], "guards": [{ "staff_role_assigned": { "role": "lead" } }] },
            { "name": "file", "from": ["drafting"], "to": ["filed"], "guards": [
                { "document_present": { "title": "Claim" } }, { "no_open_deadlines": {} }, { "different_actor_than": { "transition": "accept" } },
            ] },
            { "name": "finish", "from": ["filed"], "to": ["done"], "guards": [
                { "any_of": [{ "party_role_present": { "role": "witness" } }, { "field_set": { "field": "resolution" } }] },
                { "not": { "field_equals": { "field": "priority", "value": "urgent" } } },
            ] },
        ],
    })
}

fn builtin_definition() -> Value {
    serde_json::to_value(builtin(EntityType::Case)).unwrap()
}

fn install(app: &TestApp, key: &str, body: &Value) -> Value {
    app.put(&format!("/api/v1/workflows/{key}"), body).expect(201)
}

fn codes(findings: &Value) -> Vec<(&str, &str)> {
    let findings = findings.as_array().unwrap().iter();
    findings.map(|one| (one["code"].as_str().unwrap(), one["path"].as_str().unwrap())).collect()
}

/// The reasons against a transition.
fn reasons(app: &TestApp, case: &str, name: &str) -> Vec<String> {
    let moves = app.get(&format!("/api/v1/cases/{case}/transitions")).expect(200);
    let explained = moves["data"].as_array().unwrap().iter().find(|explained| explained["name"] == name).unwrap();
    explained["reasons"].as_array().unwrap().iter().map(|reason| reason["code"].as_str().unwrap().to_owned()).collect()
}

on_both_databases! {
    fn an_account_begins_with_the_built_in_workflows(app) {
        let listed = app.get("/api/v1/workflows").expect(200);
        let keys = listed["data"].as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap()).collect::<Vec<_>>();
        assert_eq!(keys, ["default", "inquiry", "order"]);
        let id = builtin(EntityType::Case).id().to_string();
        app.post("/api/v1/cases", &json!({ "name": "a" })).expect(201);
        let default = app.get("/api/v1/workflows/default").expect(200);
        assert_eq!((&default["active_version"], &default["definition"]), (&json!(id), &builtin_definition()));
        assert_eq!((&default["versions"][0]["cases"], &default["cases_by_status"]["open"]), (&json!(1), &json!(1)));
        assert_eq!(app.get("/api/v1/workflows?entity_type=order").expect(200)["data"].as_array().unwrap().len(), 1);
        app.get("/api/v1/workflows?entity_type=moon").expect_error(400, "VALIDATION_ERROR");
        app.get("/api/v1/workflows/nothing").expect_error(404, "WORKFLOW_NOT_FOUND");
        app.get("/api/v1/workflows/default/versions/nonsense").expect_error(404, "WORKFLOW_NOT_FOUND");
    }

    fn a_check_reports_everything_at_once(app) {
        let mut broken = litigation();
        broken["statuses"][0]["color"] = json!("blue");
        broken["statuses"][1].as_object_mut().unwrap().remove("label");
        broken["statuses"][2]["size"] = json!(3);
        broken["transitions"][0]["to"] = json!(["nowhere"]);
        broken["transitions"][2]["guards"][0] = json!({ "moon_is_full": {} });
        let checked = app.post("/api/v1/workflows/check", &json!({ "definition": broken })).expect(200);
        assert_eq!(checked["valid"], false);
        assert_eq!(codes(&checked["faults"]), [
            ("missing_field", "/statuses/1"), ("unknown_field", "/statuses/2/size"), ("invalid_guard", "/transitions/2/guards/0"),
            ("invalid_color", "/statuses/0/color"), ("unknown_status", "/transitions/0/to"),
        ], "{checked}");
        assert!(checked["faults"].as_array().unwrap().iter().all(|fault| !fault["hint"].as_str().unwrap().is_empty()));
        // A bare definition, and things that are none.
        let checked = app.post("/api/v1/workflows/check", &litigation()).expect(200);
        assert_eq!((&checked["valid"], &checked["statuses"], &checked["transitions"]), (&json!(true), &json!(4), &json!(3)), "{checked}");
        for nothing in [json!({}), json!({ "definition": null }), json!({ "definition": [] }), json!({ "definition": { "statuses": 3 } })] {
            assert_eq!(app.post("/api/v1/workflows/check", &nothing).json()["valid"], json!(false), "{nothing}");
        }
    }

    fn warnings_name_what_is_hardly_meant(app) {
        let check = |definition: &Value| app.post("/api/v1/workflows/check", &json!({ "definition": definition })).expect(200);
        let mut odd = litigation();
        odd["transitions"][0]["scope"] = json!("admin");
        assert_eq!(codes(&check(&odd)["warnings"]), [("left_by_admin_only", "/statuses/0")]);
        odd["transitions"][1]["guards"] = json!([
            { "field_set": { "field": "owner" } }, { "field_empty": { "field": "owner" } },
            { "field_set": { "field": "custom_fields.court" } },
        ]);
        let checked = check(&odd);
        assert_eq!(checked["valid"], true, "{checked}");
        assert_eq!(codes(&checked["warnings"]), [
            ("no_way_to_an_end", "/statuses/0"), ("no_way_to_an_end", "/statuses/1"), ("never_possible", "/transitions/1"),
            ("field_never_set", "/transitions/1/guards/2"),
        ]);
        app.post("/api/v1/cases", &json!({ "name": "a", "custom_fields": { "court": "Berlin" } })).expect(201);
        let checked = app.post("/api/v1/workflows/check", &json!({ "definition": odd })).expect(200);
        assert!(!codes(&checked["warnings"]).iter().any(|(code, _)| *code == "field_never_set"), "{checked}");
    }

    fn assertions_are_answered_with_counterexamples_and_kept(app) {
        let assertions = json!([
            { "reachable": { "from": "open", "to": "closed" } },
            { "never": { "from": "closed", "to": "open", "without": "reopen" } },
            { "always_passes": { "to": "closed", "through": "resolved" } },
            { "reachable": { "from": "open", "to": "nowhere" } },
        ]);
        let body = json!({ "definition": builtin_definition(), "assertions": assertions });
        let checked = app.post("/api/v1/workflows/check", &body).expect(200);
        let holds = checked["assertions"].as_array().unwrap().iter().map(|answer| answer["holds"].as_bool().unwrap()).collect::<Vec<_>>();
        assert_eq!((holds, &checked["valid"]), (vec![true, true, false, false], &json!(false)));
        let path = &checked["assertions"][2]["counterexample"];
        assert_eq!(path["transitions"], json!(["close"]), "{path}");
        assert_eq!(path["statuses"][1], "closed");

        let kept = json!({ "definition": litigation(), "assertions": [{ "always_passes": { "to": "done", "through": "filed" } }] });
        // Another key: its statuses have other ids than the built-in ones.
        let first = install(app, "litigation", &kept);
        let mut shortcut = litigation();
        shortcut["transitions"].as_array_mut().unwrap().push(json!({ "name": "drop", "from": ["intake"], "to": ["done"] }));
        let refused = app.put("/api/v1/workflows/litigation", &json!({ "definition": shortcut }));
        let details = refused.expect(400)["error"]["details"].clone();
        assert!(details[0]["message"].as_str().unwrap().contains("intake → done"), "{details}");
        assert_eq!(app.get("/api/v1/workflows/litigation").expect(200)["active_version"], first["id"]);
        // A new list replaces the kept one.
        install(app, "litigation", &json!({ "definition": shortcut, "assertions": [] }));
    }

    fn versions_are_named_by_their_content_and_one_is_active(app) {
        let first = install(app, "litigation", &json!({ "definition": litigation(), "case_types": ["litigation"] }));
        assert_eq!((&first["number"], &first["active"], &first["key"]), (&json!(1), &json!(true), &json!("litigation")));
        let again = app.put("/api/v1/workflows/litigation", &json!({ "definition": litigation() })).expect(200);
        assert_eq!(again["id"], first["id"]);
        let mut next = litigation();
        next["statuses"][0]["label"] = json!("Received");
        next["transitions"].as_array_mut().unwrap().push(json!({ "name": "return", "from": ["filed"], "to": ["drafting"] }));
        let second = install(app, "litigation", &json!({ "definition": next, "activate": false }));
        assert_eq!((&second["number"], &second["active"]), (&json!(2), &json!(false)));
        let path = format!("/api/v1/workflows/litigation/versions/{}", first["id"].as_str().unwrap());
        let diff = app.get(&format!("{path}/diff?to={}", second["id"].as_str().unwrap())).expect(200);
        assert_eq!(diff["statuses"]["changed"], json!([{ "key": "intake", "fields": { "label": { "from": "The intake", "to": "Received" } } }]));
        assert_eq!((&diff["transitions"]["added"][0]["name"], &diff["transitions"]["removed"]), (&json!("return"), &json!([])));
        app.get(&format!("{path}/diff")).expect_error(400, "VALIDATION_ERROR");

        let case = |kind: &str| app.post("/api/v1/cases", &json!({ "name": "a", "type": kind })).expect(201);
        let (litigated, other) = (case("litigation"), case("other"));
        assert_eq!((&litigated["workflow_id"], &litigated["case_status"]["key"]), (&first["id"], &json!("intake")));
        assert_eq!(other["case_status"]["key"], "open");
        let named = app.post("/api/v1/cases", &json!({ "name": "a", "workflow": "litigation" })).expect(201);
        assert_eq!(named["case_status"]["label"], "The intake");
        app.post("/api/v1/cases", &json!({ "name": "a", "workflow": "nothing" })).expect_error(400, "VALIDATION_ERROR");

        let activate = |version: &Value| app.post("/api/v1/workflows/litigation/activate", &json!({ "version": version }));
        assert_eq!(activate(&second["id"]).expect(200)["active_version"], second["id"]);
        assert_eq!(case("litigation")["case_status"]["label"], "Received");
        activate(&json!(builtin(EntityType::Case).id())).expect_error(400, "VALIDATION_ERROR");
        assert_eq!(activate(&first["id"]).expect(200)["active_version"], first["id"]);
        let listed = app.get("/api/v1/workflows/litigation").expect(200);
        assert_eq!((&listed["versions"][0]["cases"], &listed["versions"][1]["cases"]), (&json!(2), &json!(1)));
        assert_eq!(listed["case_types"], json!(["litigation"]));
    }

    fn a_request_that_contradicts_another_workflow_is_refused_with_every_fault(app) {
        install(app, "litigation", &json!({ "definition": litigation(), "case_types": ["litigation"] }));
        let mut other = litigation();
        other["name"] = json!("Arbitration");
        other["statuses"][0]["label"] = json!("Other");
        let refused = app.put("/api/v1/workflows/arbitration", &json!({ "definition": other, "case_types": ["litigation", "arbitration"] }));
        let refused = refused.expect(400)["error"]["details"].clone();
        let fields = refused.as_array().unwrap().iter().map(|one| one["field"].as_str().unwrap()).collect::<Vec<_>>();
        assert_eq!(fields, ["case_types[0]", "definition/statuses/0/id"], "{refused}");
        let inquiry = serde_json::to_value(builtin(EntityType::Inquiry)).unwrap();
        app.put("/api/v1/workflows/litigation", &json!({ "definition": inquiry })).expect_error(400, "VALIDATION_ERROR");
        app.put("/api/v1/workflows/Two%20Words", &json!({ "definition": litigation() })).expect_error(400, "VALIDATION_ERROR");
        app.put("/api/v1/workflows/default", &json!({ "definition": builtin_definition(), "case_types": ["a"] })).expect_error(400, "VALIDATION_ERROR");
        app.put("/api/v1/workflows/a", &json!({ "assertions": 3 })).expect_error(400, "VALIDATION_ERROR");
    }

    fn a_workflow_that_cases_follow_is_not_removed(app) {
        install(app, "litigation", &json!({ "definition": litigation() }));
        app.delete("/api/v1/workflows/default").expect_error(409, "WORKFLOW_IN_USE");
        app.delete("/api/v1/workflows/inquiry").expect_error(409, "WORKFLOW_IN_USE");
        app.post("/api/v1/cases", &json!({ "name": "a", "workflow": "litigation" })).expect(201);
        app.delete("/api/v1/workflows/litigation").expect_error(409, "WORKFLOW_IN_USE");
        let mut spare = litigation();
        spare["name"] = json!("Spare");
        install(app, "spare", &json!({ "definition": spare }));
        assert_eq!(app.delete("/api/v1/workflows/spare").status, 204);
        app.get("/api/v1/workflows/spare").expect_error(404, "WORKFLOW_NOT_FOUND");
        app.delete("/api/v1/workflows/spare").expect_error(404, "WORKFLOW_NOT_FOUND");
        let reader = app.with_key(&app.make_key("reader", Scopes::from_iter([docket_domain::scope::Scope::CasesRead]), None));
        reader.get("/api/v1/workflows").expect(200);
        reader.put("/api/v1/workflows/spare", &json!({ "definition": spare })).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
    }

    fn guards_on_the_whole_case_are_explained_and_hold(app) {
        install(app, "litigation", &json!({ "definition": litigation() }));
        let case = app.post("/api/v1/cases", &json!({ "name": "a", "workflow": "litigation", "priority": "urgent" })).expect(201);
        let id = case["id"].as_str().unwrap();
        let path = format!("/api/v1/cases/{id}");
        let go = |name: &str| app.post(&format!("{path}/transitions"), &json!({ "transition": name }));
        assert_eq!(reasons(app, id, "accept"), ["staff_role_missing"]);
        let refused = go("accept");
        refused.expect_error(409, "TRANSITION_NOT_ALLOWED");
        assert!(String::from_utf8_lossy(&refused.body).contains("`lead`"));
        let person = app.post("/api/v1/people", &json!({ "name": "Ada", "kind": "staff" })).expect(201);
        app.post(&format!("{path}/staff"), &json!({ "staff": [{ "id": person["id"], "role": "lead" }] })).expect(201);
        assert!(reasons(app, id, "accept").is_empty());
        go("accept").expect(200);

        let deadline = app.post(&format!("{path}/deadlines"), &json!({ "title": "d", "due_at": "2099-01-01" })).expect(201);
        assert_eq!(reasons(app, id, "file"), ["document_missing", "deadlines_open", "same_actor"]);
        app.put(&format!("/api/v1/deadlines/{}", deadline["id"].as_str().unwrap()), &json!({ "status": "met" })).expect(200);
        let body = "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nClaim\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; \
                    filename=\"a.txt\"\r\nContent-Type: text/plain\r\n\r\nbytes\r\n--x--\r\n";
        app.with("content-type", "multipart/form-data; boundary=x").send("POST", &format!("{path}/documents"), body.as_bytes()).expect(201);
        assert_eq!(reasons(app, id, "file"), ["same_actor"]);
        go("file").expect_error(409, "TRANSITION_NOT_ALLOWED");
        let colleague = app.with_key(&app.make_key("colleague", Scopes::all(), None));
        let dry = colleague.post(&format!("{path}/transitions"), &json!({ "transition": "file", "dry_run": true })).expect(200);
        assert_eq!(dry["case_status"]["key"], "filed");
        colleague.post(&format!("{path}/transitions"), &json!({ "transition": "file" })).expect(200);

        assert_eq!(reasons(app, id, "finish"), ["no_alternative", "condition_excluded"]);
        app.put(&path, &json!({ "priority": "low", "resolution": "settled" })).expect(200);
        go("finish").expect(200);
        let drawn = app.get(&format!("/api/v1/workflows/litigation/versions/{}/diagram?format=mermaid&case={id}", case["workflow_id"].as_str().unwrap()));
        let drawn = String::from_utf8(drawn.body).unwrap();
        assert!(drawn.contains("File #91;2#93;") && drawn.contains("stroke-width:4px"), "{drawn}");
    }

    fn a_version_is_drawn_in_three_formats(app) {
        let id = builtin(EntityType::Case).id();
        let path = format!("/api/v1/workflows/default/versions/{id}/diagram");
        for (target, accept, kind, part) in [
            (path.clone(), "*/*", "image/svg+xml", "<svg"),
            (path.clone(), "text/vnd.graphviz", "text/vnd.graphviz", "digraph"),
            (format!("{path}?format=mermaid"), "image/svg+xml", "text/vnd.mermaid", "stateDiagram-v2"),
        ] {
            let drawn = app.with("accept", accept).get(&target);
            assert_eq!(drawn.status, 200);
            assert!(drawn.header("content-type").unwrap().starts_with(kind), "{target}");
            assert!(String::from_utf8(drawn.body).unwrap().contains(part));
        }
        app.get(&format!("{path}?format=gif")).expect_error(400, "VALIDATION_ERROR");
        app.get(&format!("{path}?case=999999999")).expect_error(404, "CASE_NOT_FOUND");
    }

    fn the_other_dialects_show_the_own_workflows(app) {
        let mut own = builtin_definition();
        own["name"] = json!("Ours");
        own["statuses"].as_array_mut().unwrap().push(status(8, "on_hold", &json!({})));
        own["transitions"].as_array_mut().unwrap().push(json!({ "name": "hold", "from": ["open"], "to": ["on_hold"] }));
        own["transitions"].as_array_mut().unwrap().push(json!({ "name": "release", "from": ["on_hold"], "to": ["open"] }));
        install(app, "default", &json!({ "definition": own }));
        install(app, "litigation", &json!({ "definition": litigation() }));
        let keys = |path: &str| app.get(path).expect(200)["data"].clone();
        assert_eq!(keys("/api/cases/statuses/available").as_array().unwrap().last().unwrap(), "on_hold");
        assert_eq!(keys("/api/cases/statuses/available?workflow=litigation"), json!(["intake", "drafting", "filed", "done"]));
        assert_eq!(keys("/api/cases/meta/statuses?workflow=litigation")[0]["label"], "The intake");
        assert_eq!(app.get("/api/cases/meta/statuses?workflow=moon").status, 422);
        let rules = app.get("/api/status-definitions/transitions?entity_type=case&workflow=litigation&grouped=false").expect(200);
        assert_eq!(rules["data"][0]["name"], "accept", "{rules}");
        let held = app.post("/api/v1/cases", &json!({ "name": "a" })).expect(201);
        app.post(&format!("/api/v1/cases/{}/transitions", held["id"].as_str().unwrap()), &json!({ "to": "on_hold" })).expect(200);
        let statistics = app.get("/api/cases/stats/overview").expect(200);
        assert_eq!(statistics["data"]["by_status"]["on_hold"], 1);
        assert_eq!(statistics["data"]["by_status"]["intake"], 0);
        assert_eq!(app.get("/api/v1/cases?case_status=8").expect(200)["data"].as_array().unwrap().len(), 1);
        assert_eq!(app.get("/api/cases/list?status=on_hold").expect(200)["data"].as_array().unwrap().len(), 1);
        assert_eq!(app.get("/api/cases/list?status=intake").expect(200)["data"].as_array().unwrap().len(), 0);
        assert_eq!(app.get("/api/cases/list?status=moon").status, 422);
        let uuid = held["id"].as_str().unwrap();
        let seen = app.get(&format!("/case/{uuid}")).expect(200);
        assert_eq!((&seen["lastWorkflowStatus"], &seen["lastWorkflowId"]), (&json!("The on_hold"), &held["workflow_id"]));
        let freed = app.post(&format!("/case/{uuid}/transition"), &json!({ "caseStatus": "release", "workflowId": held["workflow_id"] })).expect(200);
        assert_eq!(freed["lastWorkflowStatus"], "Open");
    }

    fn a_migration_moves_each_case_once_and_lists_those_that_cannot_move(app) {
        let first = install(app, "litigation", &json!({ "definition": litigation() }));
        let create = |name: &str| app.post("/api/v1/cases", &json!({ "name": name, "workflow": "litigation" })).expect(201);
        let person = app.post("/api/v1/people", &json!({ "name": "Ada", "kind": "staff" })).expect(201);
        let cases = (0..120).map(|at| create(&format!("case {at}"))).collect::<Vec<_>>();
        let (drafting, deleted) = (&cases[5], &cases[6]);
        let path = format!("/api/v1/cases/{}", drafting["id"].as_str().unwrap());
        app.post(&format!("{path}/staff"), &json!({ "staff": [{ "id": person["id"], "role": "lead" }] })).expect(201);
        app.post(&format!("{path}/transitions"), &json!({ "transition": "accept" })).expect(200);
        assert_eq!(app.delete(&format!("/api/v1/cases/{}", deleted["id"].as_str().unwrap())).status, 204);

        let mut next = litigation();
        next["statuses"][0]["key"] = json!("received");
        next["statuses"][1]["key"] = json!("writing");
        for transition in next["transitions"].as_array_mut().unwrap() {
            let renamed = serde_json::to_string(transition).unwrap().replace("\"intake\"", "\"received\"").replace("\"drafting\"", "\"writing\"");
            *transition = serde_json::from_str(&renamed).unwrap();
        }
        let second = install(app, "litigation", &json!({ "definition": next }));
        let migrations = "/api/v1/workflows/litigation/migrations";
        let plan = app.post(migrations, &json!({ "from": "all", "status_map": { "intake": "received" }, "dry_run": true })).expect(200);
        assert_eq!((&plan["planned"], &plan["refused"], &plan["dry_run"]), (&json!(119), &json!(1), &json!(true)), "{plan}");
        let row = plan["statuses"].as_array().unwrap().iter().find(|row| row["from_status"] == "drafting").unwrap();
        assert_eq!((&row["cases"], &row["to_status"], &row["reasons"]), (&json!(1), &Value::Null, &json!(["no_such_status"])));
        for (body, field) in [
            (json!({ "from": "all", "status_map": { "moon": "received" } }), "status_map.moon"),
            (json!({ "from": "all", "status_map": { "intake": "moon" } }), "status_map.intake"),
            (json!({ "from": second["id"] }), "from"),
            (json!({}), "from"),
        ] {
            assert_eq!(app.post(migrations, &body).expect(400)["error"]["details"][0]["field"], field, "{body}");
        }

        let begun = app.post(migrations, &json!({ "from": first["id"], "status_map": { "intake": "received" }, "reason": "clearer words" })).expect(202);
        let path = format!("{migrations}/{}", begun["id"].as_str().unwrap());
        let finished = (0..2_000).map(|_| app.get(&path).expect(200)).find(|seen| seen["state"] == "done").unwrap();
        assert_eq!((&finished["moved"], &finished["planned"], &finished["skipped"]), (&json!(119), &json!(119), &json!(0)), "{finished}");
        assert_eq!(finished["refused"][0]["case"], drafting["number"]);
        assert_eq!(finished["refused"][0]["reasons"][0]["code"], "no_such_status");
        let moved = app.get(&format!("/api/v1/cases/{}", cases[0]["id"].as_str().unwrap())).expect(200);
        assert_eq!((&moved["workflow_id"], &moved["case_status"]["key"]), (&second["id"], &json!("received")));
        assert_eq!(moved["version"], 2);
        let event = app.get(&format!("/api/v1/cases/{}/timeline", cases[0]["id"].as_str().unwrap())).expect(200)["data"][0].clone();
        assert_eq!((&event["type"], &event["metadata"]["from_status"]), (&json!("case.workflow_migrated"), &json!("intake")), "{event}");
        app.post(&format!("/api/v1/cases/{}/restore", deleted["id"].as_str().unwrap()), &json!({})).expect(200);
        let listed = app.get("/api/v1/workflows/litigation").expect(200);
        assert_eq!((&listed["versions"][0]["cases"], &listed["versions"][1]["cases"]), (&json!(1), &json!(119)));
        let statistics = app.get("/api/cases/stats/overview").expect(200);
        assert_eq!((&statistics["data"]["by_status"]["received"], &statistics["data"]["by_status"]["drafting"]), (&json!(119), &json!(1)));
        app.get(&format!("/api/v1/workflows/default/migrations/{}", begun["id"].as_str().unwrap())).expect_error(404, "WORKFLOW_NOT_FOUND");
    }

    fn a_guard_holds_in_a_race(app) {
        install(app, "litigation", &json!({ "definition": litigation() }));
        for round in 0..8 {
            let case = app.post("/api/v1/cases", &json!({ "name": format!("round {round}"), "workflow": "litigation" })).expect(201);
            let path = format!("/api/v1/cases/{}", case["id"].as_str().unwrap());
            let person = app.post("/api/v1/people", &json!({ "name": "Ada", "kind": "staff" })).expect(201);
            app.post(&format!("{path}/staff"), &json!({ "staff": [{ "id": person["id"], "role": "lead" }] })).expect(201);
            // Half of the clients take the lead away while the others accept.
            let statuses = std::thread::scope(|scope| {
                let clients = (0..32).map(|client| {
                    let (path, person) = (&path, &person);
                    scope.spawn(move || match client % 2 {
                        0 => app.post(&format!("{path}/transitions"), &json!({ "transition": "accept" })).status,
                        _ => app.delete(&format!("{path}/staff?id={}&role=lead", person["id"].as_str().unwrap())).status,
                    })
                });
                clients.collect::<Vec<_>>().into_iter().map(|client| client.join().unwrap()).collect::<Vec<_>>()
            });
            assert!(statuses.iter().all(|status| *status < 500), "{statuses:?}");
            let types = app.get(&format!("{path}/timeline")).expect(200);
            let types = types["data"].as_array().unwrap().iter().rev().map(|event| event["type"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
            let place = |kind: &str| types.iter().position(|known| known == kind);
            if let (Some(accepted), Some(removed)) = (place("case.status_changed"), place("staff.removed")) {
                assert!(accepted < removed, "{types:?}");
            }
        }
    }
}
