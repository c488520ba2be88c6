//! An unavailable database, and secrets that must not appear in errors and logs.

use std::{io::Read as _, process::Stdio};

use docket_persistence::testing::OwnCluster;
use serde_json::json;

use crate::support::{Backend, Binary, Client, TestResponse};

#[track_caller]
fn expect_unavailable(answer: &TestResponse) {
    let error = answer.expect_error(503, "UNAVAILABLE");
    assert_eq!(answer.header("retry-after"), Some(error["retry_after"].to_string().as_str()));
    let text = String::from_utf8_lossy(&answer.body).to_lowercase();
    for word in ["select", "insert", "postgres", "connection", "sql", "127.0.0.1"] {
        assert!(!text.contains(word), "{text}");
    }
}

#[test]
fn a_stopped_database_is_503_until_it_is_started_again() {
    let Some(mut cluster) = OwnCluster::start_new() else { return };
    let binary = Binary::on(cluster.fresh_database());
    let key = binary.key();
    let server = binary.serve(&["--database-timeout", "2"]);
    let client = server.client.with_key(&key);
    let case = client.post("/api/v1/cases", &json!({ "name": "a" })).expect(201);
    let path = format!("/api/v1/cases/{}", case["id"].as_str().unwrap());
    cluster.stop();
    expect_unavailable(&server.client.get("/health/ready"));
    server.client.get("/health/live").expect(200);
    expect_unavailable(&client.get(&path));
    expect_unavailable(&client.put(&path, &json!({ "name": "b" })));
    cluster.start();
    server.client.get("/health/ready").expect(200);
    assert_eq!(client.get(&path).expect(200), case);
    client.put(&path, &json!({ "name": "b" })).expect(200);
}

/// Runs a server with log level trace and asserts that its log contains no secret and no SQL.
fn no_log_line_shows_a_key_or_sql(backend: Backend) {
    let Some(url) = backend.fresh_url() else { return };
    let binary = Binary::on(url);
    let key = binary.key();
    let mut command = binary.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut process = command.env("DOCKET_LOG", "trace").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = process.stderr.take().unwrap();
    let log = std::thread::spawn(move || {
        let mut text = Vec::new();
        stderr.read_to_end(&mut text).unwrap();
        String::from_utf8_lossy(&text).into_owned()
    });
    let mut stdout = process.stdout.take().unwrap();
    let mut line = Vec::new();
    while !line.ends_with(b"\n") {
        let mut byte = [0];
        stdout.read_exact(&mut byte).unwrap();
        line.extend(byte);
    }
    let line = String::from_utf8(line).unwrap();
    let nobody = Client::new(line.trim().strip_prefix("listening on http://").unwrap().parse().unwrap());
    let client = nobody.with_key(&key);
    let new = client.post("/api/v1/keys", &json!({ "name": "another", "scopes": ["cases:read"] })).expect(201);
    client.post("/api/v1/cases", &json!({ "name": "a" })).expect(201);
    client.get("/api/v1/cases?search=sentinel-in-a-query").expect(200);
    client.get("/api/v1/keys").expect(200);
    nobody.with_key(&format!("{key}x")).get("/api/v1/cases").expect(401);
    process.kill().unwrap();
    process.wait().unwrap();
    let log = log.join().unwrap();
    assert!(log.contains("/api/v1/cases"), "the access log is missing");
    let secrets = [key.as_str(), new["key"].as_str().unwrap()].map(|key| key.split_once('.').unwrap().1.to_owned());
    for secret in secrets.iter().map(String::as_str).chain(["sentinel-in-a-query", "SELECT ", "INSERT "]) {
        let found = log.lines().find(|line| line.contains(secret));
        assert_eq!(found, None);
    }
}

#[test]
fn no_log_line_shows_a_key_or_sql_on_sqlite() {
    no_log_line_shows_a_key_or_sql(Backend::Sqlite);
}

#[test]
fn no_log_line_shows_a_key_or_sql_on_postgres() {
    no_log_line_shows_a_key_or_sql(Backend::Postgres);
}
