//! `ETag`, `If-None-Match` and `If-Match`.

use std::{
    sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};

const CLIENTS: usize = 16;

/// Sends one change with the same entity tag from each of many clients; asserts that exactly one succeeds.
fn exactly_one_wins(app: &TestApp, path: &str, tag: &str, body: impl Fn(usize) -> Value + Sync) {
    let (barrier, won, lost) = (Barrier::new(CLIENTS), AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            let (barrier, won, lost, body) = (&barrier, &won, &lost, &body);
            scope.spawn(move || {
                let body = body(client);
                barrier.wait();
                let answer = app.with("if-match", tag).put(path, &body);
                match answer.status {
                    200 => won.fetch_add(1, Ordering::Relaxed),
                    412 => lost.fetch_add(1, Ordering::Relaxed),
                    other => panic!("{path}: {other}: {}", String::from_utf8_lossy(&answer.body)),
                };
            });
        }
    });
    assert_eq!((won.into_inner(), lost.into_inner()), (1, CLIENTS - 1), "{path}");
}

on_both_databases! {
    fn the_entity_tag_is_the_version(app) {
        let case = app.case("a");
        assert_eq!(app.get(&TestApp::path(&case)).header("etag"), Some("\"1\""));
        let changed = app.put(&TestApp::path(&case), &json!({ "name": "b" }));
        assert_eq!(changed.header("etag"), Some("\"2\""));
        assert_eq!(app.get(&TestApp::path(&case)).header("etag"), Some("\"2\""));
    }

    fn if_none_match_with_the_current_version_is_304_without_a_body(app) {
        let path = TestApp::path(&app.case("a"));
        for tags in ["\"1\"", "W/\"1\"", "*", "\"7\", \"1\"", "\"7\",W/\"1\""] {
            let answer = app.with("if-none-match", tags).get(&path);
            assert_eq!((answer.status, answer.body.len(), answer.header("etag")), (304, 0, Some("\"1\"")), "{tags}");
        }
        for tags in ["\"2\"", "1", "\"x\"", "\"\"", "\"+1\""] {
            app.with("if-none-match", tags).get(&path).expect(200);
        }
    }

    fn if_match_with_another_version_is_412_and_changes_nothing(app) {
        let case = app.case("a");
        let path = TestApp::path(&case);
        for tags in ["\"2\"", "\"0\"", "W/\"1\"", "\"x\"", "nonsense"] {
            let stale = app.with("if-match", tags).put(&path, &json!({ "name": "b" }));
            stale.expect_error(412, "PRECONDITION_FAILED");
        }
        assert_eq!(app.get(&path).expect(200), case);
        app.with("if-match", "\"1\"").put(&path, &json!({ "name": "b" })).expect(200);
        app.with("if-match", "*").put(&path, &json!({ "name": "c" })).expect(200);
        app.with("if-match", "\"2\", \"3\"").put(&path, &json!({ "name": "d" })).expect(200);
        for tags in ["\"4\", \"9\"", "\"9\",\"x\" , \"4\"", "W/\"5\", \"4\""] {
            app.with("if-match", tags).put(&path, &json!({ "name": "d" })).expect(200);
        }
        for tags in ["\"3\", \"5\"", "W/\"4\", \"9\""] {
            app.with("if-match", tags).put(&path, &json!({ "name": "e" })).expect_error(412, "PRECONDITION_FAILED");
        }
        app.with("if-match", "\"1\"").delete(&path).expect_error(412, "PRECONDITION_FAILED");
        assert_eq!(app.with("if-match", "\"4\"").delete(&path).status, 204);
    }

    fn if_match_applies_to_transitions(app) {
        let case = app.case("a");
        let path = format!("{}/transitions", TestApp::path(&case));
        let stale = app.with("if-match", "\"9\"").post(&path, &json!({ "transition": "resolve" }));
        stale.expect_error(412, "PRECONDITION_FAILED");
        app.with("if-match", "\"1\"").post(&path, &json!({ "transition": "resolve" })).expect(200);
    }

    fn an_invalid_request_is_reported_before_a_failed_precondition(app) {
        let path = TestApp::path(&app.case("a"));
        app.with("if-match", "\"9\"").put(&path, &json!({ "name": 5 })).expect_faults(&["name"]);
        app.with("if-match", "\"9\"").put("/api/v1/cases/0", &json!({})).expect_error(404, "CASE_NOT_FOUND");
    }

    fn of_16_clients_with_the_same_entity_tag_exactly_one_succeeds(app) {
        let case = app.case("contended");
        let (path, number) = (TestApp::path(&case), case["number"].as_i64().unwrap());
        let tag_of = |path: &str| app.get(path).header("etag").unwrap().to_owned();
        let titled = |client: usize| json!({ "title": format!("client {client}") });
        let named = |client: usize| json!({ "name": format!("client {client}") });
        exactly_one_wins(app, &path, &tag_of(&path), named);
        let services = format!("/api/cases/{number}");
        // The titles differ from those above, because an update to the current value leaves the version as it is.
        exactly_one_wins(app, &services, &tag_of(&services), |client| json!({ "title": format!("services {client}") }));
        let caseiq = format!("/case/{number}");
        exactly_one_wins(app, &caseiq, &tag_of(&caseiq), |client| json!({ "title": format!("case iq {client}") }));
        let parties = format!("{path}/parties");
        let party = |client: usize| json!({ "parties": [{ "name": format!("client {client}") }] });
        exactly_one_wins(app, &parties, &tag_of(&parties), party);
        let made = app.post("/api/v1/people", &json!({ "name": "a" }));
        let person = made.header("location").unwrap().to_owned();
        exactly_one_wins(app, &person, made.header("etag").unwrap(), named);
        let made = app.post(&format!("{path}/notes"), &json!({ "body": "a" }));
        let note = format!("/api/v1/notes/{}", made.expect(201)["id"].as_str().unwrap());
        let body = |client: usize| json!({ "body": format!("client {client}") });
        exactly_one_wins(app, &note, made.header("etag").unwrap(), body);
        let made = app.post(&format!("{path}/deadlines"), &json!({ "title": "a", "due_at": "2099-01-01" }));
        exactly_one_wins(app, made.header("location").unwrap(), made.header("etag").unwrap(), titled);
        let update = json!({ "update": { "casefile_id": number, "access_group_id": 1, "title": "a", "body": "b" } });
        let made = app.post("/api/v1/case/updates", &update);
        let change = |client: usize| json!({ "update": { "title": format!("client {client}") } });
        exactly_one_wins(app, made.header("location").unwrap(), made.header("etag").unwrap(), change);
        let made = app.post("/api/inquiries", &json!({ "user_id": 1, "title": "a" }));
        exactly_one_wins(app, made.header("location").unwrap(), made.header("etag").unwrap(), titled);
        let made = app.post("/api/orders/place", &json!({ "customer_id": 1 }));
        exactly_one_wins(app, made.header("location").unwrap(), made.header("etag").unwrap(), titled);
    }

    fn related_data_changes_the_entity_tag_for_if_none_match_only(app) {
        let path = format!("/api/cases/{}", app.case("a")["number"]);
        let tag = app.get(&path).header("etag").unwrap().to_owned();
        app.with("if-none-match", &tag).get(&path).expect(304);
        app.send("POST", &format!("{path}/follow-up"), b"").expect(201);
        let read = app.with("if-none-match", &tag).get(&path);
        assert_eq!(read.expect(200)["data"]["follow_ups"].as_array().unwrap().len(), 1);
        app.with("if-match", &tag).put(&path, &json!({ "title": "b" })).expect(200);
        app.with("if-match", &tag).put(&path, &json!({ "title": "c" })).expect(412);
    }
}
