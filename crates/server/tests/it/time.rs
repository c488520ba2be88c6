//! Calendars of working hours, service levels, the clocks of cases, and deadlines for calendar programs.

use std::{
    thread,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use docket_domain::scope::Scope;
use docket_server::timer;
use serde_json::{Value, json};

use crate::support::{Backend, Binary, TestApp, on_both_databases};

fn office() -> Value {
    let all = json!([["00:00", "24:00"]]);
    json!({
        "name": "Always", "time_zone": "Europe/Berlin", "holidays": null,
        "hours": {
            "monday": all, "tuesday": all, "wednesday": all, "thursday": all, "friday": all, "saturday": all, "sunday": all,
        },
    })
}

fn level(goal: &str) -> Value {
    json!({
        "name": "Standard", "position": 1, "applies_to": { "types": ["incident"] },
        "targets": [{
            "name": "Resolution", "starts_on": "created", "stops_on": "outcome:resolved", "pauses_in": ["pending_customer"],
            "goal": goal, "calendar": "office", "goal_by_priority": { "urgent": "PT1H" },
        }],
    })
}

fn set_up(app: &TestApp) {
    app.put("/api/v1/calendars/office", &office()).expect(201);
    app.put("/api/v1/service-levels/standard", &level("PT4H")).expect(201);
}

fn clocks(app: &TestApp, case: &Value) -> Value {
    app.get(&format!("{}/service-level", TestApp::path(case))).expect(200)
}

on_both_databases! {
    fn a_calendar_is_set_listed_and_removed(app) {
        let body = json!({
            "key": "office", "name": "Office", "time_zone": "Europe/Berlin", "holidays": "de-by",
            "hours": { "monday": [["09:00", "12:30"], ["13:30", "24:00"]] },
            "closed": ["2026-12-24"], "open": [{ "date": "2026-12-19", "hours": [["10:00", "14:00"]] }],
        });
        let made = app.put("/api/v1/calendars/office", &body).expect(201);
        assert_eq!((&made["key"], &made["hours"]["monday"]), (&json!("office"), &body["hours"]["monday"]));
        assert_eq!((&made["hours"]["sunday"], &made["closed"], &made["open"]), (&json!([]), &body["closed"], &body["open"]));
        assert_eq!(app.put("/api/v1/calendars/office", &body).expect(200), made);
        assert_eq!(app.get("/api/v1/calendars").expect(200), json!({ "data": [made] }));
        assert_eq!(app.another_account().get("/api/v1/calendars").expect(200), json!({ "data": [] }));
        let put = |key: &str, body: Value| app.put(&format!("/api/v1/calendars/{key}"), &body);
        put("Other", body.clone()).expect_faults(&["key"]);
        put("other", body.clone()).expect_faults(&["key"]);
        put("x", json!({})).expect_faults(&["name", "time_zone", "hours"]);
        put("x", json!({ "name": "x", "time_zone": "Mars", "hours": { "noday": [] }, "holidays": "xx" }))
            .expect_faults(&["time_zone", "hours.noday", "holidays"]);
        put("x", json!({ "name": "x", "time_zone": "UTC", "hours": { "monday": [["10:00", "09:00"]], "friday": [["09:00", "25:00"]] } }))
            .expect_faults(&["hours.monday", "hours.friday"]);
        app.with_scopes(&[Scope::CasesRead, Scope::CasesWrite]).put("/api/v1/calendars/x", &office())
            .expect_error(403, "AUTH_INSUFFICIENT_SCOPE");
        app.put("/api/v1/service-levels/standard", &level("PT4H")).expect(201);
        app.delete("/api/v1/calendars/office").expect_error(409, "CALENDAR_IN_USE");
        app.delete("/api/v1/service-levels/standard").expect(204);
        app.delete("/api/v1/calendars/office").expect(204);
        app.delete("/api/v1/calendars/office").expect_error(404, "CALENDAR_NOT_FOUND");
        app.delete("/api/v1/service-levels/standard").expect_error(404, "SERVICE_LEVEL_NOT_FOUND");
    }

    fn a_service_level_names_every_fault(app) {
        let put = |body: Value| app.put("/api/v1/service-levels/standard", &body);
        put(level("PT4H")).expect_faults(&["targets[0].calendar"]);
        put(json!({})).expect_faults(&["name", "targets"]);
        put(json!({ "name": "x", "targets": [] })).expect_faults(&["targets"]);
        put(json!({ "name": "x", "targets": [{
            "name": "", "starts_on": "sometime", "stops_on": "phase:x", "goal": "P1D", "warn_at": 2, "restarts": 1,
            "goal_by_priority": { "huge": "PT1H" }, "pauses_in": "open",
        }] })).expect_faults(&[
            "targets[0].name", "targets[0].starts_on", "targets[0].stops_on", "targets[0].pauses_in", "targets[0].goal",
            "targets[0].goal_by_priority", "targets[0].calendar", "targets[0].warn_at", "targets[0].restarts",
        ]);
        app.put("/api/v1/calendars/office", &office()).expect(201);
        let made = put(level("PT90M")).expect(201);
        let target = &made["targets"][0];
        assert_eq!((&target["goal"], &target["warn_at"], &target["restarts"]), (&json!("PT1H30M"), &json!(0.8), &json!(false)));
        assert_eq!(made["applies_to"], json!({ "types": ["incident"] }));
        let listed = app.get("/api/v1/service-levels").expect(200);
        assert_eq!(listed["data"], json!([made]));
        assert_eq!((&listed["recomputation"]["done"], &listed["recomputation"]["total"]), (&json!(0), &Value::Null));
    }

    fn a_case_shows_its_clocks(app) {
        set_up(app);
        let other = app.case("of no type");
        assert_eq!(clocks(app, &other), json!({ "policy": null, "targets": [] }));
        let case = app.create(&json!({ "name": "a", "type": "incident" }));
        let running = clocks(app, &case);
        assert_eq!(running["policy"]["key"], "standard");
        let clock = &running["targets"][0];
        assert_eq!((&clock["name"], &clock["state"], &clock["goal"]), (&json!("Resolution"), &json!("running"), &json!("PT4H")));
        assert!(clock["due_at"].is_string() && clock["met_at"].is_null() && clock["breached_at"].is_null(), "{clock}");
        let segment = &clock["segments"][0];
        assert_eq!((&segment["counts"], &segment["to"]), (&json!(true), &Value::Null));
        assert!(segment["because"]["event"].as_str().unwrap().starts_with("evt_"), "{segment}");
        let wait = json!({ "to": "pending_customer", "reason": "a form is missing" });
        app.post(&format!("{}/transitions", TestApp::path(&case)), &wait).expect(200);
        let paused = clocks(app, &case)["targets"][0].clone();
        assert_eq!((&paused["state"], &paused["due_at"], paused["segments"].as_array().unwrap().len()), (&json!("paused"), &Value::Null, 2));
        app.post(&format!("{}/transitions", TestApp::path(&case)), &json!({ "to": "resolved" })).expect(200);
        let met = clocks(app, &case)["targets"][0].clone();
        assert!(met["state"] == "met" && met["met_at"].is_string(), "{met}");
        let path = format!("{}/service-level", TestApp::path(&case));
        app.another_account().get(&path).expect_error(404, "CASE_NOT_FOUND");
    }

    fn a_question_writes_nothing(app) {
        set_up(app);
        for at in 0..3 {
            let case = app.create(&json!({ "name": format!("case {at}"), "type": "incident", "priority": "high" }));
            if at < 2 {
                app.post(&format!("{}/transitions", TestApp::path(&case)), &json!({ "to": "resolved" })).expect(200);
            }
        }
        app.create(&json!({ "name": "low", "type": "incident", "priority": "low" }));
        let ask = |body: Value| app.post("/api/v1/service-levels/what-if", &body);
        let answer = ask(json!({ "policy": level("PT4H"), "filter": { "priority": "high" } })).expect(200);
        assert_eq!((&answer["cases"], &answer["truncated"]), (&json!(3), &json!(false)));
        let target = &answer["targets"][0];
        assert_eq!((&target["met"], &target["running"], &target["breached"]), (&json!(2), &json!(1), &json!(0)));
        assert_eq!((&target["median"], target["worst"].as_array().unwrap().len()), (&json!("PT0S"), 3));
        let later = ask(json!({ "policy": level("PT4H"), "as_of": "2099-01-01T00:00:00Z" })).expect(200);
        assert_eq!((&later["targets"][0]["breached"], &later["targets"][0]["met"]), (&json!(2), &json!(2)));
        let before = ask(json!({ "policy": level("PT4H"), "as_of": "2000-01-01T00:00:00Z" })).expect(200);
        assert_eq!(before["targets"][0]["pending"], 4);
        ask(json!({ "policy": level("PT4H"), "filter": { "priority": "huge", "x": 1 } })).expect(400);
        ask(json!({})).expect_faults(&["policy"]);
        let mut unknown = level("PT4H");
        unknown["targets"][0]["calendar"] = json!("none");
        ask(json!({ "policy": unknown })).expect_faults(&["targets[0].calendar"]);
        assert_eq!(app.get("/api/v1/service-levels").expect(200)["data"].as_array().unwrap().len(), 1);
    }

    fn deadlines_can_be_subscribed_to(app) {
        let case = app.case("Meyer, \"v.\" Kolb");
        let path = format!("{}/deadlines", TestApp::path(&case));
        let day = json!({ "title": "Statement of defence; with, commas", "kind": "court", "due_at": "2027-08-06", "warn_on": "2027-07-30" });
        let made = app.post(&path, &day).expect(201);
        app.post(&path, &json!({ "title": "Hearing", "kind": "court", "due_at": "2027-08-07T09:30:00Z" })).expect(201);
        let read = |path: &str| {
            let response = app.get(path);
            assert_eq!(response.header("content-type"), Some("text/calendar; charset=utf-8"));
            String::from_utf8(response.body).unwrap().replace("\r\n ", "")
        };
        let text = read("/api/v1/deadlines.ics");
        let id = made["id"].as_str().unwrap();
        for line in [
            "BEGIN:VCALENDAR", "VERSION:2.0", &format!("UID:{id}@docket"), "DTSTART;VALUE=DATE:20270806",
            "SUMMARY:Statement of defence\\; with\\, commas", "BEGIN:VALARM", "STATUS:CONFIRMED", "DTSTART:20270807T093000Z",
        ] {
            assert!(text.contains(line), "{line} is not in {text}");
        }
        assert_eq!(read(&format!("{}/deadlines.ics", TestApp::path(&case))), text);
        let sequence = |text: &str| -> u32 {
            let event = text.split("BEGIN:VEVENT").find(|event| event.contains(id)).unwrap().to_owned();
            event.lines().find_map(|line| line.strip_prefix("SEQUENCE:")).unwrap().trim().parse().unwrap()
        };
        let renamed = json!({ "title": "Renamed" });
        app.put(&format!("/api/v1/deadlines/{id}"), &renamed).expect(200);
        let changed = read("/api/v1/deadlines.ics");
        assert!(sequence(&changed) > sequence(&text));
        app.put(&format!("/api/v1/deadlines/{id}"), &json!({ "status": "met" })).expect(200);
        let ended = read("/api/v1/deadlines.ics");
        assert!(sequence(&ended) > sequence(&changed) && ended.contains("STATUS:CANCELLED"), "{ended}");
        let other = app.another_account();
        assert!(!String::from_utf8(other.get("/api/v1/deadlines.ics").body).unwrap().contains("BEGIN:VEVENT"));
        other.get(&format!("{}/deadlines.ics", TestApp::path(&case))).expect_error(404, "CASE_NOT_FOUND");
    }

    fn lists_filter_by_clocks_and_time_makes_events_once(app) {
        set_up(app);
        let case = app.create(&json!({ "name": "clocked", "type": "incident" }));
        app.create(&json!({ "name": "without", "type": "other" }));
        let ids = |query: &str| {
            let listed = app.get(&format!("/api/v1/cases?{query}")).expect(200);
            listed["data"].as_array().unwrap().iter().map(|case| case["id"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(ids("sla=running"), [case["id"].clone()]);
        assert_eq!(ids("sla_target=Resolution"), [case["id"].clone()]);
        for none in ["sla=breached", "sla=at_risk", "sla=paused", "sla=met", "sla=running&sla_target=Other"] {
            assert_eq!(ids(none), [Value::Null; 0], "{none}");
        }
        // The timer looks at all accounts, so only the events of this one are counted.
        let told = |app: &TestApp, seconds: i64| {
            actix_web::rt::System::new().block_on(async {
                let worker = app.worker();
                timer::rebuild(&worker.store, || worker.now() + TimeDelta::seconds(2)).await.unwrap();
                let now = || worker.now() + TimeDelta::seconds(seconds);
                timer::tick(&worker.store, now, |_| {}).await.unwrap();
            });
            app.get("/api/v1/events?type=sla.*").expect(200)["data"].as_array().unwrap().len()
        };
        assert_eq!(told(app, 0), 0);
        // 80 % of four hours, and four hours. Each is told once, also after a second look.
        assert_eq!((told(app, 3 * 3_600 + 800), told(app, 3 * 3_600 + 800)), (1, 1));
        assert_eq!((told(app, 5 * 3_600), told(app, 5 * 3_600)), (2, 2));
        let timeline = app.get(&format!("{}/timeline", TestApp::path(&case))).expect(200)["data"].clone();
        let due = clocks(app, &case)["targets"][0]["due_at"].clone();
        assert_eq!((&timeline[0]["type"], &timeline[0]["actor"]), (&json!("sla.breached"), &Value::Null));
        assert_eq!((&timeline[0]["occurred_at"], &timeline[0]["metadata"]["target"]), (&due, &json!("Resolution")));
        assert_eq!(timeline[1]["type"], "sla.warning");
        assert_eq!(app.get(&TestApp::path(&case)).expect(200)["version"], 3);
        app.post(&format!("{}/transitions", TestApp::path(&case)), &json!({ "to": "resolved" })).expect(200);
        assert_eq!(ids("sla=met"), [case["id"].clone()]);
        // After an outage, both moments are told, and a new service level reaches older cases.
        let other = app.another_account();
        let older = other.create(&json!({ "name": "older", "type": "incident" }));
        set_up(&other);
        assert_eq!(told(&other, 0), 0);
        assert_eq!(other.get("/api/v1/cases?sla=running").expect(200)["data"][0]["id"], older["id"]);
        assert_eq!(told(&other, 100 * 3_600), 2);
        let timeline = other.get(&format!("{}/timeline", TestApp::path(&older))).expect(200)["data"].clone();
        let kinds = timeline.as_array().unwrap().iter().map(|event| event["type"].clone()).collect::<Vec<_>>();
        assert_eq!(kinds, ["sla.breached", "sla.warning", "case.created"]);
    }

    fn lists_order_by_the_next_clock(app) {
        set_up(app);
        let urgent = app.create(&json!({ "name": "urgent", "type": "incident", "priority": "urgent" }));
        let normal = app.create(&json!({ "name": "normal", "type": "incident" }));
        let none = app.create(&json!({ "name": "none", "type": "other" }));
        let ids = |sort: &str| {
            let (mut ids, mut next) = (Vec::new(), String::new());
            loop {
                let page = app.get(&format!("/api/v1/cases?sort={sort}&limit=1{next}")).expect(200);
                ids.push(page["data"][0]["id"].clone());
                match page["pagination"]["cursor"].as_str().filter(|_| page["pagination"]["has_more"] == true) {
                    Some(cursor) => next = format!("&cursor={cursor}"),
                    None => return ids,
                }
            }
        };
        let of = |cases: [&Value; 3]| cases.map(|case| case["id"].clone());
        assert_eq!(ids("sla_due"), of([&urgent, &normal, &none]));
        assert_eq!(ids("-sla_due"), of([&normal, &urgent, &none]));
        let resolve = json!({ "to": "resolved" });
        app.post(&format!("{}/transitions", TestApp::path(&urgent)), &json!({ "to": "in_progress" })).expect(200);
        app.post(&format!("{}/transitions", TestApp::path(&urgent)), &resolve).expect(200);
        assert_eq!(ids("sla_due"), of([&normal, &urgent, &none]));
        app.get("/api/v1/cases?sort=sla").expect_faults(&["sort"]);
    }

    fn clocks_are_drawn(app) {
        set_up(app);
        let case = app.create(&json!({ "name": "<drawn>", "type": "incident" }));
        app.transition(&case, "start");
        app.post(&format!("{}/transitions", TestApp::path(&case)), &json!({ "to": "pending_customer" })).expect(200);
        let draw = |case: &Value| {
            let drawn = app.get(&format!("{}/service-level?format=svg", TestApp::path(case)));
            assert_eq!((drawn.status, drawn.header("content-type")), (200, Some("image/svg+xml")));
            String::from_utf8(drawn.body).unwrap()
        };
        let svg = draw(&case);
        for part in ["<svg ", "Resolution: paused", "class=\"counts\"", "class=\"waits\"", "class=\"hours\"", "The clock paused"] {
            assert!(svg.contains(part), "{part} is not in {svg}");
        }
        let other = app.create(&json!({ "name": "other", "type": "other" }));
        assert!(draw(&other).contains("No service level applies"));
        let path = format!("{}/service-level", TestApp::path(&case));
        app.get(&format!("{path}?format=png")).expect_faults(&["format"]);
        assert_eq!(app.get(&format!("{path}?format=json")).expect(200)["policy"]["key"], "standard");
        app.another_account().get(&format!("{path}?format=svg")).expect_error(404, "CASE_NOT_FOUND");
    }

    fn deadlines_warn_and_are_missed_once(app) {
        let case = app.case("a");
        let path = format!("{}/deadlines", TestApp::path(&case));
        let body = json!({ "title": "Reply", "kind": "court", "due_at": "2098-03-10", "warn_on": "2098-03-01" });
        let made = app.post(&path, &body).expect(201);
        let met = app.post(&path, &json!({ "title": "Met", "kind": "court", "due_at": "2098-03-10" })).expect(201);
        app.put(&format!("/api/v1/deadlines/{}", met["id"].as_str().unwrap()), &json!({ "status": "met" })).expect(200);
        let told = |now: &str| {
            actix_web::rt::System::new().block_on(async {
                timer::tick_deadlines(&app.worker().store, || now.parse().unwrap(), |_| {}).await.unwrap();
            });
            let events = app.get("/api/v1/events?type=deadline.*").expect(200)["data"].clone();
            let of_time = |event: &&Value| ["deadline.warning", "deadline.missed"].contains(&event["type"].as_str().unwrap());
            events.as_array().unwrap().iter().filter(of_time).cloned().collect::<Vec<_>>()
        };
        assert_eq!(told("2098-02-28T23:59:59Z").len(), 0);
        for _ in 0..2 {
            let events = told("2098-03-01T00:00:00Z");
            assert_eq!((events.len(), &events[0]["occurred_at"]), (1, &json!("2098-03-01T00:00:00Z")));
            assert_eq!(events[0]["subject"]["id"], made["id"]);
        }
        // A change that leaves the day of warning does not warn again; a later due date is missed only then.
        let at = format!("/api/v1/deadlines/{}", made["id"].as_str().unwrap());
        app.put(&at, &json!({ "title": "Renamed", "due_at": "2098-03-12" })).expect(200);
        assert_eq!(told("2098-03-11T12:00:00Z").len(), 1);
        for _ in 0..2 {
            let events = told("2098-03-13T00:00:00Z");
            assert_eq!((events.len(), &events[1]["type"]), (2, &json!("deadline.missed")));
        }
        assert_eq!(app.get(&at).expect(200)["title"], "Renamed");
    }
}

/// However servers die and start again, each moment is told once, and it occurred when the goal passed.
fn moments_survive_kill_9(backend: Backend) {
    let Some(url) = backend.fresh_url() else { return };
    let is_sqlite = url.starts_with("sqlite");
    let binary = Binary::on(url);
    let key = binary.key();
    let mut servers = (0..if is_sqlite { 1 } else { 3 }).map(|_| binary.serve(&[])).collect::<Vec<_>>();
    let client = servers[0].client.with_key(&key);
    client.put("/api/v1/calendars/office", &office()).expect(201);
    let mut level = level("PT6S");
    level["targets"][0]["warn_at"] = json!(0.5);
    level["targets"][0]["goal_by_priority"] = json!({});
    client.put("/api/v1/service-levels/standard", &level).expect(201);
    thread::sleep(Duration::from_millis(1_200));
    let mut cases = Vec::new();
    for round in 0..8 {
        let client = servers[0].client.with_key(&key);
        for _ in 0..5 {
            cases.push(client.post("/api/v1/cases", &json!({ "name": "clocked", "type": "incident" })).expect(201));
        }
        thread::sleep(Duration::from_millis(700));
        let killed = servers.remove(round % servers.len());
        killed.signal("-9");
        assert!(!killed.wait());
        servers.push(binary.serve(&[]));
    }
    let client = servers[0].client.with_key(&key);
    let begin = Instant::now();
    let events = || client.get("/api/v1/events?type=sla.*&limit=1000").expect(200)["data"].as_array().unwrap().clone();
    while events().len() < 2 * cases.len() {
        assert!(begin.elapsed() < Duration::from_secs(60), "{} events", events().len());
        thread::sleep(Duration::from_millis(200));
    }
    // Nothing is told a second time.
    thread::sleep(Duration::from_secs(2));
    let events = events();
    assert_eq!(events.len(), 2 * cases.len());
    for case in &cases {
        let clock = client.get(&format!("{}/service-level", TestApp::path(case))).expect(200)["targets"][0].clone();
        let moment = |kind: &str| {
            let mut of_case = events.iter().filter(|event| event["case"]["id"] == case["id"] && event["type"] == kind);
            let event = of_case.next().unwrap();
            assert!(of_case.next().is_none(), "{kind} twice");
            event["occurred_at"].clone()
        };
        assert_eq!(moment("sla.breached"), clock["breached_at"]);
        let time = |at: &Value| at.as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        assert_eq!(time(&moment("sla.breached")) - time(&moment("sla.warning")), TimeDelta::seconds(3));
    }
}

#[test]
fn moments_survive_kill_9_on_sqlite() {
    moments_survive_kill_9(Backend::Sqlite);
}

#[test]
fn moments_survive_kill_9_on_postgres() {
    moments_survive_kill_9(Backend::Postgres);
}
