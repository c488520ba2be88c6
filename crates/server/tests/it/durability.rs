//! The binary under signals: acknowledged writes survive SIGKILL, and requests in progress finish after SIGTERM.

use std::{
    collections::BTreeMap,
    io::{Read as _, Write as _},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use serde_json::json;

use crate::support::{Backend, Binary, Client};

/// Number of cases that are acknowledged before the server is killed.
const ACKNOWLEDGED: usize = 200;

fn every_acknowledged_case_survives_kill_9(backend: Backend) {
    let Some(url) = backend.fresh_url() else { return };
    let binary = Binary::on(url);
    let key = binary.key();
    let server = binary.serve(&[]);
    let client = server.client.with_key(&key).with("content-type", "application/json");
    let (acknowledged, killed) = (Mutex::new(Vec::new()), AtomicBool::new(false));
    thread::scope(|scope| {
        let writers = (0..8).map(|writer| {
            let (acknowledged, killed, client) = (&acknowledged, &killed, client.clone());
            scope.spawn(move || {
                for number in 0.. {
                    let body = json!({ "name": format!("{writer}/{number}") }).to_string();
                    let Some(case) = create(&client, &body) else {
                        assert!(killed.load(Ordering::SeqCst), "a request failed before the server was killed");
                        return;
                    };
                    acknowledged.lock().unwrap().push(case);
                }
            })
        });
        let writers = writers.collect::<Vec<_>>();
        // Without a writer, the wait would never end.
        while acknowledged.lock().unwrap().len() < ACKNOWLEDGED && !writers.iter().all(|writer| writer.is_finished()) {
            thread::yield_now();
        }
        killed.store(true, Ordering::SeqCst);
        server.signal("-9");
    });
    assert!(!server.wait());
    let server = binary.serve(&[]);
    let client = server.client.with_key(&key);
    for (id, name) in acknowledged.into_inner().unwrap() {
        assert_eq!(client.get(&format!("/api/v1/cases/{id}")).expect(200)["name"], name.as_str());
    }
}

/// Creates a case and returns its id and name. `None` if the connection broke before the end of the response.
fn create(client: &Client, body: &str) -> Option<(String, String)> {
    let mut stream = std::net::TcpStream::connect(client.address).ok()?;
    let head = client.head("POST", "/api/v1/cases", body.len());
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()?;
    let mut bytes = Vec::new();
    let ended = stream.read_to_end(&mut bytes);
    let answer = ended
        .ok()
        .filter(|_| bytes.windows(4).any(|four| four == b"\r\n\r\n"))
        .map(|_| crate::support::TestResponse::parse(&bytes))?;
    // A truncated response acknowledges nothing.
    let case: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
    assert_eq!(answer.status, 201, "{case}");
    Some((case["id"].as_str()?.to_owned(), case["name"].as_str()?.to_owned()))
}

#[test]
fn every_acknowledged_case_survives_kill_9_on_sqlite() {
    every_acknowledged_case_survives_kill_9(Backend::Sqlite);
}

#[test]
fn every_acknowledged_case_survives_kill_9_on_postgres() {
    every_acknowledged_case_survives_kill_9(Backend::Postgres);
}

/// The events that a reader of the feed sees.
#[derive(Default)]
struct Reader {
    cursor: Option<String>,
    /// Version by case, and the number of events.
    versions: BTreeMap<String, i64>,
}

impl Reader {
    /// Reads until the feed is empty. Each case has its versions in order, each once.
    fn read(&mut self, client: &Client) {
        loop {
            let after = self.cursor.as_ref().map_or_else(String::new, |cursor| format!("&after={cursor}"));
            let page = client.get(&format!("/api/v1/events?limit=50&type=case.*{after}")).expect(200);
            for event in page["data"].as_array().unwrap() {
                let last = self.versions.entry(event["case"]["id"].as_str().unwrap().to_owned()).or_default();
                *last += 1;
                assert_eq!(event["case"]["version"], *last, "{event}");
            }
            self.cursor = Some(page["pagination"]["cursor"].as_str().unwrap().to_owned());
            if page["pagination"]["has_more"] == false {
                return;
            }
        }
    }
}

/// Two servers write, readers of each follow, and one of the servers is killed in the middle and starts again.
fn the_feed_gives_each_event_once_while_a_server_is_killed(backend: Backend) {
    let Some(url) = backend.fresh_url() else { return };
    let binary = Binary::on(url);
    let key = binary.key();
    // SQLite has one server.
    let lasting = (backend == Backend::Postgres).then(|| binary.serve(&[]));
    let client_of = |client: &Client| client.with_key(&key).with("content-type", "application/json");
    let write = |client: &Client, until: &dyn Fn(usize) -> bool| {
        let mut written = Vec::new();
        while !until(written.len()) {
            let Some((id, _)) = create(client, "{\"name\":\"one\"}") else { return written };
            written.push(id);
        }
        written
    };
    let dying = binary.serve(&[]);
    let (killed, mut written) = (AtomicBool::new(false), Vec::new());
    let mut readers = [Reader::default(), Reader::default()];
    thread::scope(|scope| {
        let (killed, write) = (&killed, &write);
        let doomed = client_of(&dying.client);
        let writers = (0..4).map(|_| {
            let client = doomed.clone();
            scope.spawn(move || write(&client, &|_| false))
        });
        let writers = writers.collect::<Vec<_>>();
        let steady = lasting.as_ref().map(|server| {
            let client = client_of(&server.client);
            scope.spawn(move || write(&client, &|count| count > 100 && killed.load(Ordering::SeqCst)))
        });
        for _ in 0..5 {
            readers[0].read(&doomed);
            if let Some(server) = &lasting {
                readers[1].read(&client_of(&server.client));
            }
            thread::sleep(std::time::Duration::from_millis(100));
        }
        dying.signal("-9");
        killed.store(true, Ordering::SeqCst);
        written.extend(writers.into_iter().chain(steady).flat_map(|writer| writer.join().unwrap()));
    });
    assert!(!dying.wait());
    let again = binary.serve(&[]);
    let client = client_of(&again.client);
    written.extend(write(&client, &|count| count == 20));
    for reader in &mut readers {
        reader.read(&client);
        // What was not acknowledged may have been written too.
        assert!(written.len() > 50 && written.iter().all(|case| reader.versions.contains_key(case)));
    }
    assert_eq!(readers[0].versions, readers[1].versions);
}

#[test]
fn the_feed_survives_kill_9_on_sqlite() {
    the_feed_gives_each_event_once_while_a_server_is_killed(Backend::Sqlite);
}

#[test]
fn the_feed_survives_kill_9_and_has_two_servers_on_postgres() {
    the_feed_gives_each_event_once_while_a_server_is_killed(Backend::Postgres);
}

#[test]
fn sigterm_lets_requests_in_progress_finish() {
    let binary = Binary::on(Backend::Sqlite.fresh_url().unwrap());
    let key = binary.key();
    let server = binary.serve(&[]);
    let body = json!({ "name": "under way" }).to_string();
    let client = server.client.with_key(&key).with("content-type", "application/json");
    // The response to a later request shows that the server has accepted this connection too.
    let mut stream = client.begin("POST", "/api/v1/cases", body.len());
    stream.write_all(&body.as_bytes()[..5]).unwrap();
    client.get("/api/v1/cases").expect(200);
    thread::sleep(std::time::Duration::from_millis(300));
    server.signal("-TERM");
    thread::sleep(std::time::Duration::from_millis(300));
    stream.write_all(&body.as_bytes()[5..]).unwrap();
    assert_eq!(Client::finish(stream).expect(201)["name"], "under way");
    assert!(server.wait());
}
