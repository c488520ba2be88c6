//! A caller that asks without end, and its neighbour.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{figure, size};
use crate::support::{Backend, Binary, Client};

/// How long a caller who was refused waits: one that comes over a network is not back at once either, and here it would take
/// the cores from the server.
const PAUSE: Duration = Duration::from_millis(20);

/// How the neighbour fares: the median and the 99th of a hundred of its latencies, in milliseconds.
fn fares(client: &Client) -> (f64, f64) {
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

/// How the neighbour fares while somebody floods, and how many of the flood's requests were answered and refused.
fn beside_a_flood(neighbour: &Client, flooder: &Client) -> ((f64, f64), u64, u64) {
    let (stop, given, refused) = (AtomicBool::new(false), AtomicU64::new(0), AtomicU64::new(0));
    let fared = thread::scope(|scope| {
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
        let fared = fares(neighbour);
        stop.store(true, Ordering::Relaxed);
        fared
    });
    (fared, given.into_inner(), refused.into_inner())
}

#[test]
fn a_flood_is_held_off_its_neighbour() {
    let binary = Binary::on(Backend::Sqlite.fresh_url().unwrap());
    let (one, other) = (binary.key(), binary.key());
    let mut told = Vec::new();
    for options in [&[][..], &["--rate-limit", "100"]] {
        let server = binary.serve(options);
        let (neighbour, flooder) = (server.client.with_key(&one), server.client.with_key(&other));
        for number in 0..if options.is_empty() { 100 } else { 0 } {
            flooder.post("/api/v1/cases", &json!({ "name": number.to_string() })).expect(201);
        }
        let alone = fares(&neighbour);
        let (beside, given, refused) = beside_a_flood(&neighbour, &flooder);
        assert!(given > 0);
        assert_eq!(refused > 0, !options.is_empty(), "{refused} refused");
        told.push(format!(
            "{options:?}: alone {:.1}/{:.1} ms, beside the flood {:.1}/{:.1} ms ({given} answered, {refused} refused)",
            alone.0, alone.1, beside.0, beside.1,
        ));
    }
    figure(format_args!("median/p99 of a neighbour, {}", told.join("; ")));
}
