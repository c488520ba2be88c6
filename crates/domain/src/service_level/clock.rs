//! The clock of a target: a fold over the log of a case.

use super::{duration::WorkDuration, hours::WorkingHours, pattern::status_set, policy::Target};
use crate::{
    case::{Edit, Priority},
    event::{CaseEvent, EventData, SlaMoment},
    id::EventId,
    time::Timestamp,
    workflow::Phase,
};

/// State of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClockState {
    /// Not started.
    Pending,
    /// Running.
    Running,
    /// Started, and not counting.
    Paused,
    /// Stopped within the goal.
    Met,
    /// The goal has passed, whether the clock was stopped later or not.
    Breached,
}

impl ClockState {
    /// Every state.
    pub const ALL: &'static [Self] = &[Self::Pending, Self::Running, Self::Paused, Self::Met, Self::Breached];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Met => "met",
            Self::Breached => "breached",
        }
    }
}

/// A stretch of time in which a clock counted, or did not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end; `None` if it has not ended.
    pub to: Option<Timestamp>,
    /// Whether the clock counted.
    pub counts: bool,
    /// The working time that was counted in it.
    pub worked: WorkDuration,
    /// The event that began it.
    pub event: EventId,
    /// Why it began, as a sentence.
    pub explanation: String,
}

/// The clock of a target at an instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetClock {
    /// Name of the target.
    pub name: String,
    /// Its state.
    pub state: ClockState,
    /// How long it may take, at the priority of the case.
    pub goal: WorkDuration,
    /// The working time so far.
    pub elapsed: WorkDuration,
    /// The instant at which the goal passes, or has passed; `None` while that is not known.
    pub due_at: Option<Timestamp>,
    /// The instant from which a running clock is at risk; `None` if it is not running.
    pub warn_at: Option<Timestamp>,
    /// Whether it is running and at risk.
    pub is_at_risk: bool,
    /// When it was stopped within the goal.
    pub met_at: Option<Timestamp>,
    /// When the goal passed.
    pub breached_at: Option<Timestamp>,
    /// When it was started; `None` if it was not.
    pub started_at: Option<Timestamp>,
    /// The moments that no event tells of yet, in order: those that have passed, and of a running clock those to come.
    pub moments: Vec<(SlaMoment, Timestamp)>,
    /// The stretches of time since it was started.
    pub segments: Vec<Segment>,
}

impl TargetClock {
    /// Whether working time counts now, within the goal or not.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.segments.last().is_some_and(|last| last.to.is_none() && last.counts)
    }

    /// The working time that is left; none if the goal has passed.
    #[must_use]
    pub const fn remaining(&self) -> WorkDuration {
        WorkDuration::seconds(self.goal.as_seconds() - self.elapsed.as_seconds())
    }
}

/// The clock of a target, from the log of a case. Events count when they occurred, in whatever order they were recorded;
/// those behind `now` do not count yet.
#[must_use]
pub fn read_clock(target: &Target, hours: &WorkingHours, log: &[CaseEvent], now: Timestamp) -> TargetClock {
    let mut events = log.iter().filter(|event| event.occurred_at <= now).collect::<Vec<_>>();
    events.sort_by_key(|event| (event.occurred_at, event.version));
    let mut fold = Fold::new(target, hours);
    for event in events {
        fold.take(event);
    }
    fold.finish(now)
}

struct Fold<'a> {
    target: &'a Target,
    hours: &'a WorkingHours,
    status: String,
    phase: Option<Phase>,
    priority: Priority,
    run: Option<Run>,
}

/// The clock since its last start.
struct Run {
    started_at: Timestamp,
    segments: Vec<Segment>,
    /// Counted in the ended segments.
    elapsed: WorkDuration,
    stopped_at: Option<Timestamp>,
    /// The goal when it was stopped.
    goal: Option<WorkDuration>,
    /// The moments that events tell of.
    told: Vec<SlaMoment>,
}

impl Run {
    fn open(&self) -> Option<&Segment> {
        self.segments.last().filter(|segment| segment.to.is_none())
    }
}

impl<'a> Fold<'a> {
    fn new(target: &'a Target, hours: &'a WorkingHours) -> Self {
        let (status, phase, priority) = (String::new(), None, Priority::Normal);
        Self { target, hours, status, phase, priority, run: None }
    }

    fn take(&mut self, event: &CaseEvent) {
        if let EventData::Sla(told) = &event.data {
            if let Some(run) = self.run.as_mut().filter(|_| told.target == self.target.name) {
                run.told.push(told.moment);
            }
            return;
        }
        let before = self.phase;
        if let Some(set) = status_set(&event.data) {
            set.status.clone_into(&mut self.status);
            self.phase = Some(set.phase);
        }
        if let EventData::Created(created) = &event.data {
            self.priority = created.case.details.priority;
        }
        if let EventData::Edited(edits) = &event.data {
            let mut set =
                edits.iter().rev().filter_map(|edit| if let Edit::Priority(to) = edit { Some(*to) } else { None });
            self.priority = set.next().unwrap_or(self.priority);
        }
        let is_reopened = before == Some(Phase::Closed) && self.phase == Some(Phase::Active);
        let starts = self.target.starts_on.matches(&event.data, before);
        let can_start = match &self.run {
            None => starts,
            Some(run) => run.stopped_at.is_some() && self.target.restarts && (starts || is_reopened),
        };
        if can_start {
            let what = if self.run.is_some() { "restarted" } else { "started" };
            self.start(event, what);
        }
        let stops = self.target.stops_on.matches(&event.data, before);
        if stops {
            self.stop(event.occurred_at);
        } else if !can_start {
            self.pause_or_resume(event);
        }
    }

    fn is_paused(&self) -> bool {
        self.target.pauses_in.contains(&self.status)
    }

    fn start(&mut self, event: &CaseEvent, what: &str) {
        let title = event.data.title();
        let paused = if self.is_paused() { ", in a status that pauses it" } else { "" };
        let first = self.segment(event, !self.is_paused(), format!("The clock {what}{paused}: {title}"));
        let (started_at, segments) = (event.occurred_at, vec![first]);
        let elapsed = WorkDuration::default();
        self.run = Some(Run { started_at, segments, elapsed, stopped_at: None, goal: None, told: Vec::new() });
    }

    fn segment(&self, event: &CaseEvent, counts: bool, explanation: String) -> Segment {
        let (from, worked) = (event.occurred_at, WorkDuration::default());
        Segment { from, to: None, counts, worked, event: event.id(), explanation }
    }

    fn pause_or_resume(&mut self, event: &CaseEvent) {
        let counts = !self.is_paused();
        let is_other = self.run.as_ref().and_then(Run::open).is_some_and(|open| open.counts != counts);
        if !is_other {
            return;
        }
        self.end_segment(event.occurred_at);
        let what = if counts { "resumed" } else { "paused" };
        let next = self.segment(event, counts, format!("The clock {what}: {}", event.data.title()));
        if let Some(run) = &mut self.run {
            run.segments.push(next);
        }
    }

    fn stop(&mut self, at: Timestamp) {
        self.end_segment(at);
        let goal = self.target.goal_at(self.priority);
        if let Some(run) = self.run.as_mut().filter(|run| run.stopped_at.is_none()) {
            run.stopped_at = Some(at);
            run.goal = Some(goal);
        }
    }

    fn end_segment(&mut self, at: Timestamp) {
        let hours = self.hours;
        let Some(run) = &mut self.run else { return };
        let Some(open) = run.segments.last_mut().filter(|segment| segment.to.is_none()) else { return };
        open.to = Some(at);
        if open.counts {
            open.worked = hours.between(open.from, at);
            run.elapsed = WorkDuration::seconds(run.elapsed.as_seconds() + open.worked.as_seconds());
        }
    }

    fn finish(mut self, now: Timestamp) -> TargetClock {
        let current_goal = self.target.goal_at(self.priority);
        let name = self.target.name.clone();
        let Some(mut run) = self.run.take() else {
            return TargetClock {
                name,
                state: ClockState::Pending,
                goal: current_goal,
                elapsed: WorkDuration::default(),
                due_at: None,
                warn_at: None,
                is_at_risk: false,
                met_at: None,
                breached_at: None,
                started_at: None,
                moments: Vec::new(),
                segments: Vec::new(),
            };
        };
        let goal = run.goal.unwrap_or(current_goal);
        let mut elapsed = run.elapsed;
        if let Some(open) = run.segments.last_mut().filter(|segment| segment.to.is_none() && segment.counts) {
            open.worked = self.hours.between(open.from, now);
            elapsed = WorkDuration::seconds(elapsed.as_seconds() + open.worked.as_seconds());
        }
        let is_running = run.open().is_some_and(|open| open.counts);
        let passes_at = self.instant_of(&run, goal);
        let is_breached = elapsed > goal || (is_running && elapsed == goal);
        let state = match (is_breached, run.stopped_at, is_running) {
            (true, _, _) => ClockState::Breached,
            (false, Some(_), _) => ClockState::Met,
            (false, None, true) => ClockState::Running,
            (false, None, false) => ClockState::Paused,
        };
        let warning = self.target.warn_at.of(goal);
        let is_at_risk = state == ClockState::Running && elapsed >= warning;
        let warns_at = self.instant_of(&run, warning).filter(|_| is_running || elapsed >= warning);
        let breaches_at = passes_at.filter(|_| is_running || is_breached);
        let moments = [(SlaMoment::Warning, warns_at), (SlaMoment::Breached, breaches_at)];
        let untold = moments.into_iter().filter(|(moment, _)| !run.told.contains(moment));
        let moments = untold.filter_map(|(moment, at)| Some((moment, at?))).collect();
        TargetClock {
            name,
            state,
            goal,
            elapsed,
            due_at: if state == ClockState::Paused { None } else { passes_at },
            warn_at: warns_at.filter(|_| state == ClockState::Running),
            is_at_risk,
            met_at: run.stopped_at.filter(|_| state == ClockState::Met),
            breached_at: passes_at.filter(|_| state == ClockState::Breached),
            started_at: Some(run.started_at),
            moments,
            segments: run.segments,
        }
    }

    /// The instant at which the clock has counted so much: in an ended segment, or in the last one that counts.
    fn instant_of(&self, run: &Run, wanted: WorkDuration) -> Option<Timestamp> {
        let mut left = wanted.as_seconds();
        let counting = run.segments.iter().filter(|segment| segment.counts).collect::<Vec<_>>();
        for (at, segment) in counting.iter().enumerate() {
            let is_last = at + 1 == counting.len();
            if left <= segment.worked.as_seconds() || is_last {
                return self.hours.after(segment.from, WorkDuration::seconds(left));
            }
            left -= segment.worked.as_seconds();
        }
        None
    }
}
