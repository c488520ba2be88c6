//! Trackops: series and instances. No instance repeats under concurrent requests.

use std::{collections::BTreeSet, thread};

use serde_json::json;

use super::{case, trackops};
use crate::support::on_both_databases;

/// Number of concurrent clients.
const CLIENTS: usize = 16;

on_both_databases! {
    fn concurrent_follow_ups_and_reopenings_repeat_no_instance(app) {
        let root = case(app, &json!({ "name": "often re-opened" }));
        let (id, series) = (root["id"].as_i64().unwrap(), root["series_number"].as_i64().unwrap());
        thread::scope(|scope| {
            for client in 0..CLIENTS {
                let app = &*app;
                scope.spawn(move || {
                    let path = format!("/api/v1/cases/{id}/transitions");
                    if client % 2 == 0 {
                        // A late transition may be refused, but no instance may be used twice.
                        app.post(&path, &json!({ "transition": "close" }));
                        app.post(&path, &json!({ "transition": "reopen", "reason": "again" }));
                    } else {
                        app.post(&format!("/api/cases/{id}/follow-up"), &json!({})).expect(201);
                    }
                });
            }
        });
        let list = trackops(app).get(&format!("/api/v1/cases?series_number={series}&per_page=100")).expect(200);
        let present = list.as_array().unwrap().iter().map(|case| case["series_instance"].as_i64().unwrap()).collect::<Vec<_>>();
        assert_eq!(present.len(), CLIENTS / 2 + 1);
        let timeline = app.get(&format!("/api/v1/cases/{id}/timeline?limit=100")).expect(200);
        let reopened = timeline["data"].as_array().unwrap().iter().filter_map(|entry| entry["metadata"]["series_instance"].as_i64());
        let mut taken = reopened.collect::<Vec<_>>();
        // The current instance of the root is among the reopened ones, unless the root was never reopened.
        let root_now = trackops(app).get(&format!("/api/v1/cases/{id}")).expect(200)["series_instance"].as_i64().unwrap();
        taken.extend(present.iter().filter(|instance| **instance != root_now));
        taken.push(1);
        taken.sort_unstable();
        let distinct = taken.iter().collect::<BTreeSet<_>>();
        assert!(distinct.len() >= taken.len() - usize::from(root_now == 1), "{taken:?}");
    }

    fn a_former_case_number_finds_the_case(app) {
        let made = case(app, &json!({ "name": "re-opened", "created_on": "2011-08-17" }));
        let path = format!("/api/v1/cases/{}/transitions", made["id"]);
        app.post(&path, &json!({ "transition": "close" })).expect(200);
        app.post(&path, &json!({ "transition": "reopen", "reason": "again" })).expect(200);
        let seen = trackops(app).get(&format!("/api/v1/cases?case_number={}", made["case_number"].as_str().unwrap())).expect(200);
        assert_eq!((&seen[0]["id"], &seen[0]["series_instance"]), (&made["id"], &json!(2)));
        assert_ne!(seen[0]["case_number"], made["case_number"]);
        let by_old = trackops(app).get(&format!("/api/v1/cases?series_number={}&series_instance=1", made["series_number"])).expect(200);
        assert_eq!(by_old, json!([]));
    }
}
