//! Reads that may look at many rows, away from the workers.
//!
//! A point read or a bounded list is quicker than a change of threads, so that those run on the worker itself. A search, a
//! count or a statistic may take long, and a worker that waits for it would keep all its other requests waiting. A few
//! threads do that work, each with a connection of its own: what a thread and its allocators keep, they keep once.

use std::{
    num::NonZero,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use docket_domain::error::StoreError;
use tokio::sync::oneshot;

use super::{Cache, Conn, open, read};
use crate::{OpenError, error::Failure};

/// The most reads that wait: more are turned away, as they would wait longer than anybody does.
const QUEUE: usize = 1024;

type Job = Box<dyn FnOnce(&mut Conn) + Send>;

/// A way to the reading threads; they end when the last of them is gone.
#[derive(Clone)]
pub(crate) struct Scans {
    jobs: mpsc::SyncSender<Job>,
    busy: Duration,
}

impl Scans {
    /// Starts as many threads as there are cores. Connections are opened as they are needed.
    pub(crate) fn spawn(path: &str, busy: Duration) -> Result<Self, OpenError> {
        let (sender, jobs) = mpsc::sync_channel::<Job>(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        for _ in 0..threads {
            let (jobs, path) = (jobs.clone(), path.to_owned());
            thread::Builder::new()
                .name("sqlite-reader".to_owned())
                .spawn(move || work(&jobs, &path, busy))
                .map_err(|error| OpenError::new(format!("cannot start a reading thread: {error}")))?;
        }
        Ok(Self { jobs: sender, busy })
    }

    /// Runs a read on one snapshot. Nobody waits longer for their turn than for another process that writes; a read whose
    /// caller has gone away is left out.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Conn) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let unavailable = |why: &str| StoreError::Unavailable(why.to_owned());
        let (sender, answer) = oneshot::channel();
        let (asked, busy) = (Instant::now(), self.busy);
        let job: Job = Box::new(move |conn| {
            if sender.is_closed() {
                return;
            }
            let result = if asked.elapsed() > busy {
                Err(StoreError::Unavailable("too many reads wait for their turn".to_owned()))
            } else {
                read(conn, query)
            };
            // Whoever does not wait any more needs no answer.
            let _ = sender.send(result);
        });
        self.jobs.try_send(job).map_err(|_| unavailable("the reading threads are overloaded"))?;
        answer.await.map_err(|_| unavailable("the reading thread gave no answer"))?
    }
}

/// One thread. A job that panics takes its connection along, and nobody else.
fn work(jobs: &Mutex<mpsc::Receiver<Job>>, path: &str, busy: Duration) {
    let mut idle = None;
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        let conn = match idle.take() {
            Some(conn) => Ok(conn),
            None => open(path, busy, Cache::Scans),
        };
        match conn {
            Ok(mut conn) => {
                let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&mut conn)));
                idle = done.is_ok().then_some(conn);
            }
            // The job is dropped, which tells its caller.
            Err(error) => log::error!("the database cannot be opened: {error}"),
        }
    }
}
