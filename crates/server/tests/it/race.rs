//! Concurrent requests of many clients to one case.

use std::{
    sync::{
        Barrier,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use serde_json::json;

use crate::support::{TestApp, on_both_databases};

const CLIENTS: usize = 32;

/// A path through the workflow. Each step starts only in the status that the previous step leads to.
const STEPS: [(&str, &str); 6] = [
    ("start", "in_progress"),
    ("resolve", "resolved"),
    ("close", "closed"),
    ("reopen", "open"),
    ("resolve", "resolved"),
    ("rework", "in_progress"),
];

on_both_databases! {
    fn of_32_concurrent_clients_exactly_one_performs_each_transition(app) {
        let case = app.case("contended");
        let path = format!("{}/transitions", TestApp::path(&case));
        for (step, _) in STEPS {
            let (barrier, won, lost) = (Barrier::new(CLIENTS), AtomicUsize::new(0), AtomicUsize::new(0));
            thread::scope(|scope| {
                for client in 0..CLIENTS {
                    let (barrier, won, lost, path) = (&barrier, &won, &lost, &path);
                    scope.spawn(move || {
                        let body = json!({ "transition": step, "reason": format!("client {client}") });
                        barrier.wait();
                        let answer = app.post(path, &body);
                        match answer.status {
                            200 => won.fetch_add(1, Ordering::Relaxed),
                            409 => {
                                answer.expect_error(409, "TRANSITION_NOT_ALLOWED");
                                lost.fetch_add(1, Ordering::Relaxed)
                            }
                            other => panic!("{other}: {}", String::from_utf8_lossy(&answer.body)),
                        };
                    });
                }
            });
            assert_eq!((won.into_inner(), lost.into_inner()), (1, CLIENTS - 1), "{step}");
        }
        let history = app.get(&format!("{}/history", TestApp::path(&case))).expect(200);
        let found = history["data"].as_array().unwrap().iter().map(|change| change["to"].as_str().unwrap().to_owned());
        let expected = ["open"].into_iter().chain(STEPS.map(|(_, to)| to)).collect::<Vec<_>>();
        assert_eq!(found.collect::<Vec<_>>(), expected);
        for pair in history["data"].as_array().unwrap().windows(2) {
            assert_eq!(pair[0]["to"], pair[1]["from"], "a gap or a double");
        }
        assert_eq!(app.get(&TestApp::path(&case)).expect(200)["version"], STEPS.len() + 1);
    }

    fn concurrent_updates_without_if_match_all_succeed(app) {
        let case = app.case("contended");
        let path = TestApp::path(&case);
        thread::scope(|scope| {
            for client in 0..CLIENTS {
                let path = &path;
                scope.spawn(move || app.put(path, &json!({ "description": format!("{client}") })).expect(200));
            }
        });
        let timeline = app.get(&format!("{path}/timeline?limit=100")).expect(200);
        let versions = timeline["data"].as_array().unwrap().len();
        assert_eq!(app.get(&path).expect(200)["version"], versions);
    }

    fn instances_of_a_series_never_repeat(app) {
        let parent = app.case("parent");
        let made = thread::scope(|scope| {
            let clients = (0..CLIENTS).map(|_| scope.spawn(|| app.create(&json!({ "name": "child", "parent": parent["id"] }))));
            let clients = clients.collect::<Vec<_>>();
            clients.into_iter().map(|client| client.join().unwrap()).collect::<Vec<_>>()
        });
        let mut instances = made.iter().map(|case| case["series_instance"].as_u64().unwrap()).collect::<Vec<_>>();
        instances.sort_unstable();
        assert_eq!(instances, (2..=CLIENTS as u64 + 1).collect::<Vec<_>>());
    }
}
