//! The writer thread of SQLite.
//!
//! SQLite allows one writing transaction at a time, and each durable commit costs one fsync. All writes therefore queue
//! here and commit in groups: the writes that arrive during an fsync form the next transaction. Each write has its own
//! savepoint, so a refused write does not affect the others. No write is reported as done before the fsync.
//!
//! If the disk is full or fails, SQLite may roll back the whole transaction. Then all writes of the group fail, and the
//! next group gets a new connection.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use diesel::{
    connection::{SimpleConnection, TransactionManager},
    prelude::*,
};
use docket_domain::error::StoreError;
use tokio::sync::oneshot;

use super::{Cache, Conn, now, open};
use crate::{OpenError, error::QueryError, load::Load};

/// Maximum number of writes in a group.
const GROUP: usize = 256;
/// Maximum number of queued writes. Further writes fail at once, because they would exceed their timeout.
const QUEUE: usize = 4096;
/// Extra wait beyond `busy_timeout` for the group commit's fsync.
const GRACE: Duration = Duration::from_secs(5);

type Completion = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
type Job = Box<dyn FnOnce(&mut Conn) -> (Completion, Option<StoreError>) + Send>;

/// Handle to the writer thread. The thread ends when the last handle is dropped.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::SyncSender<Job>,
    patience: Duration,
    load: Arc<Load>,
}

impl Writer {
    pub(crate) fn spawn(path: &str, busy: Duration, load: Arc<Load>) -> Result<Self, OpenError> {
        let (sender, jobs) = mpsc::sync_channel::<Job>(QUEUE);
        let (path, noted) = (path.to_owned(), load.clone());
        let mut conn = open(&path, busy, Cache::Writer).map_err(OpenError::connection)?;
        thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || {
                while let Ok(first) = jobs.recv() {
                    if write_group(&mut conn, first, &jobs, &noted).is_ok() {
                        continue;
                    }
                    // Closing the connection discards the rest of the transaction. If no new one can be opened, the old
                    // one is kept: BEGIN fails on it while a transaction is open.
                    match open(&path, busy, Cache::Writer) {
                        Ok(fresh) => conn = fresh,
                        Err(error) => log::error!("cannot reopen the database: {error}"),
                    }
                }
            })
            .map_err(|error| OpenError::new(format!("cannot start the writing thread: {error}")))?;
        Ok(Self { jobs: sender, patience: busy + GRACE, load })
    }

    /// Runs a write in the next group and returns after its fsync.
    ///
    /// The write is committed even if the caller goes away or gets the timeout error.
    pub(crate) async fn run<T, W>(&self, write: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: AsyncFnOnce(&mut Conn) -> Result<T, QueryError> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = catch_unwind(AssertUnwindSafe(|| conn.transaction(|conn| now(write(conn)))));
            let result = result.unwrap_or_else(|_| Err(QueryError::Panicked)).map_err(StoreError::from);
            let failure = result.as_ref().err().cloned();
            let answer: Completion = Box::new(move |committed| {
                // The caller may have stopped waiting.
                let _ = sender.send(committed.and(result));
            });
            (answer, failure)
        });
        let unavailable = |why: &str| StoreError::Unavailable(why.to_owned());
        self.load.queued_writes.add(1);
        self.jobs.try_send(job).map_err(|_| {
            self.load.queued_writes.subtract(1);
            unavailable("the writing thread is overloaded")
        })?;
        match tokio::time::timeout(self.patience, answer).await {
            Ok(answer) => answer.map_err(|_| unavailable("the writing thread gave no answer"))?,
            Err(_) => Err(unavailable("the disk took too long")),
        }
    }
}

/// Commits a group and reports the result to all its callers.
///
/// # Errors
/// If nothing was written because the group as a whole failed.
fn write_group(conn: &mut Conn, first: Job, jobs: &mpsc::Receiver<Job>, load: &Load) -> Result<(), StoreError> {
    let mut answers = Vec::new();
    let mut written = Instant::now();
    let mut lost = None;
    let group = conn.immediate_transaction(|conn| {
        let mut next = Some(first);
        while let Some(job) = next {
            load.queued_writes.subtract(1);
            let (answer, failure) = job(conn);
            answers.push(answer);
            if let Some(why) = failure.and_then(|failure| why_lost(conn, failure)) {
                lost = Some(why.clone());
                return Err(why.into());
            }
            next = if answers.len() < GROUP { jobs.try_recv().ok() } else { None };
        }
        written = Instant::now();
        Ok::<_, QueryError>(())
    });
    load.note_commit(answers.len(), written.elapsed());
    // A failed commit, for example on a full disk, leaves its transaction open.
    if group.is_err() {
        let _ = <Conn as Connection>::TransactionManager::rollback_transaction(conn);
    }
    // Report the cause, not the failed rollback of a transaction that was already lost.
    let outcome = group.map_err(|error| lost.unwrap_or_else(|| StoreError::from(error)));
    for answer in answers {
        answer(outcome.clone());
    }
    outcome
}

/// Returns the reason why the group cannot continue after a failed write: SQLite has rolled back the transaction, or
/// the disk refused the write and would refuse the next one.
fn why_lost(conn: &mut Conn, failure: StoreError) -> Option<StoreError> {
    match failure {
        StoreError::Stale | StoreError::Taken(_) | StoreError::PageTooLarge => None,
        StoreError::Unavailable(_) => Some(failure),
        // SQLite shows whether a transaction is open: it refuses BEGIN inside one.
        StoreError::Defect(why) => match conn.batch_execute("BEGIN") {
            Err(_) if !is_broken(conn) => None,
            Ok(()) | Err(_) => Some(StoreError::Unavailable(format!("the transaction was lost: {why}"))),
        },
    }
}

/// Whether a savepoint is still open, for example after a panic or a failed rollback.
fn is_broken(conn: &mut Conn) -> bool {
    let status = <Conn as Connection>::TransactionManager::transaction_manager_status_mut(conn);
    !matches!(status.transaction_depth(), Ok(Some(depth)) if depth.get() == 1)
}

#[cfg(test)]
mod tests {
    use diesel::{RunQueryDsl as _, sql_query};
    use futures_util::future::{join, join3};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(5);

    /// A writer on a file with one table.
    fn writer(name: &str) -> (Writer, std::path::PathBuf) {
        let path = std::env::temp_dir().join(format!("docket-writer-{}-{name}.db", std::process::id()));
        drop(std::fs::remove_file(&path));
        let mut conn = open(path.to_str().unwrap(), PATIENCE, Cache::Writer).unwrap();
        conn.batch_execute("CREATE TABLE t (id INTEGER PRIMARY KEY, x BLOB)").unwrap();
        (Writer::spawn(path.to_str().unwrap(), PATIENCE, Arc::default()).unwrap(), path)
    }

    fn count(path: &std::path::Path) -> i64 {
        #[derive(QueryableByName)]
        struct Count {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            n: i64,
        }
        let mut conn = open(path.to_str().unwrap(), PATIENCE, Cache::Writer).unwrap();
        sql_query("SELECT count(*) AS n FROM t").get_result::<Count>(&mut conn).unwrap().n
    }

    async fn execute(writer: &Writer, statements: &'static str) -> Result<(), StoreError> {
        writer.run(async move |conn| Ok(conn.batch_execute(statements)?)).await
    }

    async fn panicking(writer: &Writer) -> Result<(), StoreError> {
        writer.run(async |_| panic!("for the test")).await
    }

    fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    #[test]
    fn a_refused_write_does_not_affect_the_rest_of_its_group() {
        let (writer, path) = writer("refused");
        block_on(async {
            let twice = "INSERT INTO t (id) VALUES (1), (1)";
            let (first, second, third) = join3(
                execute(&writer, "INSERT INTO t (id) VALUES (2)"),
                execute(&writer, twice),
                execute(&writer, "INSERT INTO t (id) VALUES (3)"),
            )
            .await;
            assert_eq!((first, second, third), (Ok(()), Err(StoreError::Stale), Ok(())));
        });
        assert_eq!(count(&path), 2);
    }

    #[test]
    fn a_full_database_is_unavailable_and_the_next_group_commits() {
        let (writer, path) = writer("full");
        block_on(async {
            // The page limit applies to the connection and simulates a full disk.
            execute(&writer, "PRAGMA max_page_count = 5").await.unwrap();
            let large = "INSERT INTO t (x) VALUES (zeroblob(1000000))";
            let small = "INSERT INTO t (id) VALUES (7)";
            let (first, second) = join(execute(&writer, large), execute(&writer, small)).await;
            assert!(matches!(&first, Err(StoreError::Unavailable(_))), "{first:?}");
            assert!(second.is_ok() || matches!(second, Err(StoreError::Unavailable(_))), "{second:?}");
            assert_eq!(count(&path), i64::from(second.is_ok()));
            execute(&writer, large).await.unwrap();
        });
    }

    #[test]
    fn a_transaction_that_sqlite_rolled_back_is_not_partly_committed() {
        let (writer, path) = writer("ended");
        block_on(async {
            let lost = "INSERT INTO t (id) VALUES (1); ROLLBACK; SELECT nonsense";
            let (first, second, third) = join3(
                execute(&writer, "INSERT INTO t (id) VALUES (2)"),
                execute(&writer, lost),
                execute(&writer, "INSERT INTO t (id) VALUES (3)"),
            )
            .await;
            assert!(matches!(second, Err(StoreError::Unavailable(_))), "{second:?}");
            assert_eq!(count(&path), i64::from(first.is_ok()) + i64::from(third.is_ok()));
            execute(&writer, "INSERT INTO t (id) VALUES (4)").await.unwrap();
        });
    }

    #[test]
    fn the_writer_thread_survives_a_panic() {
        let (writer, path) = writer("panic");
        block_on(async {
            assert!(panicking(&writer).await.is_err());
            execute(&writer, "INSERT INTO t (id) VALUES (1)").await.unwrap();
        });
        assert_eq!(count(&path), 1);
    }
}
