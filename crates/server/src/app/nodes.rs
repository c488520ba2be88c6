//! The nodes of the database that do not respond.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use docket_domain::error::StoreError;

/// Minimum time between two checks. `/health/ready` needs no credential, and a check waits for every node on a connection of
/// the pool: without this limit, callers could occupy all connections while a node is down.
const EVERY: Duration = Duration::from_secs(2);

/// The result of the last check of all workers.
#[derive(Clone)]
pub struct Nodes(Arc<Mutex<State>>);

struct State {
    /// When the last check started.
    checked: Option<Instant>,
    /// `None` if the check failed.
    unreachable: Option<Vec<i32>>,
}

impl Default for Nodes {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(State { checked: None, unreachable: Some(Vec::new()) })))
    }
}

impl Nodes {
    /// The unreachable nodes. Runs `check` if the last one is older than two seconds, otherwise returns its result.
    /// `None` if the check failed.
    pub async fn unreachable(&self, check: impl AsyncFnOnce() -> Result<Vec<i32>, StoreError>) -> Option<Vec<i32>> {
        if let Some(known) = self.recent() {
            return known;
        }
        let found = check().await;
        let found = found.inspect_err(|error| log::warn!("cannot check the nodes of the database: {error}")).ok();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).unreachable.clone_from(&found);
        found
    }

    /// The last result, unless a check is due. Then it counts as started.
    fn recent(&self) -> Option<Option<Vec<i32>>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.checked.is_some_and(|checked| checked.elapsed() < EVERY) {
            return Some(state.unreachable.clone());
        }
        state.checked = Some(Instant::now());
        None
    }
}

#[cfg(test)]
mod tests {
    use actix_web::rt::System;

    use super::*;

    #[test]
    fn a_second_caller_gets_the_result_of_the_first() {
        System::new().block_on(async {
            let nodes = Nodes::default();
            assert_eq!(nodes.unreachable(async || Ok(vec![3])).await, Some(vec![3]));
            let unexpected = async || -> Result<Vec<i32>, StoreError> { panic!("checked again") };
            assert_eq!(nodes.unreachable(unexpected).await, Some(vec![3]));
        });
    }

    #[test]
    fn a_failed_check_is_remembered() {
        System::new().block_on(async {
            let nodes = Nodes::default();
            assert_eq!(nodes.unreachable(async || Err(StoreError::Stale)).await, None);
            assert_eq!(nodes.unreachable(async || Ok(Vec::new())).await, None);
        });
    }
}
