//! Webhooks: signed requests for events, in the order of each case, to receivers of every kind.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use docket_server::{app::Config, outbound::sign};
use serde_json::{Value, json};

use crate::support::{Backend, Binary, TestApp, on_both_databases};

/// A request that a receiver got.
#[derive(Debug, Clone)]
struct Received {
    headers: BTreeMap<String, String>,
    body: String,
}

impl Received {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }
}

/// A receiver on this machine. `answer` gives the head of each answer, from its status on.
struct Receiver {
    url: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    fn start(answer: impl Fn(usize, &Received) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let seen = Arc::clone(&received);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let (mut headers, mut line) = (BTreeMap::new(), String::new());
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    if let Some((name, value)) = line.trim_end().split_once(": ") {
                        headers.insert(name.to_ascii_lowercase(), value.to_owned());
                    }
                    line.clear();
                }
                let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                let request = Received { headers, body: String::from_utf8(body).unwrap() };
                let number = seen.lock().unwrap().len();
                let head = answer(number, &request);
                seen.lock().unwrap().push(request);
                let _closed = stream
                    .write_all(format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").as_bytes());
            }
        });
        Self { url, received }
    }

    fn all(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    /// Waits for this many requests.
    #[track_caller]
    fn wait_for(&self, count: usize) -> Vec<Received> {
        let begin = Instant::now();
        while self.all().len() < count {
            assert!(begin.elapsed() < Duration::from_secs(40), "{} of {count}: {:#?}", self.all().len(), self.all());
            thread::sleep(Duration::from_millis(20));
        }
        self.all()
    }
}

fn delivering(backend: Backend) -> Option<TestApp> {
    TestApp::with_config_on(backend, Config { webhook_allow_private: true, ..Config::default() })
}

fn create(app: &TestApp, receiver: &Receiver, types: &Value) -> Value {
    app.post("/api/v1/webhooks", &json!({ "url": receiver.url, "types": types })).expect(201)
}

/// Waits until the only delivery has this status, and returns it.
fn wait_for_status(app: &TestApp, webhook: &Value, status: &str) -> Value {
    let path = format!("/api/v1/webhooks/{}/deliveries?status={status}", webhook["id"].as_str().unwrap());
    let begin = Instant::now();
    loop {
        let page = app.get(&path).expect(200);
        if let Some(delivery) = page["data"].as_array().unwrap().first() {
            return delivery.clone();
        }
        assert!(begin.elapsed() < Duration::from_secs(20));
        thread::sleep(Duration::from_millis(50));
    }
}

fn signature(request: &Received, secrets: &[&str]) -> String {
    sign(secrets, &request.headers["webhook-id"], &request.headers["webhook-timestamp"], &request.body)
}

fn each_event_is_sent_once_and_signed(backend: Backend) {
    let Some(app) = delivering(backend) else { return };
    let receiver = Receiver::start(|_, _| "204 No Content".to_owned());
    let webhook = create(&app, &receiver, &json!(["case.*"]));
    let secret = webhook["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"));
    let case = app.case("one");
    app.transition(&case, "start");
    app.post("/api/v1/people", &json!({ "name": "Ada" })).expect(201);
    let received = receiver.wait_for(2);
    let events = app.get("/api/v1/events?type=case.*").expect(200);
    for (request, event) in received.iter().zip(events["data"].as_array().unwrap()) {
        assert_eq!(request.json()["data"], *event);
        assert_eq!(request.headers["webhook-id"], event["id"].as_str().unwrap());
        assert_eq!(request.headers["content-type"], "application/json");
        assert_eq!(request.headers["webhook-signature"], signature(request, &[secret]));
    }
    assert_eq!(received[1].kind(), "case.status_changed");
    let path = format!("/api/v1/webhooks/{}", webhook["id"].as_str().unwrap());
    // The old secret signs beside the new one.
    let rotated = app.post(&format!("{path}/rotate-secret"), &json!({})).expect(200);
    let new = rotated["secret"].as_str().unwrap();
    app.case("two");
    let received = receiver.wait_for(3);
    assert_eq!(received[2].headers["webhook-signature"], signature(&received[2], &[new, secret]));
    // A test sends at once, and is in no log.
    let tested = app.post(&format!("{path}/test"), &json!({})).expect(200);
    assert_eq!((&tested["status"], &tested["error"]), (&json!(204), &Value::Null));
    assert_eq!(receiver.wait_for(4)[3].kind(), "webhook.test");
    // Replayed events have the same ids.
    let cursor = app.get("/api/v1/events?limit=1").expect(200)["pagination"]["cursor"].clone();
    app.post(&format!("{path}/replay"), &json!({ "after": cursor })).expect(202);
    let received = receiver.wait_for(7);
    let ids = received.iter().map(|request| request.headers["webhook-id"].clone()).collect::<Vec<_>>();
    // Only the events of one case have an order.
    let sorted = |ids: &[String]| ids.iter().cloned().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(sorted(&ids[4..7]), sorted(&ids[..3]));
    let deliveries = app.get(&format!("{path}/deliveries?limit=2")).expect(200);
    assert_eq!(deliveries["data"].as_array().unwrap().len(), 2);
    assert_eq!(deliveries["pagination"]["has_more"], true);
    assert!(!app.get(&path).expect(200).to_string().contains("whsec_"));
    app.delete(&path).expect(204);
    app.get(&path).expect_error(404, "WEBHOOK_NOT_FOUND");
    app.case("three");
    thread::sleep(Duration::from_millis(500));
    assert_eq!(receiver.all().len(), 7);
    let metrics = String::from_utf8(app.anonymous().get("/metrics").body).unwrap();
    assert!(metrics.contains("docket_webhook_deliveries_total{result=\"success\"} 6"), "{metrics}");
    assert!(metrics.contains("docket_webhook_deliveries_in_progress 0"), "{metrics}");
}

/// Runs the receiver of the guide as written.
#[test]
fn the_receiver_of_the_guide_verifies_requests() {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/events.md")).unwrap();
    let programs = guide.split("```python\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    let program = programs.into_iter().find(|program| program.contains("HTTPServer")).unwrap();
    let app = delivering(Backend::Sqlite).unwrap();
    // A port that is free now.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/");
    let webhook = app.post("/api/v1/webhooks", &json!({ "url": url, "types": ["case.created"] })).expect(201);
    let start = |secret: &str| {
        let mut python = std::process::Command::new("python3");
        python.args(["-c", program]).env("PORT", port.to_string()).env("SECRET", secret);
        python.stdout(std::process::Stdio::piped()).spawn().unwrap()
    };
    let test = format!("/api/v1/webhooks/{}/test", webhook["id"].as_str().unwrap());
    let answered = || {
        let begin = Instant::now();
        loop {
            let attempt = app.post(&test, &json!({})).expect(200);
            if attempt["status"].is_number() {
                return attempt["status"].clone();
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "{attempt}");
            thread::sleep(Duration::from_millis(50));
        }
    };
    let mut wrong = start("whsec_AAAA");
    assert_eq!(answered(), 401);
    wrong.kill().unwrap();
    wrong.wait().unwrap();
    let mut receiver = start(webhook["secret"].as_str().unwrap());
    assert_eq!(answered(), 204);
    app.case("one");
    let printed = BufReader::new(receiver.stdout.take().unwrap()).lines().map(Result::unwrap);
    let kinds = printed.map(|line| line.split(' ').next_back().unwrap().to_owned()).take(2).collect::<Vec<_>>();
    assert_eq!(kinds, ["webhook.test", "case.created"]);
    receiver.kill().unwrap();
    receiver.wait().unwrap();
}

fn a_failed_event_holds_back_its_case_only(backend: Backend) {
    let Some(app) = delivering(backend) else { return };
    let receiver = Receiver::start(|number, _| if number == 0 { "500 Oops" } else { "200 OK" }.to_owned());
    let webhook = create(&app, &receiver, &json!(["case.*"]));
    let case = app.case("held");
    receiver.wait_for(1);
    app.transition(&case, "start");
    app.case("free");
    let received = receiver.wait_for(4);
    let seen = received
        .iter()
        .map(|request| (request.json()["data"]["case"]["number"].clone(), request.kind()))
        .collect::<Vec<_>>();
    let held = case["number"].clone();
    let of_held = seen.iter().filter(|(number, _)| *number == held).map(|(_, kind)| kind.as_str()).collect::<Vec<_>>();
    assert_eq!(of_held, ["case.created", "case.created", "case.status_changed"]);
    // The other case did not wait for the second attempt.
    assert_ne!(seen[1].0, held);
    assert_eq!(received[0].headers["webhook-id"], received[2].headers["webhook-id"]);
    let path = format!("/api/v1/webhooks/{}/deliveries", webhook["id"].as_str().unwrap());
    let deliveries = app.get(&path).expect(200);
    let first = deliveries["data"].as_array().unwrap().last().unwrap().clone();
    let statuses =
        first["attempts"].as_array().unwrap().iter().map(|attempt| attempt["status"].clone()).collect::<Vec<_>>();
    assert_eq!(statuses, [json!(500), json!(200)]);
}

fn a_receiver_can_say_goodbye_or_lead_astray(backend: Backend) {
    let Some(app) = delivering(backend) else { return };
    let elsewhere = Receiver::start(|_, _| "200 OK".to_owned());
    let target = elsewhere.url.clone();
    let astray = Receiver::start(move |_, _| format!("302 Found\r\nlocation: {target}"));
    let redirected = create(&app, &astray, &json!(["case.*"]));
    let gone = Receiver::start(|_, _| "410 Gone".to_owned());
    let leaving = create(&app, &gone, &json!(["case.*"]));
    app.case("one");
    let failed = wait_for_status(&app, &leaving, "failed");
    assert_eq!(failed["attempts"][0]["status"], 410);
    let pending = wait_for_status(&app, &redirected, "pending");
    astray.wait_for(1);
    assert!(elsewhere.all().is_empty());
    let begin = Instant::now();
    let path = format!("/api/v1/webhooks/{}", leaving["id"].as_str().unwrap());
    while app.get(&path).expect(200)["active"] == true {
        assert!(begin.elapsed() < Duration::from_secs(10));
        thread::sleep(Duration::from_millis(20));
    }
    let disabled = app.get(&path).expect(200);
    assert!(disabled["disabled_at"].is_string() && disabled["disabled_reason"].is_string(), "{disabled}");
    let events = app.get("/api/v1/events?type=webhook.disabled").expect(200);
    assert_eq!(events["data"][0]["subject"], json!({ "type": "webhook", "id": leaving["id"] }));
    let active = app.put(&path, &json!({ "active": true })).expect(200);
    assert_eq!((&active["active"], &active["disabled_at"]), (&json!(true), &Value::Null));
    let retry = format!(
        "/api/v1/webhooks/{}/deliveries/{}/retry",
        redirected["id"].as_str().unwrap(),
        pending["id"].as_str().unwrap()
    );
    app.post(&retry, &json!({})).expect(202);
    astray.wait_for(2);
}

fn a_receiver_can_hang_or_ask_for_time(backend: Backend) {
    let Some(app) = delivering(backend) else { return };
    let hanging = Receiver::start(|number, _| {
        // Longer than a request may take; the receiver of this test answers one request at a time.
        thread::sleep(Duration::from_secs(if number == 0 { 17 } else { 0 }));
        "200 OK".to_owned()
    });
    let busy = Receiver::start(|_, _| "429 Too Many Requests\r\nretry-after: 120".to_owned());
    let fast = Receiver::start(|_, _| "200 OK".to_owned());
    let slow = create(&app, &hanging, &json!(["case.created"]));
    let asking = create(&app, &busy, &json!(["case.created"]));
    create(&app, &fast, &json!(["case.created"]));
    app.case("one");
    // A receiver that hangs delays no other.
    let begin = Instant::now();
    fast.wait_for(1);
    let pending = wait_for_attempt(&app, &asking);
    assert!(begin.elapsed() < Duration::from_secs(10));
    assert_eq!(pending["attempts"][0]["status"], 429);
    let at = |text: &Value| text.as_str().unwrap().parse::<docket_domain::time::Timestamp>().unwrap();
    let wait = at(&pending["next_attempt_at"]) - at(&pending["attempts"][0]["at"]);
    assert!((119..130).contains(&wait.num_seconds()), "{pending}");
    let pending = wait_for_attempt(&app, &slow);
    assert_eq!(pending["attempts"][0]["status"], Value::Null);
    assert!(pending["attempts"][0]["error"].as_str().unwrap().contains("15 seconds"), "{pending}");
    let delivered = wait_for_status(&app, &slow, "delivered");
    let [first, second] = &hanging.wait_for(2)[..] else { panic!("two requests") };
    assert_eq!((&first.headers["webhook-id"], &first.body), (&second.headers["webhook-id"], &second.body));
    assert_eq!(delivered["attempts"].as_array().unwrap().len(), 2);
}

/// Waits until the pending delivery of a webhook was tried, and returns it.
fn wait_for_attempt(app: &TestApp, webhook: &Value) -> Value {
    let begin = Instant::now();
    loop {
        let pending = wait_for_status(app, webhook, "pending");
        if pending["attempts"].as_array().is_some_and(|attempts| !attempts.is_empty()) {
            return pending;
        }
        assert!(begin.elapsed() < Duration::from_secs(25), "{pending}");
        thread::sleep(Duration::from_millis(50));
    }
}

/// Nothing is lost and doubles have the same id when the server is killed between a request and its record.
fn deliveries_survive_kill_9(backend: Backend) {
    let Some(url) = backend.fresh_url() else { return };
    let binary = Binary::on(url);
    let key = binary.key();
    let receiver = Receiver::start(|_, _| {
        thread::sleep(Duration::from_millis(30));
        "200 OK".to_owned()
    });
    let server = binary.serve(&["--webhook-allow-private"]);
    let client = server.client.with_key(&key);
    let body = json!({ "url": receiver.url, "types": ["case.*"] });
    client.post("/api/v1/webhooks", &body).expect(201);
    let cases = (0..30).map(|number| {
        let case = client.post("/api/v1/cases", &json!({ "name": format!("case {number}") })).expect(201);
        case["id"].as_str().unwrap().to_owned()
    });
    let cases = cases.collect::<Vec<_>>();
    receiver.wait_for(5);
    server.signal("-9");
    assert!(!server.wait());
    let _again = binary.serve(&["--webhook-allow-private"]);
    let begin = Instant::now();
    let received = loop {
        let received = receiver.all();
        let arrived = |case: &String| received.iter().any(|request| request.json()["data"]["case"]["id"] == **case);
        if cases.iter().all(arrived) {
            break received;
        }
        assert!(begin.elapsed() < Duration::from_secs(90), "{} requests", received.len());
        thread::sleep(Duration::from_millis(100));
    };
    let mut ids = BTreeMap::<String, String>::new();
    for request in &received {
        let id = &request.headers["webhook-id"];
        assert_eq!(ids.entry(id.clone()).or_insert_with(|| request.body.clone()), &request.body);
    }
    assert_eq!(ids.len(), cases.len());
}

/// A name is checked when it is entered, and again at each connection: it may have got another address.
#[test]
fn a_name_that_has_become_private_is_not_connected_to() {
    let binary = Binary::on(Backend::Sqlite.fresh_url().unwrap());
    let key = binary.key();
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    target.set_nonblocking(true).unwrap();
    let url = format!("https://localhost:{}/hook", target.local_addr().unwrap().port());
    let lenient = binary.serve(&["--webhook-allow-private"]);
    let client = lenient.client.with_key(&key);
    let webhook = client.post("/api/v1/webhooks", &json!({ "url": url, "types": ["case.*"] })).expect(201);
    drop(lenient);
    let strict = binary.serve(&[]);
    let client = strict.client.with_key(&key);
    client.post("/api/v1/webhooks", &json!({ "url": url, "types": ["case.*"] })).expect_faults(&["url"]);
    client.post("/api/v1/cases", &json!({ "name": "one" })).expect(201);
    let path = format!("/api/v1/webhooks/{}/deliveries", webhook["id"].as_str().unwrap());
    let begin = Instant::now();
    let attempt = loop {
        let attempt = client.get(&path).expect(200)["data"][0]["attempts"][0].clone();
        if attempt.is_object() {
            break attempt;
        }
        assert!(begin.elapsed() < Duration::from_secs(10));
        thread::sleep(Duration::from_millis(50));
    };
    assert!(attempt["error"].as_str().unwrap().contains("not public"), "{attempt}");
    assert!(target.accept().is_err(), "no connection");
}

#[test]
fn receivers_hang_or_ask_for_time_on_sqlite() {
    a_receiver_can_hang_or_ask_for_time(Backend::Sqlite);
}

#[test]
fn receivers_hang_or_ask_for_time_on_postgres() {
    a_receiver_can_hang_or_ask_for_time(Backend::Postgres);
}

#[test]
fn deliveries_survive_kill_9_on_sqlite() {
    deliveries_survive_kill_9(Backend::Sqlite);
}

#[test]
fn deliveries_survive_kill_9_on_postgres() {
    deliveries_survive_kill_9(Backend::Postgres);
}

#[test]
fn events_are_sent_once_and_signed_on_sqlite() {
    each_event_is_sent_once_and_signed(Backend::Sqlite);
}

#[test]
fn events_are_sent_once_and_signed_on_postgres() {
    each_event_is_sent_once_and_signed(Backend::Postgres);
}

#[test]
fn failed_events_hold_back_their_case_on_sqlite() {
    a_failed_event_holds_back_its_case_only(Backend::Sqlite);
}

#[test]
fn failed_events_hold_back_their_case_on_postgres() {
    a_failed_event_holds_back_its_case_only(Backend::Postgres);
}

#[test]
fn receivers_say_goodbye_or_lead_astray_on_sqlite() {
    a_receiver_can_say_goodbye_or_lead_astray(Backend::Sqlite);
}

#[test]
fn receivers_say_goodbye_or_lead_astray_on_postgres() {
    a_receiver_can_say_goodbye_or_lead_astray(Backend::Postgres);
}

on_both_databases! {
    fn a_url_is_public_and_encrypted(app) {
        for url in [
            "http://example.com/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/", "https://169.254.169.254/",
            "https://[::ffff:169.254.169.254]/", "https://user:pass@example.com/", "https://2130706433/", "https://0x7f.1/",
            "https://localhost/", "example.com", "https://", "ftp://example.com/", "",
        ] {
            app.post("/api/v1/webhooks", &json!({ "url": url })).expect_faults(&["url"]);
        }
        app.post("/api/v1/webhooks", &json!({ "types": ["nothing.*"], "active": 1, "x": 1 })).expect_faults(&["url", "types", "active", "x"]);
        let webhook = app.post("/api/v1/webhooks", &json!({ "url": "https://1.1.1.1/hook", "description": "a" })).expect(201);
        let path = format!("/api/v1/webhooks/{}", webhook["id"].as_str().unwrap());
        app.put(&path, &json!({ "url": "https://192.168.0.1/" })).expect_faults(&["url"]);
        let changed = app.put(&path, &json!({ "types": ["note.*"], "description": null, "active": false })).expect(200);
        assert_eq!((&changed["types"], &changed["description"], &changed["active"]), (&json!(["note.*"]), &Value::Null, &json!(false)));
        app.post(&format!("{path}/replay"), &json!({ "after": "x" })).expect_faults(&["after"]);
    }
}
