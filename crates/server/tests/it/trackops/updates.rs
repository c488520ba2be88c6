//! Trackops: list, get, create and update case updates; threads and validation.

use docket_domain::scope::Scope;
use serde_json::{Value, json};

use super::{basic, case, entry, ids, person, trackops};
use crate::support::{TestApp, on_both_databases};

fn update(app: &TestApp, case: &Value, more: Value) -> Value {
    let mut body = json!({ "casefile_id": case["id"], "access_group_id": 2, "title": "t", "body": "b" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    trackops(app).post("/api/v1/case/updates", &json!({ "update": body })).expect(201)
}

on_both_databases! {
    fn the_vendor_example_works(app) {
        let made = case(app, &json!({ "name": "watched", "subjects": [{ "name": "Joe" }] }));
        let subject = made["Subjects"][0]["id"].clone();
        let body = json!({ "update": {
            "access_group_id": 1, "casefile_id": made["id"], "subject_id": subject, "title": "This is a test from the API",
            "body": "This is the body or message of the update.", "activity_at": "2021-06-03", "is_allday": true,
            "update_details": [
                { "start_at": "09:00", "notes": "Investigator arrived on site" },
                { "start_at": "10:00", "notes": "Claimant departed residence" },
            ],
        } });
        let update = trackops(app).post("/api/v1/case/updates", &body).expect(201);
        let expected = json!({
            "casefile_id": made["id"], "subject_id": subject, "event_id": null, "access_group_id": 1, "thread_id": update["id"],
            "activity_at": "2021-06-03 00:00:00", "is_allday": true, "is_validated": false, "is_valid": false,
            "validated_at": null, "validated_by_id": null, "behalf_of_id": null,
        });
        for (field, value) in expected.as_object().unwrap() {
            assert_eq!(&update[field], value, "{field}");
        }
        assert_eq!(update["update_details"][1]["start_at"], "10:00");
        let path = format!("/api/v1/case/updates/{}", update["id"]);
        assert_eq!(trackops(app).get(&path).expect(200), update);
        let changed = trackops(app).put(&path, &json!({ "update": { "title": "This is a new title", "is_validated": true } })).expect(200);
        assert_eq!((&changed["title"], &changed["is_valid"], &changed["body"]), (&json!("This is a new title"), &json!(true), &update["body"]));
        assert!(changed["validated_at"].is_string() && changed["validated_by_id"].is_i64(), "{changed}");
        let again = trackops(app).post(&path, &json!({ "update": { "is_validated": false } })).expect(200);
        assert_eq!((&again["is_valid"], &again["validated_at"]), (&json!(false), &Value::Null));
        let timeline = app.get(&format!("/api/v1/cases/{}/timeline", made["id"])).expect(200);
        let kinds = timeline["data"].as_array().unwrap().iter().filter(|entry| entry["type"].as_str().unwrap().starts_with("update."));
        assert!(kinds.count() >= 3, "{timeline}");
    }

    fn every_filter_finds_the_matching_update(app) {
        let (first, second) = (case(app, &json!({ "name": "a" })), case(app, &json!({ "name": "b", "subjects": [{ "name": "Joe" }] })));
        let author = person(app, "Ines");
        let subject = second["Subjects"][0]["id"].clone();
        let other = update(app, &first, json!({ "activity_at": "2001-01-01" }))["id"].as_i64().unwrap();
        let wanted = update(app, &second, json!({
            "access_group_id": 1, "subject_id": subject, "behalf_of_id": author, "activity_at": "2021-06-03 10:00:00", "is_validated": true,
        }));
        let id = wanted["id"].as_i64().unwrap();
        let today = wanted["created_at"].as_str().unwrap()[..10].to_owned();
        for query in [
            format!("id={id}"), format!("case={}", second["id"]), "access_group=1".to_owned(), format!("created_by={author}"),
            format!("subject={subject}"), format!("thread={id}"), "activity_from=2021-06-03".to_owned(), "From=2021-06-03".to_owned(),
            "activity_from=2021-06-03&activity_to=2021-06-03".to_owned(), "validated_from=2021-01-01".to_owned(),
            format!("validated_to={today}&unknown=1"),
        ] {
            assert_eq!(ids(app, &format!("/api/v1/case/updates?{query}")), [id], "{query}");
        }
        for query in ["is_valid=yes".to_owned(), format!("created_from={today}&created_to={today}"), format!("updated_from={today}&updated_to={today}")] {
            assert_eq!(ids(app, &format!("/api/v1/case/updates?{query}&dir=asc")), [other, id], "{query}");
        }
        assert_eq!(ids(app, "/api/v1/case/updates?is_valid=0"), [0; 0]);
        let count = trackops(app).get("/api/v1/case/updates?mode=count").expect(200);
        assert_eq!(count, json!({ "record_count": 2, "page_count": 1 }));
        trackops(app).get("/api/v1/case/updates?case=x&is_valid=maybe").expect_faults(&["case", "is_valid"]);
    }

    fn printed_times_are_accepted_in_filters_and_updates(app) {
        let made = case(app, &json!({ "name": "printed" }));
        let new = json!({ "casefile_id": made["id"], "access_group_id": 2, "title": "t", "body": "b" });
        let written = trackops(app).post("/api/v1/case/updates", &json!({ "update": new })).expect(201);
        let id = written["id"].as_i64().unwrap();
        let printed = |field: &str| written[field].as_str().unwrap().replace(' ', "%20");
        for (name, field) in [("activity", "activity_at"), ("created", "created_at"), ("updated", "updated_at")] {
            let at = printed(field);
            for query in [format!("{name}_from={at}&{name}_to={at}"), format!("{name}_to={at}")] {
                assert_eq!(ids(app, &format!("/api/v1/case/updates?case={}&{query}", made["id"])), [id], "{query}");
            }
        }
        for (name, field) in [("created", "created_at"), ("updated", "updated_at")] {
            let shown = trackops(app).get(&format!("/api/v1/cases/{}", made["id"])).expect(200);
            let at = shown[field].as_str().unwrap().replace(' ', "%20");
            let range = match name {
                "created" => format!("created_from_system={at}&created_to_system={at}"),
                _ => format!("updated_from={at}&updated_to={at}"),
            };
            let found = trackops(app).get(&format!("/api/v1/cases?id={}&{range}", made["id"])).expect(200);
            assert_eq!(found.as_array().map(Vec::len), Some(1), "{range}");
        }
        // Sending the update back unchanged is no edit.
        let path = format!("/api/v1/case/updates/{id}");
        let tag = trackops(app).get(&path).header("etag").map(str::to_owned);
        let fields = ["activity_at", "is_allday", "title", "body", "access_group_id", "casefile_id"];
        let sent = fields.map(|field| (field.to_owned(), written[field].clone()));
        let again = trackops(app).put(&path, &json!({ "update": serde_json::Map::from_iter(sent) }));
        assert_eq!(again.expect(200), written);
        assert_eq!(trackops(app).get(&path).header("etag").map(str::to_owned), tag);
    }

    fn a_reply_joins_its_thread(app) {
        let made = case(app, &json!({ "name": "talked about" }));
        let first = update(app, &made, json!({}));
        let reply = update(app, &made, json!({ "thread_id": first["id"] }));
        assert_eq!(reply["thread_id"], first["id"]);
        let thread = ids(app, &format!("/api/v1/case/updates?thread={}&dir=asc", first["id"]));
        assert_eq!(thread, [first["id"].as_i64().unwrap(), reply["id"].as_i64().unwrap()]);
    }

    fn readers_see_updates_that_are_not_validated(app) {
        let made = case(app, &json!({ "name": "guarded" }));
        let hidden = update(app, &made, json!({ "access_group_id": 1 }));
        let shown = update(app, &made, json!({}));
        let reader = app.with_scopes(&[Scope::CasesRead]);
        let list = reader.get("/api/v1/case/updates").expect(200);
        assert_eq!(list.as_array().unwrap().len(), 2);
        for (state, update) in [("true", &shown), ("false", &hidden)] {
            let list = reader.get(&format!("/api/v1/case/updates?is_valid={state}")).expect(200);
            assert_eq!((list.as_array().unwrap().len(), &list[0]["id"]), (1, &update["id"]));
        }
        assert_eq!(reader.get("/api/v1/case/updates?mode=count").expect(200)["record_count"], 2);
        assert_eq!(reader.get("/api/v1/case/updates?mode=count&is_valid=0").expect(200)["record_count"], 1);
        assert_eq!(reader.get(&format!("/api/v1/case/updates/{}", hidden["id"])).expect(200)["is_valid"], false);
        let own = basic(app, "tester", &app.key);
        own.put(&format!("/api/v1/case/updates/{}", hidden["id"]), &json!({ "update": { "is_validated": "yes" } })).expect(200);
        assert_eq!(reader.get(&format!("/api/v1/case/updates/{}", hidden["id"])).expect(200)["is_valid"], true);
    }

    fn references_must_exist(app) {
        let (ours, theirs) = (case(app, &json!({ "name": "a", "subjects": [{ "name": "x" }] })), case(app, &json!({ "name": "b" })));
        let task = entry(app, "/api/v1/case/events", &json!({ "name": "Surveillance" }));
        update(app, &ours, json!({ "event_id": task }));
        let unknown = 999_999_999;
        for (field, value) in [
            ("access_group_id", json!(unknown)), ("event_id", json!(unknown)), ("behalf_of_id", json!(unknown)),
            ("subject_id", json!(unknown)), ("casefile_id", json!(unknown)), ("thread_id", json!(unknown)),
        ] {
            let mut body = json!({ "casefile_id": ours["id"], "access_group_id": 2, "title": "t", "body": "b" });
            body[field] = value;
            trackops(app).post("/api/v1/case/updates", &json!({ "update": body })).expect_faults(&[field]);
        }
        let foreign = json!({ "casefile_id": theirs["id"], "access_group_id": 2, "title": "t", "body": "b", "subject_id": ours["Subjects"][0]["id"] });
        trackops(app).post("/api/v1/case/updates", &json!({ "update": foreign })).expect_faults(&["subject_id"]);
        let empty = trackops(app).post("/api/v1/case/updates", &json!({ "update": {} }));
        empty.expect_faults(&["casefile_id", "access_group_id", "title", "body"]);
        trackops(app).get("/api/v1/case/updates/999999999").expect_error(404, "UPDATE_NOT_FOUND");
    }
}
