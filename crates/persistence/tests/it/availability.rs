//! A database that is stopped, hung or full: clear errors in bounded time, no lost data, and automatic recovery.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command as Program,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use docket_domain::{
    actor::{Actor, Context},
    case::{Case, Details},
    command::NewCase,
    error::{Error, StoreError},
    filter::CaseFilter,
    id::AccountId,
    scope::Scopes,
    service::{self, verify},
    store::{AccountStore, CaseStore, Health},
};
use docket_persistence::{Connector, Database, Settings, testing::OwnCluster};
use uuid::Uuid;

use crate::bed::{Folder, block_on, day, named};

/// Maximum time until a database that is available again is used again.
const RECOVERY: Duration = Duration::from_secs(5);

/// A migrated store with one account.
fn open(url: &str, settings: Settings) -> (Connector, Context) {
    let connector = Connector::open(url, settings).unwrap();
    connector.migrate().unwrap();
    let now = day(2026, 3, 2).and_hms_opt(9, 0, 0).unwrap().and_utc();
    let account = block_on(async { connector.worker().unwrap().create_account("main", now).await.unwrap().id });
    let context = Context::new(account, Actor { id: None, name: "Tester".to_owned() }, Scopes::all(), now);
    (connector, context)
}

/// Creates a case. None if the store was unavailable; any other error fails the test.
async fn create(store: &Database, context: &Context, details: Details) -> Option<Case> {
    match service::create_case(store, context, NewCase::new(Uuid::now_v7(), details)).await {
        Ok(case) => Some(case),
        Err(Error::Store(StoreError::Unavailable(_))) => None,
        Err(other) => panic!("{other:?}"),
    }
}

async fn assert_sound(store: &Database, account: AccountId, at_least: usize, at_most: usize) {
    let mut faults = Vec::new();
    verify(store, None, &std::collections::HashMap::new(), chrono::Utc::now(), |fault| faults.push(fault.to_string()))
        .await
        .unwrap();
    assert_eq!(faults, [""; 0]);
    let cases = store.count_cases(account, &CaseFilter::default()).await.unwrap();
    let cases = usize::try_from(cases).unwrap();
    assert!((at_least..=at_most).contains(&cases), "{cases} cases, {at_least} acknowledged, {at_most} tried");
}

/// Waits until the store responds again and returns the waiting time.
async fn recovery(store: &Database) -> Duration {
    let begin = Instant::now();
    while store.ping().await.is_err() {
        assert!(begin.elapsed() < RECOVERY, "no recovery within {RECOVERY:?}");
    }
    begin.elapsed()
}

#[test]
fn a_stopped_postgres_is_unavailable_and_is_used_again_after_its_restart() {
    let Some(mut cluster) = OwnCluster::start_new() else { return };
    let (connector, context) = open(&cluster.fresh_database(), Settings::default());
    let done = AtomicBool::new(false);
    let load = || {
        block_on(async {
            let store = connector.worker().unwrap();
            let (mut tried, mut acknowledged) = (0, 0);
            while !done.load(Ordering::Relaxed) {
                tried += 1;
                acknowledged += usize::from(create(&store, &context, named("under load")).await.is_some());
            }
            (tried, acknowledged)
        })
    };
    let counts = thread::scope(|scope| {
        let load = [scope.spawn(load), scope.spawn(load), scope.spawn(load)];
        block_on(async {
            let store = connector.worker().unwrap();
            for _ in 0..2 {
                for _ in 0..20 {
                    create(&store, &context, named("before")).await.unwrap();
                }
                cluster.stop();
                let begin = Instant::now();
                assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
                assert!(begin.elapsed() < Duration::from_secs(1), "a refusal takes no time");
                cluster.start();
                recovery(&store).await;
            }
        });
        done.store(true, Ordering::Relaxed);
        load.map(|load| load.join().unwrap())
    });
    let (tried, acknowledged) = counts.iter().fold((40, 40), |sum, (tried, done)| (sum.0 + tried, sum.1 + done));
    assert!(acknowledged > 40 && acknowledged < tried, "{acknowledged} of {tried}");
    block_on(async { assert_sound(&connector.worker().unwrap(), context.account, acknowledged, tried).await });
}

#[test]
fn all_requests_to_a_hung_postgres_time_out() {
    let Some(mut cluster) = OwnCluster::start_new() else { return };
    let timeout = Duration::from_secs(1);
    let (connector, context) =
        open(&cluster.fresh_database(), Settings { connections: 4, timeout, ..Settings::default() });
    block_on(async {
        let store = connector.worker().unwrap();
        let warm = (0..4).map(|_| create(&store, &context, named("before")));
        assert!(futures_util::future::join_all(warm).await.iter().all(Option::is_some));
        cluster.pause();
        for _ in 0..2 {
            // More requests than connections, and more than may wait for one.
            let begin = Instant::now();
            let calls = (0..400).map(|_| create(&store, &context, named("meanwhile")));
            let answers = futures_util::future::join_all(calls).await;
            assert!(answers.iter().all(Option::is_none));
            assert!(begin.elapsed() < timeout * 2, "{:?}", begin.elapsed());
        }
        cluster.resume();
        recovery(&store).await;
        create(&store, &context, named("after")).await.unwrap();
        // The server may still have processed requests that it received before the pause.
        assert_sound(&store, context.account, 5, 805).await;
    });
}

/// A small separate disk that a test can fill.
struct SmallDisk(PathBuf, #[expect(dead_code, reason = "removed after the disk")] Folder);

impl SmallDisk {
    /// `None`, with a message on stderr, if the process is not allowed to mount a disk.
    fn mount(kibibytes: u32) -> Option<Self> {
        let folder = Folder::new();
        let path = folder.path().join("disk");
        fs::create_dir(&path).unwrap();
        let size = format!("size={kibibytes}k");
        let mount = Program::new("mount").args(["-t", "tmpfs", "-o", &size, "docket-test"]).arg(&path).output();
        if mount.is_ok_and(|output| output.status.success()) {
            return Some(Self(path, folder));
        }
        // Not `eprintln!`: the test harness captures that.
        drop(writeln!(std::io::stderr(), "\n*** NOT RUN: a full disk: it takes root to mount a small one ***\n"));
        None
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Program::new("umount").arg("--lazy").arg(&self.0).status());
    }
}

#[test]
fn a_full_disk_is_reported_and_loses_no_committed_case() {
    let Some(disk) = SmallDisk::mount(6 * 1024) else { return };
    let url = format!("sqlite://{}", disk.path().join("docket.db").display());
    let (connector, context) = open(&url, Settings::default());
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![1; 2 << 20]).unwrap();
    let fill = || {
        let large = Details { notes: Some("x".repeat(20_000)), ..named("large") };
        block_on(async {
            let store = connector.worker().unwrap();
            let (mut tried, mut acknowledged, mut refused) = (0, 0, 0);
            while refused < 20 && tried < 2000 {
                tried += 1;
                match create(&store, &context, large.clone()).await {
                    Some(_) => acknowledged += 1,
                    None => refused += 1,
                }
            }
            (tried, acknowledged, refused)
        })
    };
    // Several threads, so that a group contains writes that fit and writes that do not.
    let counts = thread::scope(|scope| [(); 4].map(|()| scope.spawn(fill)).map(|fill| fill.join().unwrap()));
    assert!(counts.iter().all(|(_, _, refused)| *refused == 20), "{counts:?}");
    let acknowledged = counts.iter().map(|(_, acknowledged, _)| acknowledged).sum::<usize>();
    block_on(async {
        let store = connector.worker().unwrap();
        assert_sound(&store, context.account, acknowledged, acknowledged).await;
        fs::remove_file(&ballast).unwrap();
        create(&store, &context, named("after")).await.unwrap();
        assert_sound(&store, context.account, acknowledged + 1, acknowledged + 1).await;
    });
    drop(connector);
    // The file is sound when it is opened again.
    let connector = Connector::open(&url, Settings::default()).unwrap();
    block_on(async {
        assert_sound(&connector.worker().unwrap(), context.account, acknowledged + 1, acknowledged + 1).await
    });
}

#[test]
fn a_full_disk_under_postgres_is_reported_and_loses_no_committed_case() {
    let Some(cluster) = OwnCluster::start_new() else { return };
    let Some(disk) = SmallDisk::mount(32 * 1024) else { return };
    let tables = disk.path().join("tables");
    fs::create_dir(&tables).unwrap();
    let (connector, context) = open(&cluster.fresh_database_in(&tables), Settings::default());
    let ballast = disk.path().join("ballast");
    fs::write(&ballast, vec![1; 4 << 20]).unwrap();
    block_on(async {
        let store = connector.worker().unwrap();
        let (mut acknowledged, mut refused) = (0, 0);
        while refused < 20 {
            assert!(acknowledged < 2_000, "the disk does not fill");
            // Text that hardly compresses.
            let text = (0..1_000).map(|_| Uuid::now_v7().simple().to_string()).collect::<String>();
            match create(&store, &context, Details { notes: Some(text), ..named("large") }).await {
                Some(_) => acknowledged += 1,
                None => refused += 1,
            }
        }
        // Existing cases stay readable.
        assert_sound(&store, context.account, acknowledged, acknowledged).await;
        fs::remove_file(&ballast).unwrap();
        create(&store, &context, named("after")).await.unwrap();
        assert_sound(&store, context.account, acknowledged + 1, acknowledged + 1).await;
    });
    drop(connector);
}
