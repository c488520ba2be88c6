//! Threads for reads that may scan many rows.
//!
//! A point read or a bounded list runs inline on the worker, because it is faster than a switch of threads. A search, a
//! count or a statistic may be slow, and would block the worker's other requests. A few threads run those reads, each
//! with its own connection, so the caches exist once per thread.

use std::{
    num::NonZero,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::{Duration, Instant},
};

use docket_domain::error::StoreError;
use tokio::sync::oneshot;

use super::{Cache, Conn, open, read};
use crate::{OpenError, error::QueryError, load::Load};

/// Maximum number of queued reads. Further reads fail at once, because they would exceed their timeout.
const QUEUE: usize = 1024;

type Job = Box<dyn FnOnce(&mut Conn) + Send>;

/// Handle to the scan threads. They end when the last handle is dropped.
#[derive(Clone)]
pub(crate) struct Scans {
    jobs: mpsc::SyncSender<Job>,
    busy: Duration,
    load: Arc<Load>,
}

impl Scans {
    /// Starts one thread per core. Connections are opened on demand.
    pub(crate) fn spawn(path: &str, busy: Duration, load: Arc<Load>) -> Result<Self, OpenError> {
        let (sender, jobs) = mpsc::sync_channel::<Job>(QUEUE);
        let jobs = Arc::new(Mutex::new(jobs));
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        for _ in 0..threads {
            let (jobs, path, load) = (jobs.clone(), path.to_owned(), load.clone());
            thread::Builder::new()
                .name("sqlite-reader".to_owned())
                .spawn(move || work(&jobs, &path, busy, &load))
                .map_err(|error| OpenError::new(format!("cannot start a reading thread: {error}")))?;
        }
        Ok(Self { jobs: sender, busy, load })
    }

    /// Runs a read on one snapshot. A read fails if it was queued for longer than the busy timeout, and is skipped if
    /// its caller has gone away.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Conn) -> Result<T, QueryError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let unavailable = |why: &str| StoreError::Unavailable(why.to_owned());
        let (sender, answer) = oneshot::channel();
        let (asked, busy) = (Instant::now(), self.busy);
        let job: Job = Box::new(move |conn| {
            if sender.is_closed() {
                return;
            }
            let result = if asked.elapsed() > busy {
                Err(StoreError::Unavailable("the read waited too long in the queue".to_owned()))
            } else {
                read(conn, query)
            };
            // The caller may have stopped waiting.
            let _ = sender.send(result);
        });
        self.load.queued_reads.add(1);
        self.jobs.try_send(job).map_err(|_| {
            self.load.queued_reads.subtract(1);
            unavailable("the reading threads are overloaded")
        })?;
        answer.await.map_err(|_| unavailable("the reading thread gave no answer"))?
    }
}

/// Loop of one thread. A job that panics loses its connection; the thread continues.
fn work(jobs: &Mutex<mpsc::Receiver<Job>>, path: &str, busy: Duration, load: &Load) {
    let mut idle = None;
    loop {
        let job = jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(job) = job else { return };
        load.queued_reads.subtract(1);
        let conn = match idle.take() {
            Some(conn) => Ok(conn),
            None => open(path, busy, Cache::Scans),
        };
        match conn {
            Ok(mut conn) => {
                let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(&mut conn)));
                idle = done.is_ok().then_some(conn);
            }
            // Dropping the job reports the failure to its caller.
            Err(error) => log::error!("cannot open the database: {error}"),
        }
    }
}
