//! A mixed load that records which writes were acknowledged.

use std::{
    collections::HashMap,
    io::{Read as _, Write as _},
    net::TcpStream,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::support::{Client, TestResponse};

/// Number of changes to each case.
const CHANGES: u64 = 3;

/// Name of the cases that only fill the disk. The ledger ignores them.
pub(super) const FILLER: &str = "filler";

/// The writes to one case. The name identifies it, because a creation that was not acknowledged has no id.
#[derive(Debug, Clone)]
struct Entry {
    name: String,
    id: Option<String>,
    /// Number of the last acknowledged change, from 1. 0 if there is none.
    acknowledged: u64,
    /// Number of the last change that was sent, from 1. 0 if there is none.
    tried: u64,
}

/// All writes that the clients sent, and their results.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    entries: Mutex<Vec<Entry>>,
    /// Number of acknowledged writes.
    pub(super) acknowledged: AtomicU64,
    /// Number of 503 responses.
    pub(super) unavailable: AtomicU64,
    /// Longest response time, in milliseconds.
    pub(super) slowest: AtomicU64,
    /// Whether connections may break because the server is about to be killed.
    pub(super) may_break: AtomicBool,
    pub(super) stop: AtomicBool,
}

impl Ledger {
    /// Sends one request. `None` if the connection broke or the response was 503: nothing was acknowledged.
    fn ask(&self, client: &Client, method: &str, path: &str, body: Option<Value>) -> Option<Value> {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let begin = Instant::now();
        let answer = answer(client, method, path, &body);
        let took = u64::try_from(begin.elapsed().as_millis()).unwrap();
        let Some(answer) = answer else {
            assert!(self.may_break.load(Ordering::SeqCst), "{method} {path}: the connection broke");
            return None;
        };
        self.slowest.fetch_max(took, Ordering::Relaxed);
        if answer.status == 503 {
            assert!(answer.header("retry-after").is_some());
            self.unavailable.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        assert!(matches!(answer.status, 200 | 201), "{method} {path}: {answer:?}");
        if method != "GET" {
            self.acknowledged.fetch_add(1, Ordering::Relaxed);
        }
        Some(answer.json())
    }

    /// Creates, changes and reads cases until [`Self::stop`] is set.
    pub(super) fn work(&self, client: &Client, who: &str) {
        let client = client.with("content-type", "application/json");
        for number in 0.. {
            if self.is_stopped() {
                return;
            }
            let name = format!("{who}/{number}");
            let mut entry = Entry { name, id: None, acknowledged: 0, tried: 0 };
            let created = self.ask(&client, "POST", "/api/v1/cases", Some(json!({ "name": entry.name })));
            if let Some(created) = created {
                let id = created["id"].as_str().unwrap().to_owned();
                let path = format!("/api/v1/cases/{id}");
                entry.id = Some(id);
                for change in 1..=CHANGES {
                    entry.tried = change;
                    let changed = if change == CHANGES {
                        let to = json!({ "to": "in_progress" });
                        self.ask(&client, "POST", &format!("{path}/transitions"), Some(to))
                    } else {
                        let description = json!({ "description": change.to_string() });
                        self.ask(&client, "PUT", &path, Some(description))
                    };
                    if changed.is_none() {
                        break;
                    }
                    entry.acknowledged = change;
                    self.ask(&client, "GET", &path, None);
                }
                self.ask(&client, "GET", "/api/v1/cases?limit=10", None);
            }
            self.entries.lock().unwrap().push(entry);
        }
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::SeqCst)
    }

    /// Number of creations that were sent.
    pub(super) fn tried(&self) -> usize {
        self.entries.lock().unwrap().len()
    }

    /// Asserts that the server holds every acknowledged write, and no case twice. Returns the number of cases.
    pub(super) fn compare(&self, client: &Client) -> usize {
        let mut held = HashMap::new();
        let mut cursor = String::new();
        loop {
            let list = client.get(&format!("/api/v1/cases?limit=100&cursor={cursor}")).expect(200);
            for case in list["data"].as_array().unwrap() {
                let name = case["name"].as_str().unwrap().to_owned();
                if name == FILLER {
                    continue;
                }
                assert!(held.insert(name, case.clone()).is_none(), "twice: {case}");
            }
            let Value::String(next) = &list["pagination"]["cursor"] else { break };
            next.clone_into(&mut cursor);
        }
        let count = held.len();
        let entries = self.entries.lock().unwrap();
        for entry in entries.iter() {
            let Some(case) = held.remove(&entry.name) else {
                assert_eq!(entry.id, None, "an acknowledged case is lost: {entry:?}");
                continue;
            };
            if let Some(id) = &entry.id {
                assert_eq!(case["id"], id.as_str());
            }
            let applied = case["version"].as_u64().unwrap() - 1;
            assert!((entry.acknowledged..=entry.tried).contains(&applied), "{entry:?}: {case}");
            if applied == CHANGES {
                assert_eq!(case["case_status"]["id"], 2, "{case}");
            }
            if applied > 0 {
                let case = client.get(&format!("/api/v1/cases/{}", case["number"])).expect(200);
                assert_eq!(case["description"], applied.min(CHANGES - 1).to_string(), "{case}");
            }
        }
        assert!(held.is_empty(), "nobody asked for these: {held:?}");
        count
    }
}

/// The whole response. `None` if the connection broke before its end.
fn answer(client: &Client, method: &str, path: &str, body: &str) -> Option<TestResponse> {
    let mut stream = TcpStream::connect(client.address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(client.head(method, path, body.len()).as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).ok()?;
    let answer = bytes.windows(4).any(|four| four == b"\r\n\r\n").then(|| TestResponse::parse(&bytes))?;
    // A truncated response acknowledges nothing.
    serde_json::from_slice::<Value>(&answer.body).is_ok().then_some(answer)
}
