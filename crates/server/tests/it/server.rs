//! Server settings: body limit, CORS origins and request timeout.

use std::{io::Write as _, time::Duration};

use docket_server::app::Config;
use serde_json::json;

use crate::support::{Client, TestApp};

#[test]
fn the_body_size_limit_can_be_set() {
    let app = TestApp::with_config(Config { max_body_bytes: 100, ..Config::default() });
    app.post("/api/v1/cases", &json!({ "name": "a" })).expect(201);
    app.post("/api/v1/cases", &json!({ "name": "a".repeat(100) })).expect_error(413, "PAYLOAD_TOO_LARGE");
}

#[test]
fn configured_origins_may_call_from_a_browser() {
    let app =
        TestApp::with_config(Config { cors_origins: vec!["https://ours.example".to_owned()], ..Config::default() });
    let ours = app.with("origin", "https://ours.example");
    let answer = ours.get("/api/v1/cases");
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://ours.example"));
    assert!(answer.header("access-control-expose-headers").unwrap().to_lowercase().contains("etag"));
    let preflight = ours
        .without("authorization")
        .with("access-control-request-method", "PUT")
        .with("access-control-request-headers", "authorization");
    assert_eq!(preflight.send("OPTIONS", "/api/v1/cases/1", b"").status, 200);
    let evil = app.with("origin", "https://evil.example").get("/api/v1/cases");
    assert_eq!(evil.header("access-control-allow-origin"), None);
}

#[test]
fn a_request_over_the_time_limit_is_503_with_retry_after() {
    let app = TestApp::with_config(Config { request_timeout: Duration::from_millis(200), ..Config::default() });
    let client = app.with("content-type", "application/json");
    let mut stream = client.begin("POST", "/api/v1/cases", 100);
    stream.write_all(b"{\"name\":").unwrap();
    let answer = Client::finish(stream);
    let error = answer.expect_error(503, "UNAVAILABLE");
    assert_eq!(answer.header("retry-after"), Some(error["retry_after"].to_string().as_str()));
}
