//! Slow clients, incomplete requests and idle connections.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{figure, size};
use crate::support::{Backend, Binary, Client};

/// Longest time that other clients may wait for a response.
const SOON: Duration = Duration::from_secs(1);

/// Slowest of 20 pairs of requests that a well-behaved client sends during the fault.
fn slowest_meanwhile(client: &Client) -> Duration {
    let ask = |number: u32| {
        let begin = Instant::now();
        client.post("/api/v1/cases", &json!({ "name": number.to_string() })).expect(201);
        client.get("/api/v1/cases?limit=10").expect(200);
        begin.elapsed()
    };
    let slowest = (0..20).map(ask).max().unwrap();
    assert!(slowest < SOON, "{slowest:?}");
    slowest
}

/// The status with which the server ends a connection. `None` if it closes the connection without a response.
fn ending(mut stream: TcpStream) -> Option<u16> {
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut bytes = Vec::new();
    let _end = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).split(' ').nth(1)?.parse().ok()
}

#[test]
fn slow_request_heads_are_ended_and_do_not_delay_other_clients() {
    let count = size("DOCKET_TORTURE_SLOW", 200);
    let binary = Binary::on(Backend::Sqlite.fresh_url().unwrap());
    let client = binary.key();
    let server = binary.serve(&[]);
    let client = server.client.with_key(&client);
    let begin = Instant::now();
    let mut slow = (0..count).map(|_| TcpStream::connect(client.address).unwrap()).collect::<Vec<_>>();
    let mut slowest = Duration::ZERO;
    for byte in b"GET /api" {
        for stream in &mut slow {
            // The write fails if the server has closed the connection.
            let _sent = stream.write_all(&[*byte]);
        }
        slowest = slowest.max(slowest_meanwhile(&client));
    }
    for stream in slow {
        assert!(matches!(ending(stream), None | Some(408)));
    }
    let ended = begin.elapsed();
    assert!(ended < Duration::from_secs(15), "{ended:?}");
    figure(format_args!(
        "{count} clients that send a head byte by byte: all ended within {:.1} s; others meanwhile answered within {} ms",
        ended.as_secs_f64(),
        slowest.as_millis(),
    ));
}

#[test]
fn incomplete_bodies_are_ended_and_do_not_delay_other_clients() {
    let count = size("DOCKET_TORTURE_SLOW", 200);
    let binary = Binary::on(Backend::Sqlite.fresh_url().unwrap());
    let key = binary.key();
    let server = binary.serve(&["--request-timeout", "2"]);
    let client = server.client.with_key(&key);
    let half = client.with("content-type", "application/json");
    let open = |_| {
        let mut stream = half.begin("POST", "/api/v1/cases", 1000);
        stream.write_all(b"{\"name\":").unwrap();
        stream
    };
    let begin = Instant::now();
    let half = (0..count).map(open).collect::<Vec<_>>();
    let slowest = slowest_meanwhile(&client);
    for stream in half {
        assert_eq!(ending(stream), Some(503));
    }
    let ended = begin.elapsed();
    assert!(ended < Duration::from_secs(10), "{ended:?}");
    figure(format_args!(
        "{count} bodies that end half-way, time limit 2 s: all answered within {:.1} s; others meanwhile within {} ms",
        ended.as_secs_f64(),
        slowest.as_millis(),
    ));
}

/// The resident memory of a process, in MiB.
fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// Limit of open files of this process, which the server inherits.
fn open_files() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    line.split_whitespace().nth(3).unwrap().parse().unwrap_or(usize::MAX)
}

#[test]
fn idle_connections_do_not_delay_other_clients() {
    let wanted = size("DOCKET_TORTURE_IDLE", 500);
    let allowed = open_files().saturating_sub(300);
    let count = wanted.min(allowed);
    if count < wanted {
        figure(format_args!("NOT RUN as asked: {wanted} idle connections, as only {allowed} files may be open"));
    }
    let binary = Binary::on(Backend::Sqlite.fresh_url().unwrap());
    let key = binary.key();
    let server = binary.serve(&[]);
    let client = server.client.with_key(&key);
    slowest_meanwhile(&client);
    let before = resident(server.id());
    let idle = thread::scope(|scope| {
        let open = |share: usize| (0..share).map(|_| TcpStream::connect(client.address).unwrap()).collect::<Vec<_>>();
        let opening = (0..4).map(|part| scope.spawn(move || open(count / 4 + usize::from(part < count % 4))));
        let opening = opening.collect::<Vec<_>>();
        opening.into_iter().flat_map(|opened| opened.join().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(idle.len(), count);
    let slowest = slowest_meanwhile(&client);
    let during = resident(server.id());
    figure(format_args!(
        "{count} idle connections: resident memory {before} → {during} MiB, others meanwhile answered within {} ms",
        slowest.as_millis(),
    ));
    drop(idle);
    slowest_meanwhile(&client);
}
