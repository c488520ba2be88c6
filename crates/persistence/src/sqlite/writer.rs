//! The one thread that writes.
//!
//! SQLite lets one transaction write at a time, and each durable commit costs a flush of the disk. So all writes queue
//! here: whatever has come in while the last group was being flushed is the next group, in one transaction, with a
//! savepoint for each write, so that one that fails takes nobody along. Nobody is answered before the flush.

use std::{sync::mpsc, thread, time::Duration};

use diesel::{connection::TransactionManager, prelude::*};
use docket_domain::error::StoreError;
use tokio::sync::oneshot;

use super::{Conn, now, open};
use crate::{OpenError, error::Failure};

/// The most writes that share a flush.
const GROUP: usize = 256;
/// The most writes that wait: more are turned away, as they would wait longer than anybody does.
const QUEUE: usize = 4096;

type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
type Job = Box<dyn FnOnce(&mut Conn) -> Answer + Send>;

/// A way to the writing thread; it ends when the last of them is gone.
#[derive(Clone)]
pub(crate) struct Writer(mpsc::SyncSender<Job>);

impl Writer {
    /// Starts the thread.
    pub(crate) fn spawn(path: &str, busy: Duration) -> Result<Self, OpenError> {
        let (sender, jobs) = mpsc::sync_channel::<Job>(QUEUE);
        let mut conn = open(path, busy).map_err(OpenError::connection)?;
        thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || {
                while let Ok(first) = jobs.recv() {
                    write_group(&mut conn, first, &jobs);
                }
            })
            .map_err(|error| OpenError::new(format!("cannot start the writing thread: {error}")))?;
        Ok(Self(sender))
    }

    /// Runs a write in the next group; done when that is on the disk.
    ///
    /// A caller that goes away does not undo its write: it is in the group, and the group is committed.
    pub(crate) async fn run<T, W>(&self, write: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: AsyncFnOnce(&mut Conn) -> Result<T, Failure> + Send + 'static,
    {
        let (sender, answer) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            let result = conn.transaction(|conn| now(write(conn))).map_err(StoreError::from);
            Box::new(move |committed| {
                // Whoever does not wait any more needs no answer.
                let _ = sender.send(committed.and(result));
            })
        });
        let unavailable = || StoreError::Unavailable("the writing thread is overloaded".to_owned());
        self.0.try_send(job).map_err(|_| unavailable())?;
        answer.await.map_err(|_| unavailable())?
    }
}

fn write_group(conn: &mut Conn, first: Job, jobs: &mpsc::Receiver<Job>) {
    let mut answers = Vec::new();
    let group = conn.immediate_transaction(|conn| {
        let mut next = Some(first);
        while let Some(job) = next {
            answers.push(job(conn));
            next = if answers.len() < GROUP { jobs.try_recv().ok() } else { None };
        }
        Ok::<_, Failure>(())
    });
    // A commit that fails, on a full disk say, leaves its transaction open.
    if group.is_err() {
        let _ = <Conn as Connection>::TransactionManager::rollback_transaction(conn);
    }
    let outcome = group.map_err(StoreError::from);
    for answer in answers {
        answer(outcome.clone());
    }
}
