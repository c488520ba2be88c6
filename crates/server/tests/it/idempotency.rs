//! Requests that are repeated with the same `Idempotency-Key`.

mod crashes;
mod uploads;

use std::{collections::BTreeSet, thread};

use docket_domain::scope::Scope;
use docket_server::app::Config;
use serde_json::{Value, json};

use crate::support::{Client, TestApp, TestResponse, on_both_databases};

const KEY: &str = "idempotency-key";

/// Whether the response is a replay.
fn replayed(answer: &TestResponse) -> bool {
    answer.header("idempotency-replayed") == Some("true")
}

/// Sends a request twice and asserts that the second response replays the first.
#[track_caller]
fn twice(client: &Client, method: &str, path: &str, body: &Value) -> TestResponse {
    let client = client.with("content-type", "application/json");
    let send = || client.send(method, path, body.to_string().as_bytes());
    let (first, second) = (send(), send());
    assert!(matches!(first.status, 200 | 201), "{method} {path}: {first:?}");
    assert!(!replayed(&first) && replayed(&second), "{method} {path}: {second:?}");
    assert_eq!((second.status, &second.body), (first.status, &first.body), "{method} {path}");
    for header in ["content-type", "etag", "location"] {
        assert_eq!(second.header(header), first.header(header), "{method} {path}: {header}");
    }
    assert_ne!(second.header("x-request-id"), first.header("x-request-id"));
    first
}

fn basic(app: &TestApp) -> Client {
    use base64::Engine as _;
    let credential = base64::engine::general_purpose::STANDARD.encode(format!("tester/token:{}", app.key));
    app.anonymous().with("authorization", &format!("Basic {credential}"))
}

on_both_databases! {
    fn a_retry_gets_the_first_response_in_the_native_dialect(app) {
        let case = twice(&app.with(KEY, "1"), "POST", "/api/v1/cases", &json!({"name": "n"})).json();
        assert_eq!(app.names("limit=100"), ["n"]);
        let path = TestApp::path(&case);
        twice(&app.with(KEY, "2"), "PUT", &path, &json!({"name": "m"}));
        twice(&app.with(KEY, "3"), "POST", &format!("{path}/transitions"), &json!({"transition": "start"}));
        twice(&app.with(KEY, "4"), "POST", &format!("{path}/notes"), &json!({"body": "b"}));
        twice(&app.with(KEY, "5"), "POST", &format!("{path}/parties"), &json!([{"name": "p", "role": "client"}]));
        assert_eq!(app.get(&path).expect(200)["version"], 5, "one event for each");
        twice(&app.with(KEY, "6"), "POST", "/api/v1/people", &json!({"name": "p", "kind": "staff"}));
        let people = app.get("/api/v1/people").expect(200)["data"].clone();
        let made = people.as_array().unwrap().iter().filter(|person| person["name"] == "p" && person["kind"] == "staff");
        assert_eq!(made.count(), 1, "{people}");
        // A request that changes nothing is replayed too.
        twice(&app.with(KEY, "7"), "PUT", &path, &json!({"name": "m"}));
    }

    fn a_retry_gets_the_first_response_in_the_other_dialects(app) {
        let case = twice(&app.with(KEY, "1"), "POST", "/api/cases", &json!({"title": "s", "customer_id": 123})).json();
        let path = format!("/api/cases/{}", case["data"]["id"]);
        twice(&app.with(KEY, "2"), "POST", &format!("{path}/action"), &json!({"action": "update_status", "status": "in_progress"}));
        let case = twice(&app.with(KEY, "3"), "POST", "/case", &json!({"title": "q"})).json();
        let path = format!("/case/{}", case["id"].as_str().unwrap());
        twice(&app.with(KEY, "4"), "PATCH", &path, &json!({"country": "DE"}));
        twice(&app.with(KEY, "5"), "PUT", &path, &json!({"title": "q", "country": "AT"}));
        twice(&basic(app).with(KEY, "6"), "POST", "/api/v1/cases", &json!({"casefile": {"name": "t"}}));
        assert_eq!(app.names("limit=100"), ["t", "q", "s"]);
    }

    fn a_key_that_is_reused_for_another_request_is_422(app) {
        let client = app.with(KEY, "k");
        let case = client.post("/api/v1/cases", &json!({"name": "n"})).expect(201);
        let refused = client.post("/api/v1/cases", &json!({"name": "m"}));
        refused.expect_error(422, "IDEMPOTENCY_KEY_REUSED");
        assert!(!replayed(&refused));
        client.post("/api/v1/cases?x=1", &json!({"name": "n"})).expect_error(422, "IDEMPOTENCY_KEY_REUSED");
        client.put(&TestApp::path(&case), &json!({"name": "n"})).expect_error(422, "IDEMPOTENCY_KEY_REUSED");
        let other = client.post("/api/cases", &json!({"name": "n"})).expect(422);
        assert_eq!((&other["success"], &other["message"]), (&json!(false), &json!("the idempotency key was used for another request")));
        let other = client.post("/case", &json!({"name": "n"})).expect(422);
        assert_eq!((&other["httpstatus"], &other["message"]), (&json!(422), &json!("UNPROCESSABLE_ENTITY")));
        basic(app).with(KEY, "k").post("/api/v1/cases", &json!({"name": "n"})).expect_error(422, "IDEMPOTENCY_KEY_REUSED");
        assert_eq!(app.names("limit=100"), ["n"]);
    }

    fn the_same_key_of_another_caller_is_a_different_key(app) {
        let body = json!({"name": "n"});
        app.with(KEY, "k").post("/api/v1/cases", &body).expect(201);
        let colleague = app.with_scopes(&Scope::ALL).with(KEY, "k").post("/api/v1/cases", &body);
        assert!(colleague.status == 201 && !replayed(&colleague), "{colleague:?}");
        let stranger = app.another_account().with(KEY, "k").post("/api/v1/cases", &body);
        assert!(stranger.status == 201 && !replayed(&stranger), "{stranger:?}");
    }

    fn a_malformed_key_is_refused_after_authorization(app) {
        let body = json!({"name": "n"});
        for bad in ["a b", "", "\"\"", "k\u{e4}", &"k".repeat(256)] {
            app.with(KEY, bad).post("/api/v1/cases", &body).expect_faults(&["Idempotency-Key"]);
        }
        app.with(KEY, "a").with(KEY, "b").post("/api/v1/cases", &body).expect_faults(&["Idempotency-Key"]);
        let refused = app.with(KEY, "a b").post("/api/cases", &body).expect(422);
        assert!(refused["errors"]["Idempotency-Key"].is_array(), "{refused}");
        assert_eq!(app.with(KEY, "a b").post("/case", &body).expect(400)["message"], "BAD_REQUEST");
        app.anonymous().with(KEY, "a b").post("/api/v1/cases", &body).expect_error(401, "AUTH_INVALID_KEY");
        let reader = app.with_scopes(&[Scope::CasesRead]);
        reader.with(KEY, "a b").post("/api/v1/cases", &body).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        reader.with(KEY, "a b").get("/api/v1/cases").expect(200);
        assert_eq!(app.names("limit=100"), [""; 0]);
        // In quotes, as a structured field string, it is the same key.
        app.with(KEY, "\"k\"").post("/api/v1/cases", &body).expect(201);
        assert!(replayed(&app.with(KEY, "k").post("/api/v1/cases", &body)));
        app.with(KEY, &"k".repeat(255)).post("/api/v1/cases", &body).expect(201);
    }

    fn a_key_can_be_used_again_after_a_failure_without_effect(app) {
        let client = app.with(KEY, "k");
        client.post("/api/v1/cases", &json!({"title": "n"})).expect_error(400, "VALIDATION_ERROR");
        client.post("/api/v1/cases/0/transitions", &json!({"transition": "start"})).expect_error(404, "CASE_NOT_FOUND");
        let reader = app.with_scopes(&[Scope::CasesRead]).with(KEY, "k");
        reader.post("/api/v1/cases", &json!({"name": "n"})).expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        client.send("POST", "/api/v1/people/usr_1", b"").expect_error(405, "METHOD_NOT_ALLOWED");
        client.with("content-type", "text/plain").send("POST", "/api/v1/cases", b"x").expect_error(415, "UNSUPPORTED_MEDIA_TYPE");
        client.post_text("/api/v1/cases", &format!("{{\"name\": \"{}\"}}", "x".repeat(3 << 20))).expect_error(413, "PAYLOAD_TOO_LARGE");
        assert_eq!(twice(&client, "POST", "/api/v1/cases", &json!({"name": "n"})).json()["name"], "n");
    }

    fn a_retry_gets_the_first_response_after_later_changes(app) {
        let case = app.case("n");
        let moves = format!("{}/transitions", TestApp::path(&case));
        let client = app.with(KEY, "k");
        let first = client.post(&moves, &json!({"transition": "start"}));
        first.expect(200);
        app.transition(&case, "resolve");
        assert_eq!(client.post(&moves, &json!({"transition": "start"})).body, first.body);
    }

    fn of_16_concurrent_requests_with_one_key_one_takes_effect(app) {
        for (number, path) in ["/api/v1/cases", "/case", "/api/cases"].into_iter().enumerate() {
            let client = app.with(KEY, &format!("k{number}"));
            let body = json!({"name": "once"});
            let body = if path == "/api/v1/cases" { body } else { json!({"title": "once", "customer_id": 123}) };
            let answers = thread::scope(|scope| {
                let asked = (0..16).map(|_| scope.spawn(|| client.post(path, &body))).collect::<Vec<_>>();
                asked.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
            });
            let (made, waited): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
            assert_eq!(made.iter().filter(|answer| !replayed(answer)).count(), 1, "{path}");
            assert_eq!(made.iter().map(|answer| &answer.body).collect::<BTreeSet<_>>().len(), 1, "{path}");
            for answer in waited {
                assert_eq!((answer.status, answer.header("retry-after")), (409, Some("1")), "{path}: {answer:?}");
            }
            assert!(replayed(&client.post(path, &body)));
            assert_eq!(app.names("limit=100"), vec!["once"; number + 1]);
        }
    }

    fn the_secret_of_a_new_key_is_not_stored_and_no_second_key_is_created(app) {
        let client = app.with(KEY, "k");
        let body = json!({"name": "robot", "scopes": ["cases:read"]});
        let made = client.post("/api/v1/keys", &body);
        assert_eq!(made.header("cache-control"), Some("no-store"));
        let secret = made.expect(201)["key"].as_str().unwrap().to_owned();
        let again = client.post("/api/v1/keys", &body);
        again.expect_error(409, "ANSWER_LOST");
        assert!(!String::from_utf8_lossy(&again.body).contains(&secret[20..]));
        let keys = app.get("/api/v1/keys").expect(200)["data"].clone();
        let robots = keys.as_array().unwrap().iter().filter(|key| key["name"] == "robot").count();
        assert_eq!(robots, 1);
    }

    fn without_a_key_nothing_is_replayed(app) {
        for _ in 0..2 {
            assert!(!replayed(&app.post("/api/v1/cases", &json!({"name": "n"}))));
        }
        // A key on a read is ignored.
        assert!(!replayed(&app.with(KEY, "k").get("/api/v1/cases")));
        assert!(!replayed(&app.with(KEY, "k").get("/api/v1/cases")));
        assert_eq!(app.names("limit=100"), ["n", "n"]);
    }
}

/// On SQLite only: the server decides whether to store a response before it calls the store.
#[test]
fn a_response_that_is_not_stored_is_built_again() {
    let app = TestApp::with_config(Config { max_account_answers: 0, ..Config::default() });
    let client = app.with("idempotency-key", "a-key-of-its-own");
    let first = client.post("/api/v1/cases", &json!({ "name": "a" }));
    let again = client.post("/api/v1/cases", &json!({ "name": "a" }));
    assert_eq!((again.status, again.header("idempotency-replayed")), (201, Some("true")));
    assert_eq!(again.expect(201), first.expect(201));
    assert_eq!(app.names("search=a"), ["a"]);
    client.post("/api/v1/cases", &json!({ "name": "b" })).expect(422);
}
