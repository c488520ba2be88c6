//! Backups of a store in use, and their restore.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{fs, process::Command, thread};

use docket_domain::{
    feed::{FeedQuery, FeedSource},
    filter::CaseFilter,
    id::{AccountId, CaseId},
    service::{self, verify},
    store::{AccountStore, CaseStore},
};
use docket_persistence::{Connector, Database, Settings, backup, restore, testing};
use uuid::Uuid;

use crate::bed::{Bed, Folder, block_on, named};

/// Creates cases one after the other.
async fn write_cases(store: &Database, context: &docket_domain::actor::Context, count: usize) {
    for _ in 0..count {
        let new = docket_domain::command::NewCase::new(Uuid::now_v7(), named("meanwhile"));
        service::create_case(store, context, new).await.unwrap();
    }
}

/// The feed from its beginning: the case and the version of each event.
async fn read_feed(store: &Database, account: AccountId) -> Vec<(CaseId, i64)> {
    let (mut seen, mut after) = (Vec::new(), 0);
    loop {
        let query = FeedQuery { after, limit: 100, types: None, case: None };
        let page = service::read_feed(store, account, &query).await.unwrap();
        after = page.upto;
        seen.extend(page.events.iter().filter_map(|event| match &event.source {
            FeedSource::Case { event, .. } => Some((event.case, event.version)),
            FeedSource::Account { .. } => None,
        }));
        if !page.has_more {
            return seen;
        }
    }
}

/// Asserts that a reader of `store` can go on in the feed of a copy: what it read is the same there, and each case of the
/// copy follows once.
async fn continue_feed(read: &[(CaseId, i64)], copy: &Database, account: AccountId, cases: i64) {
    let feed = read_feed(copy, account).await;
    assert_eq!(feed.get(..read.len()), Some(read));
    let distinct = feed.iter().collect::<std::collections::BTreeSet<_>>();
    assert_eq!((feed.len(), i64::try_from(distinct.len()).unwrap()), (distinct.len(), cases));
}

/// Number of cases of a store. Fails if the verification finds a fault.
async fn sound_cases(store: &Database, account: AccountId) -> i64 {
    let mut faults = Vec::new();
    verify(store, None, &std::collections::HashMap::new(), chrono::Utc::now(), |fault| faults.push(fault.to_string()))
        .await
        .unwrap();
    assert_eq!(faults, [""; 0]);
    store.count_cases(account, &CaseFilter::default()).await.unwrap()
}

#[test]
fn a_backup_of_a_store_in_use_is_complete_and_can_be_restored() {
    Bed::sqlite().run(async |bed: &Bed| {
        let folder = Folder::new();
        let copy = folder.path().join("copy.db");
        let (connector, context, account) = (bed.connector.clone(), bed.context(), bed.account);
        write_cases(&bed.store, &context, 20).await;
        let read = read_feed(&bed.store, account).await;
        let bytes = thread::scope(|scope| {
            let writing = scope.spawn(|| block_on(write_cases(&connector.worker().unwrap(), &context, 200)));
            let bytes = backup(&bed.url, &copy).unwrap();
            writing.join().unwrap();
            bytes
        });
        assert_eq!(bytes, fs::metadata(&copy).unwrap().len());
        assert_eq!(sound_cases(&bed.store, account).await, 220);

        let url = folder.sqlite_url("restored.db");
        let restored = restore(&url, &copy, false).unwrap();
        assert_eq!(restored.kept, None);
        let connector = Connector::open(&url, Settings::default()).unwrap();
        assert_eq!(connector.migrate().unwrap(), [""; 0]);
        let store = connector.worker().unwrap();
        let cases = sound_cases(&store, account).await;
        assert!((20..=220).contains(&cases), "{cases}");
        continue_feed(&read, &store, account, cases).await;
        // New ids continue after those in the copy.
        write_cases(&store, &context, 1).await;
        assert_eq!(sound_cases(&store, account).await, cases + 1);
    });
}

#[test]
fn a_failed_backup_overwrites_nothing_and_leaves_no_partial_file() {
    let bed = Bed::sqlite();
    let folder = Folder::new();
    let copy = folder.path().join("copy.db");
    fs::write(&copy, "something dear").unwrap();
    assert!(backup(&bed.url, &copy).unwrap_err().to_string().contains("exists"));
    assert_eq!(fs::read_to_string(&copy).unwrap(), "something dear");
    assert!(backup(&folder.sqlite_url("absent.db"), &folder.path().join("new.db")).is_err());
    assert!(backup(&bed.url, &folder.path().join("no/such/folder/new.db")).is_err());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let refused = backup("postgres://localhost/docket", &copy).unwrap_err().to_string();
    assert!(refused.contains("pg_dump"), "{refused}");
}

#[test]
fn restore_needs_replace_and_a_store_that_is_not_in_use() {
    Bed::sqlite().run(async |bed: &Bed| {
        let folder = Folder::new();
        let copy = folder.path().join("copy.db");
        write_cases(&bed.store, &bed.context(), 3).await;
        backup(&bed.url, &copy).unwrap();
        let url = folder.sqlite_url("docket.db");
        restore(&url, &copy, false).unwrap();
        assert!(restore(&url, &copy, false).unwrap_err().to_string().contains("already exists"));
        assert!(restore(&bed.url, &copy, true).unwrap_err().to_string().contains("in use"));
        write_cases(&bed.store, &bed.context(), 1).await;

        let connector = Connector::open(&url, Settings::default()).unwrap();
        write_cases(&connector.worker().unwrap(), &bed.context(), 2).await;
        drop(connector);
        // The writer thread ends a moment after its last handle is dropped.
        let mut replaced = restore(&url, &copy, true);
        while replaced.as_ref().is_err_and(|error| error.to_string().contains("in use")) {
            replaced = restore(&url, &copy, true);
        }
        let kept = replaced.unwrap().kept.unwrap();
        let count = async |path: &str| {
            let connector = Connector::open(path, Settings::default()).unwrap();
            sound_cases(&connector.worker().unwrap(), bed.account).await
        };
        assert_eq!(count(&url).await, 3);
        assert_eq!(count(&format!("sqlite://{}", kept.display())).await, 5);
    });
}

#[test]
fn a_damaged_or_foreign_file_is_not_restored() {
    let bed = Bed::sqlite();
    let folder = Folder::new();
    let copy = folder.path().join("copy.db");
    backup(&bed.url, &copy).unwrap();
    let url = folder.sqlite_url("docket.db");
    let refusal = |content: &[u8]| {
        let bad = folder.path().join("bad.db");
        fs::write(&bad, content).unwrap();
        let refused = restore(&url, &bad, false).unwrap_err().to_string();
        fs::remove_file(bad).unwrap();
        refused
    };
    let sound = fs::read(&copy).unwrap();
    let mut damaged = sound.clone();
    for page in damaged.chunks_mut(4096).skip(4) {
        page.get_mut(..64).unwrap().fill(0xff);
    }
    refusal(&damaged);
    refusal(sound.get(..sound.len() / 2).unwrap());
    assert!(refusal(b"").contains("not a Docket store"));
    assert!(refusal(b"not a database at all, and long enough to be looked at twice").contains("not a Docket store"));
    assert!(restore(&url, &folder.path().join("absent.db"), false).is_err());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing but the copy is left");
}

#[test]
fn postgres_in_use_is_backed_up_by_pg_dump_and_restored_by_pg_restore() {
    let Some(bed) = Bed::postgres() else { return };
    let Some(cluster) = testing::postgres() else { return };
    bed.run(async |bed: &Bed| {
        let folder = Folder::new();
        let dump = folder.path().join("docket.dump");
        let (connector, context, account) = (bed.connector.clone(), bed.context(), bed.account);
        write_cases(&bed.store, &context, 20).await;
        let read = read_feed(&bed.store, account).await;
        let program = |name: &str| testing::program(name).unwrap_or_else(|| Command::new(name));
        thread::scope(|scope| {
            let writing = scope.spawn(|| block_on(write_cases(&connector.worker().unwrap(), &context, 200)));
            let status = program("pg_dump").args(["--format=custom", "--file"]).arg(&dump).arg(&bed.url).status();
            assert!(status.unwrap().success());
            writing.join().unwrap();
        });
        let url = cluster.fresh_database();
        let restore = ["--exit-on-error", "--single-transaction", "--no-owner", "--dbname", &url];
        assert!(program("pg_restore").args(restore).arg(&dump).status().unwrap().success());
        let connector = Connector::open(&url, Settings::default()).unwrap();
        let migrated = thread::scope(|scope| scope.spawn(|| connector.migrate().unwrap()).join().unwrap());
        assert_eq!(migrated, [""; 0]);
        let store = connector.worker().unwrap();
        assert!(store.find_account("main-of-the-test").await.unwrap().is_some());
        let cases = sound_cases(&store, account).await;
        assert!((20..=220).contains(&cases), "{cases}");
        continue_feed(&read, &store, account, cases).await;
        write_cases(&store, &context, 1).await;
        assert_eq!(sound_cases(&store, account).await, cases + 1);
    });
}
