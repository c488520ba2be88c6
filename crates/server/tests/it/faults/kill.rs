//! `kill -9` of the server at random moments under mixed load.

use std::{
    collections::hash_map::RandomState,
    hash::{BuildHasher as _, Hasher as _},
    sync::atomic::Ordering,
    thread,
    time::Duration,
};

use super::{figure, load::Ledger, size, verified};
use crate::support::{Backend, Binary};

const CLIENTS: usize = 8;

/// A random time after the start of the load: 20 to 519 ms.
pub(super) fn random_moment() -> Duration {
    Duration::from_millis(20 + RandomState::new().build_hasher().finish() % 500)
}

fn acknowledged_writes_survive_kill_9(backend: Backend) {
    let Some(url) = backend.fresh_url() else { return };
    let rounds = size("DOCKET_TORTURE_ROUNDS", 2);
    let binary = Binary::on(url);
    let key = binary.key();
    let ledger = Ledger::default();
    for round in 0..rounds {
        let server = binary.serve(&[]);
        let client = server.client.with_key(&key);
        ledger.may_break.store(false, Ordering::SeqCst);
        ledger.stop.store(false, Ordering::SeqCst);
        thread::scope(|scope| {
            for number in 0..CLIENTS {
                let (ledger, client) = (&ledger, client.clone());
                scope.spawn(move || ledger.work(&client, &format!("{round}/{number}")));
            }
            thread::sleep(random_moment());
            ledger.may_break.store(true, Ordering::SeqCst);
            server.signal("-9");
            ledger.stop.store(true, Ordering::SeqCst);
        });
        assert!(!server.wait());
    }
    let found = verified(&binary);
    let server = binary.serve(&[]);
    let cases = ledger.compare(&server.client.with_key(&key));
    assert_eq!(found["cases"], cases);
    let acknowledged = ledger.acknowledged.load(Ordering::Relaxed);
    figure(format_args!(
        "kill -9, {backend:?}: {rounds} rounds, {acknowledged} writes acknowledged, 0 lost, 0 doubled; \
         {} creations tried, {cases} cases, {} events, 0 faults in the log",
        ledger.tried(),
        found["events"],
    ));
}

#[test]
fn acknowledged_writes_survive_kill_9_on_sqlite() {
    acknowledged_writes_survive_kill_9(Backend::Sqlite);
}

#[test]
fn acknowledged_writes_survive_kill_9_on_postgres() {
    acknowledged_writes_survive_kill_9(Backend::Postgres);
}
