//! The event log of the account: pages, long polls, the stream, the types.

use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use docket_domain::scope::{Scope, Scopes};
use serde_json::{Value, json};

use crate::support::{Client, TestApp, on_both_databases};

fn page(app: &TestApp, query: &str) -> Value {
    app.get(&format!("/api/v1/events?{query}")).expect(200)
}

fn types(page: &Value) -> Vec<&str> {
    page["data"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect()
}

fn cursor(page: &Value) -> &str {
    page["pagination"]["cursor"].as_str().unwrap()
}

/// The events of a stream, each as `id`, `event` and `data`.
struct Stream(BufReader<TcpStream>);

impl Stream {
    fn open(client: &Client, query: &str) -> Self {
        let stream = client.begin("GET", &format!("/api/v1/events/stream?{query}"), 0);
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut lines = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(lines.read_line(&mut head).unwrap() > 0, "{head}");
        }
        assert!(head.contains("text/event-stream"), "{head}");
        Self(lines)
    }

    /// The next event; `None` at the end of the stream.
    fn next(&mut self) -> Option<(String, String, Value)> {
        let (mut id, mut kind) = (String::new(), String::new());
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).ok()? == 0 {
                return None;
            }
            match line.trim_end().split_once(": ") {
                Some(("id", text)) => text.clone_into(&mut id),
                Some(("event", text)) => text.clone_into(&mut kind),
                Some(("data", text)) => return Some((id, kind, serde_json::from_str(text).unwrap())),
                // Comments, blank lines and the sizes of chunks.
                _ => {}
            }
        }
    }
}

on_both_databases! {
    fn a_reader_that_follows_the_cursor_sees_each_event_once(app) {
        let start = page(app, "");
        let case = app.case("one");
        app.transition(&case, "start");
        app.post(&format!("{}/notes", TestApp::path(&case)), &json!({ "body": "a secret" })).expect(201);
        app.post("/api/v1/people", &json!({ "name": "Ada" })).expect(201);
        let (mut seen, mut after) = (Vec::new(), cursor(&start).to_owned());
        loop {
            let page = page(app, &format!("limit=1&after={after}"));
            cursor(&page).clone_into(&mut after);
            seen.extend(page["data"].as_array().unwrap().clone());
            if page["pagination"]["has_more"] == false {
                break;
            }
        }
        let rest = page(app, &format!("after={}", cursor(&start)));
        assert_eq!(json!(seen), rest["data"]);
        assert_eq!(types(&rest), ["case.created", "case.status_changed", "note.added", "person.created"]);
        assert_eq!(page(app, &format!("after={after}"))["data"], json!([]));
        assert_eq!(cursor(&page(app, "after=now")), after);
        let moved = &seen[1];
        assert_eq!(moved["case"], json!({ "id": case["id"], "number": case["number"], "case_number": case["case_number"], "version": 2 }));
        assert_eq!(moved["subject"], json!({ "type": "case", "id": case["id"] }));
        assert_eq!(moved["data"]["from"], "open");
        assert_eq!(moved["data"]["to"], "in_progress");
        assert_eq!(seen[2]["subject"]["type"], "note");
        assert!(!seen[2].to_string().contains("a secret"), "{}", seen[2]);
        assert_eq!(seen[3]["case"], Value::Null);
        let timeline = app.get(&format!("{}/timeline", TestApp::path(&case))).expect(200);
        assert_eq!(timeline["data"][0]["id"], seen[2]["id"]);
    }

    fn filters_select_types_and_a_case(app) {
        let (one, other) = (app.case("one"), app.case("other"));
        app.transition(&one, "start");
        app.transition(&other, "start");
        assert_eq!(types(&page(app, "type=case.created")), ["case.created", "case.created"]);
        let of_one = page(app, &format!("type=case.*&case={}", one["id"].as_str().unwrap()));
        assert_eq!(types(&of_one), ["case.created", "case.status_changed"]);
        let number = other["number"].as_i64().unwrap();
        assert_eq!(types(&page(app, &format!("type=key.*&type=case.status_changed&case={number}"))), ["case.status_changed"]);
        app.get("/api/v1/events?type=case.*&type=nothing.*&limit=0&wait=31&after=x").expect_faults(&["type", "limit", "wait", "after"]);
        assert_eq!(types(&page(app, "case=019a0000-0000-7000-8000-000000000000")), [""; 0]);
        assert_eq!(types(&page(app, "case=0")), [""; 0]);
        app.get("/api/v1/events?after=now&limit=1000&wait=0&type=case.*&unknown=1").expect_faults(&["unknown"]);
    }

    fn a_cursor_is_of_one_account_and_of_no_future(app) {
        app.case("one");
        let other = app.another_account();
        let mine = page(app, "");
        other.get(&format!("/api/v1/events?after={}", cursor(&mine))).expect_faults(&["after"]);
        let end = cursor(&mine).to_owned();
        app.case("two");
        let later = page(app, "after=now");
        assert_ne!(cursor(&later), end);
        // The position is the first half. It is far behind the end here.
        let future = format!("{}Z{}", &end[..12], &end[13..]);
        app.get(&format!("/api/v1/events?after={future}")).expect_faults(&["after"]);
    }

    fn a_long_poll_ends_with_the_first_event(app) {
        let end = cursor(&page(app, "after=now")).to_owned();
        let begin = Instant::now();
        let none = page(app, &format!("after={end}&wait=1"));
        assert_eq!((none["data"].as_array().unwrap().len(), cursor(&none)), (0, end.as_str()));
        assert!(begin.elapsed() >= Duration::from_secs(1));
        thread::scope(|scope| {
            let waiting = scope.spawn(|| (page(app, &format!("after={end}&wait=30&type=note.*")), Instant::now()));
            thread::sleep(Duration::from_millis(500));
            let case = app.case("one");
            app.post(&format!("{}/notes", TestApp::path(&case)), &json!({ "body": "a" })).expect(201);
            let written = Instant::now();
            let (found, at) = waiting.join().unwrap();
            assert_eq!(types(&found), ["note.added"]);
            assert!(at.saturating_duration_since(written) < Duration::from_secs(5));
        });
    }

    fn a_stream_sends_what_is_there_and_what_comes(app) {
        let start = cursor(&page(app, "after=now")).to_owned();
        let case = app.case("one");
        let mut stream = Stream::open(app, &format!("after={start}"));
        let (first, kind, event) = stream.next().unwrap();
        assert_eq!((kind.as_str(), &event["case"]["id"]), ("case.created", &case["id"]));
        app.transition(&case, "start");
        let (_, kind, event) = stream.next().unwrap();
        assert_eq!((kind.as_str(), &event["data"]["to"]), ("case.status_changed", &json!("in_progress")));
        app.post("/api/v1/people", &json!({ "name": "Ada" })).expect(201);
        assert_eq!(stream.next().unwrap().1, "person.created");
        // Another connection continues behind the first event.
        let mut later = Stream::open(&app.with("last-event-id", &first), "type=person.*&type=case.*");
        assert_eq!(later.next().unwrap().1, "case.status_changed");
        assert_eq!(later.next().unwrap().1, "person.created");
        app.with("last-event-id", "x").get("/api/v1/events/stream").expect_faults(&["Last-Event-ID"]);
    }

    fn a_stream_ends_with_its_key(app) {
        let key = app.make_key("reader", Scopes::from_iter([Scope::CasesRead]), None);
        let mut stream = Stream::open(&app.with_key(&key), "after=now");
        let keys = app.get("/api/v1/keys").expect(200);
        let keys = keys["data"].as_array().unwrap();
        let id = keys.iter().find(|key| key["name"] == "reader").unwrap()["id"].as_str().unwrap().to_owned();
        app.delete(&format!("/api/v1/keys/{id}")).expect(204);
        let begin = Instant::now();
        while stream.next().is_some() {}
        assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    }

    fn other_resources_have_events_too(app) {
        let start = cursor(&page(app, "after=now")).to_owned();
        let person = app.post("/api/v1/people", &json!({ "name": "Ada" })).expect(201);
        app.put(&format!("/api/v1/people/{}", person["id"].as_str().unwrap()), &json!({ "phone": "1" })).expect(200);
        let key = app.post("/api/v1/keys", &json!({ "name": "a", "scopes": ["cases:read"] })).expect(201);
        app.delete(&format!("/api/v1/keys/{}", key["id"].as_str().unwrap())).expect(204);
        app.post("/api/orders/place", &json!({ "customer_id": 7 })).expect(201);
        let mut definition = serde_json::to_value(docket_domain::workflow::builtin(docket_domain::workflow::EntityType::Case)).unwrap();
        definition["name"] = json!("Own");
        app.put("/api/v1/workflows/own", &json!({ "definition": definition, "activate": true })).expect(201);
        let seen = page(app, &format!("after={start}"));
        let found = types(&seen).into_iter().collect::<BTreeSet<_>>();
        for expected in ["person.created", "person.updated", "key.created", "key.revoked", "order.created", "workflow.installed", "workflow.activated"] {
            assert!(found.contains(expected), "{expected}: {found:?}");
        }
        assert!(!seen.to_string().contains(key["key"].as_str().unwrap()));
        // Every event has exactly the fields that the catalogue names.
        let catalogue = app.get("/api/v1/events/types").expect(200);
        let catalogue = catalogue["data"].as_array().unwrap();
        for event in seen["data"].as_array().unwrap() {
            let of_type = catalogue.iter().find(|known| known["type"] == event["type"]).unwrap();
            let required = of_type["data"]["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap());
            let fields = event["data"].as_object().unwrap().keys().map(String::as_str);
            assert_eq!(fields.collect::<BTreeSet<_>>(), required.collect::<BTreeSet<_>>(), "{event}");
        }
    }

    fn an_export_has_every_event_in_each_format(app) {
        let case = app.case("one");
        app.transition(&case, "start");
        app.post("/api/v1/people", &json!({ "name": "Ada <\"&" })).expect(201);
        let all = page(app, "limit=1000");
        let export = |query: &str| {
            let answer = app.get(&format!("/api/v1/events/export?{query}"));
            assert_eq!(answer.status, 200);
            chunked(&answer.body)
        };
        let lines = export("format=jsonl");
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>();
        assert_eq!(json!(lines), all["data"]);
        let table = export("format=csv&type=case.*");
        let mut table = csv::Reader::from_reader(table.as_bytes());
        let rows = table.deserialize().map(Result::unwrap).collect::<Vec<std::collections::BTreeMap<String, String>>>();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0]["status"].as_str(), rows[1]["status"].as_str()), ("open", "in_progress"));
        assert_eq!(rows[1]["case_id"], case["id"].as_str().unwrap());
        let xes = export("format=xes");
        assert_eq!((xes.matches("<trace>").count(), xes.matches("<event>").count()), (1, 2));
        assert!(xes.ends_with("</trace>\n</log>\n"), "{xes}");
        let ocel = serde_json::from_str::<Value>(&export("format=ocel")).unwrap();
        assert_eq!(ocel["events"].as_array().unwrap().len(), all["data"].as_array().unwrap().len());
        let known = ocel["objects"].as_array().unwrap().iter().map(|object| object["id"].as_str().unwrap());
        let known = known.collect::<BTreeSet<_>>();
        for event in ocel["events"].as_array().unwrap() {
            for related in event["relationships"].as_array().unwrap() {
                assert!(known.contains(related["objectId"].as_str().unwrap()), "{event}");
            }
        }
        assert_eq!(export("format=jsonl&since=2200-01-01"), "");
        assert_eq!(export("format=jsonl&until=2000-01-01"), "");
        app.get("/api/v1/events/export?format=pdf&since=x&type=y").expect_faults(&["format", "since", "type"]);
        app.get("/api/v1/events/export").expect_faults(&["format"]);
    }
}

/// The text of a chunked body.
fn chunked(body: &[u8]) -> String {
    let (mut text, mut rest) = (Vec::new(), body);
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n").unwrap();
        let length = usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap(), 16).unwrap();
        if length == 0 {
            return String::from_utf8(text).unwrap();
        }
        text.extend_from_slice(&rest[line + 2..line + 2 + length]);
        rest = &rest[line + 4 + length..];
    }
}
