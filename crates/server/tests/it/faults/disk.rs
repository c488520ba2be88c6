//! A full disk, simulated by a limit on the size of files, which needs no privileges.

use std::{process::Command, sync::atomic::Ordering, thread};

use serde_json::json;

use super::{
    figure,
    load::{FILLER, Ledger},
    verified,
};
use crate::support::{Backend, Binary};

/// The command `docket serve` with a limit on the size of its files.
fn limited(binary: &Binary, kibibytes: u32) -> Command {
    let serve = binary.command(&["serve", "--listen", "127.0.0.1:0", "--workers", "2"]);
    let mut command = Command::new("bash");
    command.args(["-c", &format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$0\" \"$@\"")]);
    command.arg(serve.get_program()).args(serve.get_args());
    for (name, value) in serve.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

#[test]
fn a_full_disk_is_503_and_loses_no_acknowledged_write() {
    let binary = Binary::on(Backend::Sqlite.fresh_url().unwrap());
    let key = binary.key();
    let server = binary.serve_by(limited(&binary, 4096));
    let client = server.client.with_key(&key);
    let ledger = Ledger::default();
    let large = "x".repeat(50_000);
    thread::scope(|scope| {
        for number in 0..4 {
            let (ledger, client) = (&ledger, client.clone());
            scope.spawn(move || ledger.work(&client, &number.to_string()));
        }
        // Fill the disk until small writes are refused too.
        let filler = client.with("content-type", "application/json");
        while ledger.unavailable.load(Ordering::Relaxed) < 20 {
            let answer = filler.post("/api/v1/cases", &json!({ "name": FILLER, "description": large }));
            assert!(matches!(answer.status, 201 | 503), "{answer:?}");
            if answer.status == 503 {
                assert!(answer.header("retry-after").is_some());
            }
        }
        ledger.stop.store(true, Ordering::SeqCst);
    });
    // Reads still succeed.
    client.get("/api/v1/cases").expect(200);
    server.signal("-9");
    server.wait();
    verified(&binary);
    // With free space again, every acknowledged write is present and new writes succeed.
    let server = binary.serve(&[]);
    let client = server.client.with_key(&key);
    ledger.compare(&client);
    client.post("/api/v1/cases", &json!({ "name": "after" })).expect(201);
    figure(format_args!(
        "SQLite on a full disk: {} writes acknowledged, 0 lost, {} answers 503, the store whole, written to again with room",
        ledger.acknowledged.load(Ordering::Relaxed),
        ledger.unavailable.load(Ordering::Relaxed),
    ));
}
