//! The environment of the contract suite: every test has its own store, on either backend.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    cell::Cell,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
    thread,
};

use chrono::{NaiveDate, TimeDelta};
use docket_domain::{
    actor::{Actor, Context},
    case::{Case, Details},
    command::{Command, NewCase, TransitionRequest},
    error::Error,
    id::{AccountId, CaseRef},
    scope::Scopes,
    service::{self, ChangeOptions},
    store::AccountStore,
    time::Timestamp,
    workflow::StatusKey,
};
use docket_persistence::{Connector, Database, Settings, testing};
use uuid::Uuid;

use crate::statements;

/// Defines two tests for each function: one on SQLite, one on PostgreSQL. The function takes the [`Bed`].
macro_rules! on_both_databases {
    ($($test:ident),* $(,)?) => {
        mod sqlite {
            $(#[test] fn $test() { crate::bed::Bed::sqlite().run(super::$test); })*
        }

        mod postgres {
            $(#[test] fn $test() { if let Some(bed) = crate::bed::Bed::postgres() { bed.run(super::$test); } })*
        }
    };
}
pub(crate) use on_both_databases;

/// A migrated store with one account.
pub(crate) struct Bed {
    pub(crate) url: String,
    pub(crate) connector: Connector,
    pub(crate) store: Database,
    pub(crate) account: AccountId,
    clock: Arc<AtomicI64>,
    /// Whether rows were changed outside the store, so that they need not follow from the logs.
    pub(crate) is_tampered_with: Cell<bool>,
    _folder: Option<Folder>,
}

impl Bed {
    pub(crate) fn sqlite() -> Self {
        let folder = Folder::new();
        Self::at(folder.sqlite_url("docket.db"), Some(folder), true)
    }

    /// `None` if the machine has no PostgreSQL. [`testing::postgres`] has reported that.
    pub(crate) fn postgres() -> Option<Self> {
        let cluster = testing::postgres()?;
        let migrate = |url: &str| {
            let connector = Connector::open(url, Settings::default()).unwrap();
            connector.migrate().unwrap();
            if cluster.is_citus() {
                connector.distribute().unwrap();
            }
        };
        statements::watch();
        Some(Self::at(cluster.prepared_database(migrate), None, false))
    }

    fn at(url: String, folder: Option<Folder>, migrate: bool) -> Self {
        let connector = Connector::open(&url, Settings::default()).unwrap();
        if migrate {
            connector.migrate().unwrap();
        }
        let store = connector.worker().unwrap();
        Self {
            url,
            connector,
            store,
            account: AccountId(0),
            clock: Arc::default(),
            is_tampered_with: Cell::new(false),
            _folder: folder,
        }
    }

    /// Runs a test in a single-threaded runtime, like a worker of the server. Then checks that all rows follow from the
    /// logs.
    pub(crate) fn run(mut self, test: impl AsyncFnOnce(&Self)) {
        statements::watch_this_thread(self.is_postgres());
        block_on(async {
            self.account = self.new_account("main-of-the-test").await;
            test(&self).await;
            assert_eq!(statements::without_account(), Vec::<String>::new());
            if !self.is_tampered_with.get() {
                assert_eq!(crate::verify::check(&self).await.1, [""; 0]);
            }
        });
    }

    pub(crate) async fn new_account(&self, name: &str) -> AccountId {
        self.store.create_account(name, self.now()).await.unwrap().id
    }

    /// A time that advances by a second at each call.
    pub(crate) fn now(&self) -> Timestamp {
        let seconds = self.clock.fetch_add(1, Ordering::Relaxed);
        day(2026, 3, 2).and_hms_opt(9, 0, 0).unwrap().and_utc() + TimeDelta::seconds(seconds)
    }

    pub(crate) fn context(&self) -> Context {
        self.context_of(self.account)
    }

    pub(crate) fn context_of(&self, account: AccountId) -> Context {
        Context::new(account, Actor { id: None, name: "Tester".to_owned() }, Scopes::all(), self.now())
    }

    /// Creates a case in the test's account.
    pub(crate) async fn create(&self, details: Details) -> Case {
        self.create_new(NewCase::new(Uuid::now_v7(), details)).await
    }

    pub(crate) async fn create_new(&self, new: NewCase) -> Case {
        service::create_case(&self.store, &self.context(), new).await.unwrap()
    }

    pub(crate) async fn change(&self, case: &Case, command: Command) -> Result<Case, Error> {
        service::change_case(&self.store, &self.context(), CaseRef::from(case.id), command, ChangeOptions::default())
            .await
    }

    pub(crate) async fn move_to(&self, case: &Case, status: &str) -> Case {
        self.change(case, to_status(status)).await.unwrap()
    }

    /// Runs the same work on several threads, each with its own [`Database`], and returns the results.
    pub(crate) fn in_parallel<T: Send>(
        &self,
        threads: usize,
        work: impl AsyncFn(Database, usize) -> T + Sync,
    ) -> Vec<T> {
        let (work, connector, is_postgres) = (&work, &self.connector, self.is_postgres());
        thread::scope(|scope| {
            let start = |at| {
                scope.spawn(move || {
                    statements::watch_this_thread(is_postgres);
                    block_on(async { work(connector.worker().unwrap(), at).await })
                })
            };
            let started = (0..threads).map(start).collect::<Vec<_>>();
            started.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// Details with only a day and a name.
pub(crate) fn named(name: &str) -> Details {
    Details { name: Some(name.to_owned()), ..Details::opened_on(day(2026, 3, 2)) }
}

/// A move to a status, with a reason for the transitions that need one.
pub(crate) fn to_status(status: &str) -> Command {
    Command::Transition(TransitionRequest::to(StatusKey::new(status), Some("for the test".to_owned())))
}

/// A folder that is deleted with the test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("docket-sqlite-{}-{count}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn sqlite_url(&self, file: &str) -> String {
        format!("sqlite://{}", self.path().join(file).display())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that remains is no reason to fail.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

#[derive(diesel::QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

impl Bed {
    /// Runs a query on a separate connection and returns its column `line`.
    pub(crate) fn lines(&self, query: &str) -> Vec<String> {
        lines(&self.url, query).into_iter().collect()
    }

    /// Runs statements on a separate connection.
    pub(crate) fn execute(&self, statements: &str) {
        self.is_tampered_with.set(true);
        execute(&self.url, statements);
    }
}

pub(crate) fn lines(url: &str, query: &str) -> Vec<String> {
    let lines = match url.strip_prefix("sqlite://") {
        Some(path) => {
            use diesel::{Connection, RunQueryDsl};
            let mut conn = diesel::SqliteConnection::establish(path).unwrap();
            diesel::sql_query(query).load::<Line>(&mut conn).unwrap()
        }
        None => elsewhere(async {
            use diesel_async::{AsyncConnection, RunQueryDsl};
            let mut conn = diesel_async::AsyncPgConnection::establish(url).await.unwrap();
            diesel::sql_query(query).load::<Line>(&mut conn).await.unwrap()
        }),
    };
    lines.into_iter().map(|line| line.line).collect()
}

pub(crate) fn execute(url: &str, statements: &str) {
    match url.strip_prefix("sqlite://") {
        Some(path) => {
            use diesel::{Connection, connection::SimpleConnection};
            diesel::SqliteConnection::establish(path).unwrap().batch_execute(statements).unwrap();
        }
        None => elsewhere(async {
            use diesel_async::{AsyncConnection, SimpleAsyncConnection};
            let mut conn = diesel_async::AsyncPgConnection::establish(url).await.unwrap();
            conn.batch_execute(statements).await.unwrap();
        }),
    }
}

/// Runs in a separate thread and runtime, because the caller may be inside a runtime.
fn elsewhere<T: Send>(future: impl Future<Output = T> + Send) -> T {
    thread::scope(|scope| scope.spawn(|| block_on(future)).join().unwrap())
}
