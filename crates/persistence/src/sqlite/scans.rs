//! Reads that may look at many rows, away from the workers.
//!
//! A point read or a bounded list is quicker than a change of threads, so that those run on the worker itself. A search, a
//! count or a statistic may take long, and a worker that waits for it would keep all its other requests waiting.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use docket_domain::error::StoreError;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{Conn, open, read};
use crate::error::Failure;

/// The most such reads at a time; further ones wait their turn.
const AT_ONCE: usize = 4;

/// A way to run such reads. Clones share connections and turns.
#[derive(Clone)]
pub(crate) struct Scans {
    path: String,
    busy: Duration,
    idle: Arc<Mutex<Vec<Conn>>>,
    turns: Arc<Semaphore>,
}

impl Scans {
    /// Opens nothing yet.
    pub(crate) fn new(path: &str, busy: Duration) -> Self {
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        Self { path: path.to_owned(), busy, idle: Arc::default(), turns }
    }

    /// Runs a read on one snapshot, on a thread for what blocks.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        query: impl FnOnce(&mut Conn) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let unavailable = |error: &dyn std::fmt::Display| StoreError::Unavailable(error.to_string());
        let turn = tokio::time::timeout(self.busy, self.turns.clone().acquire_owned()).await;
        let turn = turn.map_err(|error| unavailable(&error))?.map_err(|error| unavailable(&error))?;
        let scans = self.clone();
        let done = spawn_blocking(move || {
            let _turn = turn;
            let idle = scans.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut conn = match idle {
                Some(conn) => conn,
                None => open(&scans.path, scans.busy).map_err(|error| StoreError::Unavailable(error.to_string()))?,
            };
            let result = read(&mut conn, query);
            scans.idle.lock().unwrap_or_else(PoisonError::into_inner).push(conn);
            result
        });
        done.await.map_err(|error| StoreError::Defect(error.to_string()))?
    }
}
