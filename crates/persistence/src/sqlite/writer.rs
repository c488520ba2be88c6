//! The one thread that writes.
//!
//! SQLite lets one transaction write at a time, and each durable commit costs a flush of the disk. So all writes queue
//! here: whatever has come in while the last group was being flushed is the next group, in one transaction, with a
//! savepoint for each write, so that one that is refused takes nobody along. Nobody is answered before the flush.
//!
//! Where the disk is full or fails, SQLite may end the whole transaction on its own: then the group is given up, all of
//! it is answered with the error, and the next group has a new connection.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::mpsc,
    thread,
    time::Duration,
};

use diesel::{
    connection::{SimpleConnection, TransactionManager},
    prelude::*,
};
use docket_domain::error::StoreError;
use tokio::sync::oneshot;

use super::{Cache, Conn, now, open};
use crate::{OpenError, error::Failure};

/// The most writes that share a flush.
const GROUP: usize = 256;
/// The most writes that wait: more are turned away, as they would wait longer than anybody does.
const QUEUE: usize = 4096;
/// Extra wait beyond `busy_timeout` for the group commit's fsync.
const GRACE: Duration = Duration::from_secs(5);

type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
type Job = Box<dyn FnOnce(&mut Conn) -> (Answer, Option<StoreError>) + Send>;

/// A way to the writing thread; it ends when the last of them is gone.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::SyncSender<Job>,
    patience: Duration,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn spawn(path: &str, busy: Duration) -> Result<Self, OpenError> {
        let (sender, jobs) = mpsc::sync_channel::<Job>(QUEUE);
        let path = path.to_owned();
        let mut conn = open(&path, busy, Cache::Writer).map_err(OpenError::connection)?;
        thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || {
                while let Ok(first) = jobs.recv() {
                    if write_group(&mut conn, first, &jobs).is_ok() {
                        continue;
                    }
                    // What is left of the transaction goes with its connection. Where none can be opened, the old one
                    // has to do: BEGIN refuses on it as long as something is open.
                    match open(&path, busy, Cache::Writer) {
                        Ok(fresh) => conn = fresh,
                        Err(error) => log::error!("the database cannot be opened again: {error}"),
                    }
                }
            })
            .map_err(|error| OpenError::new(format!("cannot start the writing thread: {error}")))?;
        Ok(Self { jobs: sender, patience: busy + GRACE })
    }

    /// Runs a write in the next group; done when that is on the disk.
    ///
    /// A caller that goes away does not undo its write: it is in the group, and the group is committed. Nor does one
    /// that is told that the answer took too long.
    pub(crate) async fn run<T, W>(&self, write: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: AsyncFnOnce(&mut Conn) -> Result<T, Failure> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = catch_unwind(AssertUnwindSafe(|| conn.transaction(|conn| now(write(conn)))));
            let result = result.unwrap_or_else(|_| Err(Failure::Panicked)).map_err(StoreError::from);
            let failure = result.as_ref().err().cloned();
            let answer: Answer = Box::new(move |committed| {
                // Whoever does not wait any more needs no answer.
                let _ = sender.send(committed.and(result));
            });
            (answer, failure)
        });
        let unavailable = |why: &str| StoreError::Unavailable(why.to_owned());
        self.jobs.try_send(job).map_err(|_| unavailable("the writing thread is overloaded"))?;
        match tokio::time::timeout(self.patience, answer).await {
            Ok(answer) => answer.map_err(|_| unavailable("the writing thread gave no answer"))?,
            Err(_) => Err(unavailable("the disk took too long")),
        }
    }
}

/// Writes a group and answers all of it.
///
/// # Errors
/// Where nothing was written, for a reason that lies in none of the writes.
fn write_group(conn: &mut Conn, first: Job, jobs: &mpsc::Receiver<Job>) -> Result<(), StoreError> {
    let mut answers = Vec::new();
    let mut lost = None;
    let group = conn.immediate_transaction(|conn| {
        let mut next = Some(first);
        while let Some(job) = next {
            let (answer, failure) = job(conn);
            answers.push(answer);
            if let Some(why) = failure.and_then(|failure| why_lost(conn, failure)) {
                lost = Some(why.clone());
                return Err(why.into());
            }
            next = if answers.len() < GROUP { jobs.try_recv().ok() } else { None };
        }
        Ok::<_, Failure>(())
    });
    // A commit that fails, on a full disk say, leaves its transaction open.
    if group.is_err() {
        let _ = <Conn as Connection>::TransactionManager::rollback_transaction(conn);
    }
    // That a lost transaction cannot be rolled back either is not what went wrong.
    let outcome = group.map_err(|error| lost.unwrap_or_else(|| StoreError::from(error)));
    for answer in answers {
        answer(outcome.clone());
    }
    outcome
}

/// Why the group cannot go on after a write that failed: because SQLite has rolled all of it back, or because the disk did
/// not take it and will not take the next one either.
fn why_lost(conn: &mut Conn, failure: StoreError) -> Option<StoreError> {
    match failure {
        StoreError::Stale | StoreError::Taken(_) | StoreError::PageTooLarge => None,
        StoreError::Unavailable(_) => Some(failure),
        // SQLite tells whether a transaction is open by refusing another one.
        StoreError::Defect(why) => match conn.batch_execute("BEGIN") {
            Err(_) if !is_broken(conn) => None,
            Ok(()) | Err(_) => Some(StoreError::Unavailable(format!("the transaction was lost: {why}"))),
        },
    }
}

/// Whether a savepoint was left open, as by a panic, or could not be rolled back.
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
        (Writer::spawn(path.to_str().unwrap(), PATIENCE).unwrap(), path)
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
    fn a_write_that_is_refused_takes_nobody_along() {
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
    fn a_full_database_is_unavailable_and_the_next_group_is_written_again() {
        let (writer, path) = writer("full");
        block_on(async {
            // The limit holds for the connection, as a full disk does for the machine.
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
    fn a_transaction_that_sqlite_has_ended_does_not_go_on_by_halves() {
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
    fn a_panic_does_not_end_the_writing() {
        let (writer, path) = writer("panic");
        block_on(async {
            assert!(panicking(&writer).await.is_err());
            execute(&writer, "INSERT INTO t (id) VALUES (1)").await.unwrap();
        });
        assert_eq!(count(&path), 1);
    }
}
