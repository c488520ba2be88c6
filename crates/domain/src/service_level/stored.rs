//! What a store keeps of a clock, so that lists and the timer need not read logs.

use super::{
    clock::{ClockState, TargetClock},
    policy::ServiceLevel,
};
use crate::time::Timestamp;

/// A clock in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredClock {
    /// Name of the target.
    pub target: String,
    /// Key of the service level.
    pub level: String,
    /// Its state when it was written. A running clock is breached from `due_at` on.
    pub state: ClockState,
    /// When it is at risk, if it is running.
    pub warn_at: Option<Timestamp>,
    /// When the goal passes, or has passed.
    pub due_at: Option<Timestamp>,
    /// The first moment that no event tells of yet.
    pub next_at: Option<Timestamp>,
}

impl StoredClock {
    /// What to keep of a clock.
    #[must_use]
    pub fn new(level: &ServiceLevel, clock: &TargetClock) -> Self {
        Self {
            target: clock.name.clone(),
            level: level.key.clone(),
            state: clock.state,
            warn_at: clock.warn_at,
            due_at: clock.due_at,
            next_at: clock.moments.iter().map(|(_, at)| *at).min(),
        }
    }
}
