//! `kill -9` of the server during requests with idempotency keys: each request is retried until it succeeds.

use std::{
    collections::HashMap,
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{figure, kill::random_moment, size, verified};
use crate::support::{Backend, Binary, Client, TestResponse};

const CLIENTS: usize = 8;

/// A request with a unique idempotency key.
#[derive(Clone)]
struct Pending {
    key: String,
    path: String,
    body: Value,
}

/// The whole response. `None` if the connection broke before its end.
fn send(client: &Client, request: &Pending) -> Option<TestResponse> {
    let client = client.with("content-type", "application/json").with("idempotency-key", &request.key);
    let body = request.body.to_string();
    let mut stream = TcpStream::connect(client.address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(client.head("POST", &request.path, body.len()).as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    let answer = bytes.windows(4).any(|four| four == b"\r\n\r\n").then(|| TestResponse::parse(&bytes))?;
    serde_json::from_slice::<Value>(&answer.body).is_ok().then_some(answer)
}

/// Retries a request until it succeeds. A request that was in progress at the kill succeeds after its lease expires.
fn insist(client: &Client, request: &Pending) -> TestResponse {
    let begin = Instant::now();
    loop {
        let answer = send(client, request).expect("this server is not killed");
        if answer.status == 201 {
            return answer;
        }
        assert_eq!((answer.status, answer.header("retry-after")), (409, Some("1")), "{answer:?}");
        assert!(begin.elapsed() < Duration::from_secs(20), "{answer:?}");
        thread::sleep(Duration::from_millis(200));
    }
}

fn a_retry_after_kill_9_creates_no_duplicate(backend: Backend) {
    let Some(url) = backend.fresh_url() else { return };
    let rounds = size("DOCKET_TORTURE_ROUNDS", 1);
    let binary = Binary::on(url);
    let key = binary.key();
    let (again, replayed) = (AtomicU64::new(0), AtomicU64::new(0));
    let mut expected = 0;
    for round in 0..rounds {
        let server = binary.serve(&["--request-timeout", "1"]);
        let client = server.client.with_key(&key);
        let target = client.post("/api/v1/cases", &json!({ "name": format!("target {round}") })).expect(201);
        let notes = format!("/api/v1/cases/{}/notes", target["id"].as_str().unwrap());
        let tried = Mutex::new(Vec::new());
        thread::scope(|scope| {
            for number in 0..CLIENTS {
                let (client, notes, tried) = (&client, &notes, &tried);
                scope.spawn(move || {
                    for at in 0.. {
                        let key = format!("{round}/{number}/{at}");
                        let (path, body) = if at % 2 == 0 {
                            ("/api/v1/cases".to_owned(), json!({ "name": key }))
                        } else {
                            (notes.clone(), json!({ "body": key }))
                        };
                        let request = Pending { key, path, body };
                        let answer = send(client, &request);
                        let broke = answer.is_none();
                        tried.lock().unwrap().push((request, answer));
                        if broke {
                            return;
                        }
                    }
                });
            }
            thread::sleep(random_moment());
            server.signal("-9");
        });
        server.wait();
        let server = binary.serve(&["--request-timeout", "1"]);
        let client = server.client.with_key(&key);
        let tried = tried.into_inner().unwrap();
        let cases = tried.iter().filter(|(request, _)| request.path == "/api/v1/cases").count();
        expected += cases + 1;
        thread::scope(|scope| {
            for (request, first) in &tried {
                // Retry every request without a response, and some of the others.
                if first.is_some() && again.fetch_add(1, Ordering::Relaxed) % 16 != 0 {
                    continue;
                }
                let (client, replayed) = (&client, &replayed);
                scope.spawn(move || {
                    let answer = insist(client, request);
                    if answer.header("idempotency-replayed").is_some() {
                        replayed.fetch_add(1, Ordering::Relaxed);
                    }
                    match first {
                        Some(first) => assert_eq!((first.status, &first.body), (answer.status, &answer.body)),
                        // A further retry gets the same response.
                        None => assert_eq!(insist(client, request).body, answer.body),
                    }
                });
            }
        });
        let listed = all(&client, "/api/v1/cases", "name");
        assert_eq!(listed.len(), expected);
        assert!(listed.values().all(|times| *times == 1), "{listed:?}");
        let listed = all(&client, &notes, "body");
        assert_eq!(listed.len(), tried.len() - cases);
        assert!(listed.values().all(|times| *times == 1), "{listed:?}");
    }
    verified(&binary);
    figure(format_args!(
        "kill -9, {backend:?}, {rounds} rounds of requests under keys: {expected} cases, each once; {} requests sent again \
         had had their effect",
        replayed.load(Ordering::Relaxed),
    ));
}

/// Number of rows with each value of a field in a list.
fn all(client: &Client, path: &str, field: &str) -> HashMap<String, usize> {
    let (mut times, mut cursor) = (HashMap::new(), String::new());
    loop {
        let list = client.get(&format!("{path}?limit=100&cursor={cursor}")).expect(200);
        for row in list["data"].as_array().unwrap() {
            *times.entry(row[field].as_str().unwrap().to_owned()).or_default() += 1;
        }
        let Value::String(next) = &list["pagination"]["cursor"] else { return times };
        next.clone_into(&mut cursor);
    }
}

#[test]
fn a_retry_after_kill_9_creates_no_duplicate_on_sqlite() {
    a_retry_after_kill_9_creates_no_duplicate(Backend::Sqlite);
}

#[test]
fn a_retry_after_kill_9_creates_no_duplicate_on_postgres() {
    a_retry_after_kill_9_creates_no_duplicate(Backend::Postgres);
}
