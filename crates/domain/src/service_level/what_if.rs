//! What a service level would say about many cases.

use super::{
    clock::{ClockState, TargetClock},
    duration::WorkDuration,
};
use crate::{case::Case, id::CaseId};

/// Number of the worst cases of a target that are kept.
const WORST: usize = 10;

/// A case and how long it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorstCase {
    /// The case.
    pub id: CaseId,
    /// Its public id.
    pub uuid: uuid::Uuid,
    /// Its case number.
    pub case_number: String,
    /// Its name.
    pub name: String,
    /// State of the clock.
    pub state: ClockState,
    /// The working time so far.
    pub elapsed: WorkDuration,
}

/// The clocks of a target in many cases.
#[derive(Debug, Clone, Default)]
pub struct TargetSummary {
    /// Clocks that were not started.
    pub pending: u64,
    /// Clocks that run.
    pub running: u64,
    /// Clocks that pause.
    pub paused: u64,
    /// Clocks that were stopped within the goal.
    pub met: u64,
    /// Clocks whose goal has passed.
    pub breached: u64,
    /// The working time of each clock that was stopped, in seconds.
    stopped: Vec<i64>,
    /// The cases that took longest, the longest first.
    pub worst: Vec<WorstCase>,
}

impl TargetSummary {
    /// Counts the clock of a case.
    pub fn take(&mut self, case: &Case, clock: &TargetClock) {
        let count = match clock.state {
            ClockState::Pending => &mut self.pending,
            ClockState::Running => &mut self.running,
            ClockState::Paused => &mut self.paused,
            ClockState::Met => &mut self.met,
            ClockState::Breached => &mut self.breached,
        };
        *count += 1;
        if clock.state == ClockState::Pending {
            return;
        }
        if clock.segments.last().is_some_and(|segment| segment.to.is_some()) {
            self.stopped.push(clock.elapsed.as_seconds());
        }
        let place = self.worst.partition_point(|worse| worse.elapsed >= clock.elapsed);
        if place < WORST {
            let worst = WorstCase {
                id: case.id,
                uuid: case.uuid,
                case_number: case.number().to_string(),
                name: case.name(),
                state: clock.state,
                elapsed: clock.elapsed,
            };
            self.worst.insert(place, worst);
            self.worst.truncate(WORST);
        }
    }

    /// The median working time of the clocks that were stopped; `None` if none was.
    #[must_use]
    pub fn median(&self) -> Option<WorkDuration> {
        let mut stopped = self.stopped.clone();
        stopped.sort_unstable();
        let upper = *stopped.get(stopped.len() / 2)?;
        let lower = if stopped.len().is_multiple_of(2) { *stopped.get(stopped.len() / 2 - 1)? } else { upper };
        Some(WorkDuration::seconds(i64::midpoint(lower, upper)))
    }
}
