//! Ids of new cases, taken from the sequence before their use.

use std::{
    cell::{Cell, RefCell},
    time::{Duration, Instant},
};

/// An id that waits longer is not used: ids should roughly follow the order of creation.
const FRESH: Duration = Duration::from_secs(1);
/// If the previous creation was this recent, another is likely to follow soon.
const BUSY: Duration = Duration::from_millis(50);

/// Ids that one worker has taken ahead. While many cases are created, the statement that writes a case also takes the id
/// of the next one, which saves a round trip. An unused id leaves a gap in the numbers, at most one per concurrent
/// creation at the end of a busy period.
#[derive(Default)]
pub(crate) struct CaseIds {
    ahead: RefCell<Vec<(Instant, i64)>>,
    last_creation: Cell<Option<Instant>>,
}

impl CaseIds {
    /// An id that was taken ahead, if there is a fresh one.
    pub(crate) fn pop(&self) -> Option<i64> {
        let mut ahead = self.ahead.borrow_mut();
        ahead.retain(|(since, _)| since.elapsed() < FRESH);
        ahead.pop().map(|(_, id)| id)
    }

    pub(crate) fn push(&self, id: i64) {
        self.ahead.borrow_mut().push((Instant::now(), id));
    }

    /// Discards all ids. An import may have used them meanwhile.
    pub(crate) fn clear(&self) {
        self.ahead.borrow_mut().clear();
    }

    /// Records a creation, and returns whether another one is likely to follow soon.
    pub(crate) fn is_busy(&self) -> bool {
        let before = self.last_creation.replace(Some(Instant::now()));
        before.is_some_and(|before| before.elapsed() < BUSY)
    }
}
