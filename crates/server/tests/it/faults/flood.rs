//! A client that floods the server, and its effect on a client with another key.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{figure, size};
use crate::support::{Backend, Binary, Client};

/// Pause of the flooding client after a refusal. It simulates network latency; without it the client would use the CPU
/// cores that the server needs.
const PAUSE: Duration = Duration::from_millis(20);

/// Median and 99th percentile of the neighbour's latencies, in milliseconds.
fn latencies(client: &Client) -> (f64, f64) {
    let asked = size("DOCKET_TORTURE_ASKED", 100);
    let ask = |number: usize| {
        let begin = Instant::now();
        if number.is_multiple_of(5) {
            client.post("/api/v1/cases", &json!({ "name": number.to_string() })).expect(201);
        } else {
            client.get("/api/v1/cases?limit=10").expect(200);
        }
        let took = begin.elapsed();
        thread::sleep(Duration::from_millis(20));
        took.as_secs_f64() * 1000.0
    };
    let mut took = (0..asked).map(ask).collect::<Vec<_>>();
    took.sort_by(f64::total_cmp);
    (took[asked / 2], took[asked * 99 / 100])
}

/// The neighbour's latencies during a flood, and the numbers of answered and refused requests of the flood.
fn during_a_flood(neighbour: &Client, flooder: &Client) -> ((f64, f64), u64, u64) {
    let (stop, given, refused) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let measured = thread::scope(|scope| {
        for _ in 0..size("DOCKET_TORTURE_FLOOD", 8) {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let status = flooder.get("/api/v1/cases?limit=100").status;
                    let is_refused = status == 429;
                    let count = if is_refused { &refused } else { &given };
                    count.fetch_add(1, Ordering::Relaxed);
                    if is_refused {
                        thread::sleep(PAUSE);
                    }
                }
            });
        }
        let measured = latencies(neighbour);
        stop.store(true, Ordering::Relaxed);
        measured
    });
    (measured, given.into_inner(), refused.into_inner())
}

#[test]
fn a_flood_is_refused_only_with_a_rate_limit() {
    let binary = Binary::on(Backend::Sqlite.fresh_url().unwrap());
    let (one, other) = (binary.key(), binary.key());
    let mut results = Vec::new();
    for options in [&[][..], &["--rate-limit", "100"]] {
        let server = binary.serve(options);
        let (neighbour, flooder) = (server.client.with_key(&one), server.client.with_key(&other));
        for number in 0..if options.is_empty() { 100 } else { 0 } {
            flooder.post("/api/v1/cases", &json!({ "name": number.to_string() })).expect(201);
        }
        let alone = latencies(&neighbour);
        let (beside, given, refused) = during_a_flood(&neighbour, &flooder);
        assert!(given > 0);
        assert_eq!(refused > 0, !options.is_empty(), "{refused} refused");
        results.push(format!(
            "{options:?}: alone {:.1}/{:.1} ms, beside the flood {:.1}/{:.1} ms ({given} answered, {refused} refused)",
            alone.0, alone.1, beside.0, beside.1,
        ));
    }
    figure(format_args!("median/p99 of a neighbour, {}", results.join("; ")));
}
