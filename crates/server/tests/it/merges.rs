//! Merges and splits of cases, in every dialect.

use std::{sync::Barrier, thread, time::Duration};

use serde_json::{Value, json};

use crate::{
    documents::{form, send},
    support::{TestApp, on_both_databases},
};

fn merges(case: &Value) -> String {
    format!("{}/merges", TestApp::path(case))
}

fn merge(app: &TestApp, into: &Value, cases: &[&Value]) -> Value {
    let cases = cases.iter().map(|case| &case["id"]).collect::<Vec<_>>();
    app.post(&merges(into), &json!({ "cases": cases, "reason": "reported twice" })).expect(201)
}

fn undo(app: &TestApp, merge: &Value) -> crate::support::TestResponse {
    let path = format!("/api/v1/cases/{}/merges/{}", merge["into"].as_str().unwrap(), merge["id"].as_str().unwrap());
    app.send("DELETE", &path, br#"{"reason": "two after all"}"#)
}

fn below(app: &TestApp, case: &Value, list: &str) -> Vec<Value> {
    app.get(&format!("{}/{list}", TestApp::path(case))).expect(200)["data"].as_array().unwrap().clone()
}

/// A case with a party, a member of the staff, a note and a deadline.
fn full(app: &TestApp, name: &str) -> Value {
    let case = app.case(name);
    let path = TestApp::path(&case);
    let post = |list: &str, body: Value| app.post(&format!("{path}/{list}"), &body).expect(201);
    post("parties", json!({ "name": format!("Party of {name}"), "role": "client" }));
    post("staff", json!({ "name": "Dana", "role": "lead" }));
    post("notes", json!({ "body": format!("note of {name}") }));
    post("deadlines", json!({ "title": format!("deadline of {name}"), "kind": "court", "due_at": "2027-01-02" }));
    case
}

on_both_databases! {
    fn an_upload_and_a_merge_have_one_order(app) {
        let (mut kept, mut refused) = (0, 0);
        for round in 0..12_u64 {
            let (into, part) = (app.case("into"), app.case("part"));
            let file = format!("name=\"file\"; filename=\"{round}.txt\"\r\nContent-Type: text/plain");
            let body = form(&[(&file, b"content")]);
            let barrier = Barrier::new(2);
            let (merged, uploaded) = thread::scope(|scope| {
                let merging = scope.spawn(|| {
                    barrier.wait();
                    // The upload writes its file first.
                    thread::sleep(Duration::from_millis(round));
                    merge(app, &into, &[&part])
                });
                let uploading = scope.spawn(|| {
                    barrier.wait();
                    send(app, &part, &body)
                });
                (merging.join().unwrap(), uploading.join().unwrap())
            });
            let names = |case: &Value| {
                let listed = below(app, case, "documents");
                listed.iter().map(|document| document["file_name"].clone()).collect::<Vec<_>>()
            };
            let expected = if uploaded.status == 201 {
                kept += 1;
                vec![json!(format!("{round}.txt"))]
            } else {
                uploaded.expect_error(409, "CASE_MERGED");
                refused += 1;
                Vec::new()
            };
            assert_eq!(names(&into), expected);
            undo(app, &merged).expect(204);
            assert_eq!((names(&into), names(&part)), (Vec::new(), expected));
        }
        assert_eq!(kept + refused, 12);
    }

    fn a_survivor_shows_what_its_parts_have(app) {
        let (one, two, three) = (full(app, "one"), full(app, "two"), full(app, "three"));
        let made = merge(app, &one, &[&two, &three]);
        let fields = made.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(fields, ["id", "into", "cases", "reason", "merged_by", "merged_at", "undone"]);
        assert!(made["id"].as_str().unwrap().starts_with("mrg_"));
        assert_eq!((&made["into"], &made["cases"]), (&one["id"], &json!([two["id"], three["id"]])));
        for (list, count, of_parts) in [("parties", 3, 2), ("notes", 3, 2), ("deadlines", 3, 2)] {
            let items = below(app, &one, list);
            assert_eq!(items.len(), count, "{list}: {items:?}");
            let origins = items.iter().filter_map(|item| item.get("origin")).collect::<Vec<_>>();
            assert_eq!(origins.len(), of_parts, "{list}: {items:?}");
            assert!(origins.contains(&&two["id"]) && origins.contains(&&three["id"]));
            assert_eq!(below(app, &two, list).len(), 1, "{list} of a part");
        }
        let case = app.get(&TestApp::path(&one)).expect(200);
        assert_eq!((case["parties"].as_array().unwrap().len(), &case["merged_into"]), (3, &Value::Null));
        assert_eq!(app.get(&TestApp::path(&two)).expect(200)["merged_into"], one["id"]);
        // The timeline has the events of all, page by page, each once.
        let (mut seen, mut next) = (Vec::new(), Some(format!("{}/timeline?limit=4", TestApp::path(&one))));
        while let Some(path) = next {
            let page = app.get(&path).expect(200);
            seen.extend(page["data"].as_array().unwrap().clone());
            let cursor = page["pagination"]["cursor"].as_str();
            next = cursor.map(|cursor| format!("{}/timeline?limit=4&cursor={cursor}", TestApp::path(&one)));
        }
        assert_eq!(seen.len(), 3 * 6, "{seen:?}");
        assert_eq!(seen.iter().filter(|event| event["type"] == "case.merged").count(), 3);
        let ids = seen.iter().map(|event| event["id"].as_str().unwrap()).collect::<std::collections::HashSet<_>>();
        assert_eq!(ids.len(), seen.len());
        // A cursor of one of the two orders is refused in the other.
        let page = app.get(&format!("{}/timeline?limit=1", TestApp::path(&one))).expect(200);
        undo(app, &made).expect(204);
        let stale = format!("{}/timeline?cursor={}", TestApp::path(&one), page["pagination"]["cursor"].as_str().unwrap());
        app.get(&stale).expect_faults(&["cursor"]);
        assert_eq!(below(app, &one, "notes").len(), 1);
    }

    fn a_part_leaves_the_lists_and_refuses_writes_on_its_path(app) {
        let (one, two) = (full(app, "one"), full(app, "two"));
        let total = || app.get("/api/v1/cases?limit=100").expect(200)["data"].as_array().unwrap().len();
        let all = || app.get("/api/v1/cases?limit=100&merged=true").expect(200)["data"].as_array().unwrap().len();
        assert_eq!((total(), all()), (2, 2));
        let deadline = below(app, &two, "deadlines")[0].clone();
        let note = below(app, &two, "notes")[0].clone();
        let made = merge(app, &one, &[&two]);
        assert_eq!((total(), all()), (1, 2));
        let path = TestApp::path(&two);
        for (method, at, body) in [
            ("PUT", "", json!({ "name": "other" })),
            ("DELETE", "", json!(null)),
            ("POST", "/restore", json!({})),
            ("POST", "/transitions", json!({ "transition": "resolve" })),
            ("POST", "/parties", json!({ "name": "Eve" })),
            ("POST", "/staff", json!({ "name": "Eve" })),
            ("POST", "/notes", json!({ "body": "x" })),
            ("POST", "/links", json!({ "linked_case_id": one["id"] })),
            ("POST", "/deadlines", json!({ "title": "t", "kind": "court", "due_at": "2027-01-02" })),
            ("POST", "/conflict-checks", json!({})),
            ("POST", "/merges", json!({ "cases": [one["id"]], "reason": "r" })),
            ("POST", "/split", json!({ "name": "n", "reason": "r" })),
        ] {
            let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
            let refused = app.send(method, &format!("{path}{at}"), &body).expect_error(409, "CASE_MERGED");
            assert!(refused.to_string().contains(one["id"].as_str().unwrap()), "{refused}");
        }
        // What it has already is changed by its own id, and the event is in its log.
        app.put(&format!("/api/v1/notes/{}", note["id"].as_str().unwrap()), &json!({ "body": "new" })).expect(200);
        let met = json!({ "status": "met" });
        app.put(&format!("/api/v1/deadlines/{}", deadline["id"].as_str().unwrap()), &met).expect(200);
        let types = below(app, &two, "timeline").iter().map(|event| event["type"].clone()).collect::<Vec<_>>();
        assert_eq!(types[..3], [json!("deadline.met"), json!("note.updated"), json!("case.merged")]);
        // Other dialects.
        let number = &two["number"];
        let services = app.put(&format!("/api/cases/{number}"), &json!({ "title": "x" }));
        assert_eq!(services.status, 422, "{}", services.json());
        let services = app.send("DELETE", &format!("/api/cases/{number}"), b"");
        assert_eq!(services.status, 422);
        let list = app.get("/api/cases/list").expect(200);
        assert_eq!(list["data"].as_array().map(Vec::len), Some(1), "{list}");
        let case_iq = app.send("PATCH", &format!("/case/{number}"), br#"{"caseType": "x"}"#);
        assert_eq!(case_iq.status, 409, "{}", case_iq.json());
        assert!(case_iq.json().to_string().contains("CONFLICT"));
        undo(app, &made).expect(204);
        assert_eq!((total(), all()), (2, 2));
        app.put(&path, &json!({ "name": "other" })).expect(200);
        undo(app, &made).expect_error(404, "MERGE_NOT_FOUND");
        let listed = app.get(&merges(&two)).expect(200);
        assert_eq!((&listed["data"][0]["id"], listed["data"].as_array().unwrap().len()), (&made["id"], 1));
        assert_eq!(listed["data"][0]["undone"]["reason"], "two after all");
    }

    fn a_merge_names_every_fault(app) {
        let (one, two) = (app.case("one"), app.case("two"));
        let foreign = app.another_account().case("theirs");
        let deleted = app.case("deleted");
        app.delete(&TestApp::path(&deleted)).expect(204);
        let post = |body: Value| app.post(&merges(&one), &body);
        post(json!({})).expect_faults(&["cases", "reason"]);
        post(json!({ "cases": [], "reason": " " })).expect_faults(&["reason", "cases"]);
        post(json!({ "cases": [one["id"]], "reason": "r" })).expect_faults(&["cases[0]"]);
        post(json!({ "cases": [two["id"], two["number"]], "reason": "r" })).expect_faults(&["cases[1]"]);
        post(json!({ "cases": vec![1; 51], "reason": "r" })).expect_faults(&["cases"]);
        let refused = |case: &Value| post(json!({ "cases": [case], "reason": "r" })).expect(400);
        for unknown in [&foreign["id"], &foreign["number"], &deleted["id"], &json!("nonsense")] {
            assert_eq!(refused(unknown), refused(&json!(999_999)), "{unknown}");
        }
        app.post(&merges(&foreign), &json!({ "cases": [one["id"]], "reason": "r" })).expect_error(404, "CASE_NOT_FOUND");
        app.post(&merges(&deleted), &json!({ "cases": [one["id"]], "reason": "r" })).expect_error(404, "CASE_NOT_FOUND");
        let made = merge(app, &one, &[&two]);
        post(json!({ "cases": [two["id"]], "reason": "r" })).expect_error(409, "CASE_MERGED");
        let at = format!("{}/{}", merges(&one), made["id"].as_str().unwrap());
        app.delete(&at).expect_faults(&["reason"]);
        app.send("DELETE", &at, b"{}").expect_faults(&["reason"]);
        app.send("DELETE", &format!("{}/mrg_x", merges(&one)), br#"{"reason": "r"}"#).expect_error(404, "MERGE_NOT_FOUND");
        app.another_account().send("DELETE", &at, br#"{"reason": "r"}"#).expect_error(404, "CASE_NOT_FOUND");
    }

    fn a_split_moves_things_with_their_ids(app) {
        let one = full(app, "one");
        let path = TestApp::path(&one);
        app.post(&format!("{path}/notes"), &json!({ "body": "stays" })).expect(201);
        let note = below(app, &one, "notes")[1].clone();
        let (party, staff) = (below(app, &one, "parties")[0].clone(), below(app, &one, "staff")[0].clone());
        let deadline = below(app, &one, "deadlines")[0].clone();
        let made = app.post(&format!("{path}/split"), &json!({
            "name": "second claim", "type": "litigation", "reason": "heard separately",
            "move": { "notes": [note["id"]], "deadlines": [deadline["id"]], "parties": [party["id"]] },
            "copy": { "staff": [staff["id"]] },
        }));
        assert!(made.header("location").is_some());
        let made = made.expect(201);
        assert_eq!((&made["parent"], &made["type"], &made["series_instance"]), (&one["id"], &json!("litigation"), &json!(2)));
        assert_eq!((&made["parties"][0]["id"], &made["staff"][0]["id"]), (&party["id"], &staff["id"]));
        assert_eq!(below(app, &made, "notes")[0]["id"], note["id"]);
        assert_eq!(below(app, &made, "deadlines")[0]["id"], deadline["id"]);
        assert_eq!(below(app, &one, "notes").iter().map(|note| note["body"].clone()).collect::<Vec<_>>(), [json!("stays")]);
        assert_eq!((below(app, &one, "deadlines").len(), below(app, &one, "parties").len(), below(app, &one, "staff").len()), (0, 0, 1));
        let links = below(app, &made, "links");
        assert_eq!((&links[0]["type"], &links[0]["linked_case_id"]), (&json!("split_from"), &one["id"]));
        assert_eq!(below(app, &one, "links")[0]["type"], "split_into");
        for case in [&one, &made] {
            let timeline = below(app, case, "timeline");
            let count = |kind: &str| timeline.iter().filter(|event| event["type"] == kind).count();
            assert_eq!((count("case.split"), count("case.item_moved")), (1, 2), "{timeline:?}");
        }
        // The thing is still changed by its id, now with the event in the log of the new case.
        app.put(&format!("/api/v1/notes/{}", note["id"].as_str().unwrap()), &json!({ "body": "new" })).expect(200);
        assert_eq!(below(app, &made, "timeline")[0]["type"], "note.updated");
    }

    fn a_split_names_every_fault(app) {
        let (one, two) = (full(app, "one"), full(app, "two"));
        let foreign = below(app, &two, "notes")[0]["id"].clone();
        let own = below(app, &one, "notes")[0]["id"].clone();
        let split = |body: Value| app.post(&format!("{}/split", TestApp::path(&one)), &body);
        split(json!({})).expect_faults(&["reason", "name"]);
        split(json!({ "name": "n", "reason": " " })).expect_faults(&["reason"]);
        split(json!({ "name": "n", "reason": "r", "parent": two["id"] })).expect_faults(&["parent"]);
        split(json!({ "name": "n", "reason": "r", "move": { "notes": [foreign, own, own, "x"] } }))
            .expect_faults(&["move.notes[0]", "move.notes[2]", "move.notes[3]"]);
        let party = below(app, &one, "parties")[0]["id"].clone();
        let both = json!({ "name": "n", "reason": "r", "move": { "parties": [party] }, "copy": { "parties": [party], "staff": [party] } });
        split(both).expect_faults(&["copy.staff[0]", "copy.parties[0]"]);
        split(json!({ "name": "n", "reason": "r", "move": { "updates": [7], "subjects": [8], "documents": [9], "deadlines": [10] } }))
            .expect_faults(&["move.documents[0]", "move.deadlines[0]", "move.subjects[0]", "move.updates[0]"]);
        split(json!({ "name": "n", "reason": "r", "move": { "notes": vec![1; 201] } })).expect_faults(&["move.notes"]);
    }
}
