//! Lists and counts from a standby: recent data only, and the primary whenever the standby cannot serve.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, Instant};

use docket_domain::{
    actor::{Actor, Context},
    command::NewCase,
    filter::CaseFilter,
    scope::Scopes,
    service,
    store::{AccountStore, CaseStore},
};
use docket_persistence::{Connector, Database, Settings, StandbySettings, testing::OwnCluster};
use uuid::Uuid;

use crate::bed::{block_on, day, named};

const MAX_AGE: Duration = Duration::from_secs(2);

fn settings(url: String) -> Settings {
    Settings { standby: Some(StandbySettings { url, max_age: MAX_AGE }), ..Settings::default() }
}

struct Store {
    database: Database,
    context: Context,
}

impl Store {
    async fn create(&self) {
        service::create_case(&self.database, &self.context, NewCase::new(Uuid::now_v7(), named("A case")))
            .await
            .unwrap();
    }

    async fn count(&self) -> i64 {
        self.database.count_cases(self.context.account, &CaseFilter::default()).await.unwrap()
    }

    /// Counts until the count is `expected`, and returns the waiting time.
    async fn wait_for(&self, expected: i64) -> Duration {
        let begin = Instant::now();
        while self.count().await != expected {
            assert!(begin.elapsed() < Duration::from_secs(20), "the count did not become {expected}");
        }
        begin.elapsed()
    }
}

#[test]
fn lists_are_read_from_a_recent_standby_and_otherwise_from_the_primary() {
    let Some(primary) = OwnCluster::start_new() else { return };
    let url = primary.fresh_database();
    Connector::open(&url, Settings::default()).unwrap().migrate().unwrap();
    let mut standby = primary.start_standby();
    let standby_url = standby.url_of(url.rsplit('/').next().unwrap());
    let connector = Connector::open(&url, settings(standby_url)).unwrap();
    block_on(async {
        let database = connector.worker().unwrap();
        let now = day(2026, 3, 2).and_hms_opt(9, 0, 0).unwrap().and_utc();
        let account = database.create_account("main", now).await.unwrap().id;
        let context = Context::new(account, Actor { id: None, name: "Tester".to_owned() }, Scopes::all(), now);
        let store = Store { database, context };
        store.create().await;
        store.wait_for(1).await;
        // Long enough for the standby to pass a comparison.
        let begin = Instant::now();
        while begin.elapsed() < MAX_AGE {
            assert_eq!(store.count().await, 1);
        }

        standby.execute("SELECT pg_wal_replay_pause()");
        store.create().await;
        assert_eq!(store.count().await, 1, "the standby does not have the new case, so it was not read");
        let waited = store.wait_for(2).await;
        assert!(waited <= MAX_AGE + Duration::from_millis(500), "stale for {waited:?}");

        standby.execute("SELECT pg_wal_replay_resume()");
        standby.stop();
        store.create().await;
        assert_eq!(store.count().await, 3);
        standby.start();
        store.wait_for(3).await;

        // Requests that the hanging standby has received wait for its timeout. Later ones are not delayed by it.
        standby.pause();
        assert_eq!(store.count().await, 3);
        let begin = Instant::now();
        while begin.elapsed() < MAX_AGE * 2 {
            let asked = Instant::now();
            assert_eq!(store.count().await, 3);
            assert!(asked.elapsed() < Duration::from_secs(2), "delayed by {:?}", asked.elapsed());
        }
        standby.resume();
    });
}

#[test]
fn a_server_that_is_no_standby_is_not_read() {
    let Some(primary) = OwnCluster::start_new() else { return };
    let (url, other) = (primary.fresh_database(), primary.fresh_database());
    for url in [&url, &other] {
        Connector::open(url, Settings::default()).unwrap().migrate().unwrap();
    }
    block_on(async {
        let database = Connector::open(&url, settings(other)).unwrap().worker().unwrap();
        let now = day(2026, 3, 2).and_hms_opt(9, 0, 0).unwrap().and_utc();
        let account = database.create_account("main", now).await.unwrap().id;
        let context = Context::new(account, Actor { id: None, name: "Tester".to_owned() }, Scopes::all(), now);
        let store = Store { database, context };
        store.create().await;
        assert_eq!(store.count().await, 1);
    });
}

#[test]
fn sqlite_refuses_a_standby() {
    let folder = crate::bed::Folder::new();
    let url = folder.sqlite_url("docket.db");
    let error = Connector::open(&url, settings("postgres://localhost/docket".to_owned())).err().unwrap();
    assert!(error.to_string().contains("PostgreSQL"), "{error}");
}
