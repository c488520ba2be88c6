//! What a store keeps of a clock, so that lists and the timer need not read logs.

use super::{
    clock::{ClockState, TargetClock},
    policy::ServiceLevel,
};
use crate::{case::Case, id::CaseId, time::Timestamp};

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
    /// The clock as it is stored at a later instant, if nothing happens until then.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Self {
        let has_passed = self.state == ClockState::Running && self.due_at.is_some_and(|due| due <= now);
        if has_passed { Self { state: ClockState::Breached, warn_at: None, ..self.clone() } } else { self.clone() }
    }

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

/// The clocks of a case in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseClocks {
    /// The case.
    pub case: CaseId,
    /// The version of the case of which these are the clocks.
    pub version: i64,
    /// Its clocks.
    pub clocks: Vec<StoredClock>,
    /// When the first running clock is due; `None` if none is running.
    pub due_at: Option<Timestamp>,
}

impl CaseClocks {
    /// What to keep of the clocks of a case. Without a service level it has none.
    #[must_use]
    pub fn new(case: &Case, level: Option<&ServiceLevel>, clocks: &[TargetClock]) -> Self {
        let due_at = clocks.iter().filter(|clock| clock.is_running()).filter_map(|clock| clock.due_at).min();
        let stored = level.map(|level| clocks.iter().map(|clock| StoredClock::new(level, clock)).collect());
        Self { case: case.id, version: case.version, clocks: stored.unwrap_or_default(), due_at }
    }
}
