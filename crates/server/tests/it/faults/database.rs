//! PostgreSQL stopped, started and hung under load.

use std::{
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use docket_persistence::testing::OwnCluster;

use super::{figure, load::Ledger, recovery, size, verified};
use crate::support::{Backend, Binary};

const CLIENTS: usize = 8;

#[test]
fn a_stopped_postgres_is_503_and_is_used_again_within_5_s() {
    let Some(mut cluster) = OwnCluster::start_new() else { return };
    let rounds = size("DOCKET_TORTURE_RESTARTS", 2);
    let binary = Binary::on(cluster.fresh_database());
    let key = binary.key();
    let server = binary.serve(&[]);
    let client = server.client.with_key(&key);
    let ledger = Ledger::default();
    let mut slowest = Duration::ZERO;
    thread::scope(|scope| {
        for number in 0..CLIENTS {
            let (ledger, client) = (&ledger, client.clone());
            scope.spawn(move || ledger.work(&client, &number.to_string()));
        }
        for _ in 0..rounds {
            thread::sleep(Duration::from_millis(300));
            let before = ledger.unavailable.load(Ordering::Relaxed);
            cluster.stop();
            // Wait for as many 503 responses as there are clients.
            while ledger.unavailable.load(Ordering::Relaxed) < before + CLIENTS as u64 {
                thread::yield_now();
            }
            cluster.start();
            slowest = slowest.max(recovery(&client, Instant::now()));
        }
        ledger.stop.store(true, Ordering::SeqCst);
    });
    let found = verified(&binary);
    assert_eq!(found["cases"], ledger.compare(&client));
    figure(format_args!(
        "PostgreSQL restarted under load {rounds} times: {} writes acknowledged, 0 lost, 0 doubled, {} answers 503; \
         used again {} ms after it accepts connections at the latest",
        ledger.acknowledged.load(Ordering::Relaxed),
        ledger.unavailable.load(Ordering::Relaxed),
        slowest.as_millis(),
    ));
}

#[test]
fn a_hung_postgres_is_503_in_bounded_time_for_every_client() {
    let Some(mut cluster) = OwnCluster::start_new() else { return };
    let timeout = size("DOCKET_TORTURE_TIMEOUT", 1);
    let clients = size("DOCKET_TORTURE_CLIENTS", 100);
    let binary = Binary::on(cluster.fresh_database());
    let key = binary.key();
    let server = binary.serve(&["--database-timeout", &timeout.to_string(), "--database-connections", "4"]);
    let client = server.client.with_key(&key);
    client.get("/api/v1/cases").expect(200);
    cluster.pause();
    let slowest = thread::scope(|scope| {
        let ask = || {
            let begin = Instant::now();
            let answer = client.get("/api/v1/cases");
            answer.expect_error(503, "UNAVAILABLE");
            assert!(answer.header("retry-after").is_some());
            begin.elapsed()
        };
        let asked = (0..clients).map(|_| scope.spawn(ask)).collect::<Vec<_>>();
        // A request that needs no database still succeeds.
        server.client.get("/health/live").expect(200);
        asked.into_iter().map(|asked| asked.join().unwrap()).max().unwrap()
    });
    assert!(slowest < Duration::from_secs(timeout as u64 + 2), "{slowest:?}");
    cluster.resume();
    let recovered = recovery(&client, Instant::now());
    client.get("/api/v1/cases").expect(200);
    figure(format_args!(
        "PostgreSQL hung, time-out {timeout} s, {clients} clients on 2 × 4 connections: all answered 503, the last after \
         {} ms; used again {} ms after it goes on",
        slowest.as_millis(),
        recovered.as_millis(),
    ));
}

#[test]
fn more_clients_than_connections_are_queued_and_not_refused() {
    let Some(url) = Backend::Postgres.fresh_url() else { return };
    // No more than fit into the queue of one worker's pool, in case one worker gets all clients.
    let clients = size("DOCKET_TORTURE_CLIENTS", 100).min(256);
    let binary = Binary::on(url);
    let key = binary.key();
    let server = binary.serve(&["--database-connections", "4"]);
    let client = server.client.with_key(&key);
    let ledger = Ledger::default();
    thread::scope(|scope| {
        for number in 0..clients {
            let (ledger, client) = (&ledger, client.clone());
            scope.spawn(move || ledger.work(&client, &number.to_string()));
        }
        thread::sleep(Duration::from_secs(2));
        ledger.stop.store(true, Ordering::SeqCst);
    });
    assert_eq!(ledger.unavailable.load(Ordering::Relaxed), 0);
    assert_eq!(verified(&binary)["cases"], ledger.compare(&client));
    figure(format_args!(
        "{clients} clients on 2 × 4 connections for 2 s: {} writes acknowledged, none refused, the slowest answer after {} ms",
        ledger.acknowledged.load(Ordering::Relaxed),
        ledger.slowest.load(Ordering::Relaxed),
    ));
}
