//! Responses about calendars, service levels and clocks.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use docket_domain::{
    case::Priority,
    service::{CaseServiceLevel, ClockRebuild, WhatIf},
    service_level::{
        AppliesTo, Segment, ServiceLevel, Span, Target, TargetClock, TargetSummary, Week, WorkCalendar, WorstCase,
    },
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Serialize, ToSchema)]
pub struct WorkCalendarListView {
    /// Calendars, by key.
    data: Vec<WorkCalendarView>,
}

/// Working hours of an office.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WorkCalendarView {
    #[schema(example = "office")]
    key: String,
    #[schema(example = "Office")]
    name: String,
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
    /// The hours of each day of the week, in order.
    hours: WeekView,
    /// Holidays without work.
    #[schema(example = "de-by")]
    holidays: Option<String>,
    /// Other days without work.
    closed: Vec<NaiveDate>,
    /// Days with their own hours.
    open: Vec<OpenDayView>,
}

/// A day with its own hours.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpenDayView {
    date: NaiveDate,
    #[schema(value_type = Vec<Vec<String>>, example = json!([["10:00", "14:00"]]))]
    hours: Vec<[String; 2]>,
}

/// The hours of each day of the week: pairs of times of day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WeekView {
    #[schema(value_type = Vec<Vec<String>>, example = json!([["09:00", "18:00"]]))]
    monday: Vec<[String; 2]>,
    #[schema(value_type = Vec<Vec<String>>, example = json!([["09:00", "18:00"]]))]
    tuesday: Vec<[String; 2]>,
    #[schema(value_type = Vec<Vec<String>>, example = json!([["09:00", "18:00"]]))]
    wednesday: Vec<[String; 2]>,
    #[schema(value_type = Vec<Vec<String>>, example = json!([["09:00", "18:00"]]))]
    thursday: Vec<[String; 2]>,
    #[schema(value_type = Vec<Vec<String>>, example = json!([["09:00", "16:00"]]))]
    friday: Vec<[String; 2]>,
    #[schema(value_type = Vec<Vec<String>>, example = json!([]))]
    saturday: Vec<[String; 2]>,
    #[schema(value_type = Vec<Vec<String>>, example = json!([]))]
    sunday: Vec<[String; 2]>,
}

impl From<&Week> for WeekView {
    fn from(week: &Week) -> Self {
        Self {
            monday: times(&week.monday),
            tuesday: times(&week.tuesday),
            wednesday: times(&week.wednesday),
            thursday: times(&week.thursday),
            friday: times(&week.friday),
            saturday: times(&week.saturday),
            sunday: times(&week.sunday),
        }
    }
}

fn times(spans: &[Span]) -> Vec<[String; 2]> {
    spans.iter().map(|Span(from, to)| [from.to_string(), to.to_string()]).collect()
}

impl From<WorkCalendar> for WorkCalendarView {
    fn from(calendar: WorkCalendar) -> Self {
        Self {
            hours: WeekView::from(&calendar.hours),
            key: calendar.key,
            name: calendar.name,
            time_zone: calendar.time_zone.name().to_owned(),
            holidays: calendar.holidays.map(|key| key.as_str().to_owned()),
            closed: calendar.closed.into_iter().collect(),
            open: calendar.open.iter().map(|(date, hours)| OpenDayView { date: *date, hours: times(hours) }).collect(),
        }
    }
}

impl From<Vec<WorkCalendar>> for WorkCalendarListView {
    fn from(calendars: Vec<WorkCalendar>) -> Self {
        Self { data: calendars.into_iter().map(WorkCalendarView::from).collect() }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ServiceLevelListView {
    /// Service levels, in the order in which they are tried.
    data: Vec<ServiceLevelView>,
    /// The computation of the clocks of active cases after a change; `null` if none is wanted.
    recomputation: Option<RecomputationView>,
}

/// How far the clocks of active cases are computed anew.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecomputationView {
    /// When it was wanted.
    since: DateTime<Utc>,
    /// Number of cases so far.
    #[schema(example = 1_200)]
    done: u64,
    /// Number of active cases when it began; `null` before.
    #[schema(example = 40_000)]
    total: Option<u64>,
}

/// A service level.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ServiceLevelView {
    #[schema(example = "standard")]
    key: String,
    #[schema(example = "Standard")]
    name: String,
    applies_to: AppliesToView,
    #[schema(example = 1)]
    position: i64,
    targets: Vec<TargetView>,
}

/// Conditions on a case; one that is absent always holds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AppliesToView {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false, example = json!(["litigation"]))]
    types: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false, example = json!(["high"]))]
    priorities: Option<Vec<Priority>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false, example = json!(["vip"]))]
    tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<i64>, required = false, example = json!([1]))]
    client_ids: Option<Vec<i64>>,
}

/// A target.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TargetView {
    #[schema(example = "Resolution")]
    name: String,
    #[schema(example = "created")]
    starts_on: String,
    #[schema(example = "outcome:resolved")]
    stops_on: String,
    #[schema(example = json!(["pending_customer"]))]
    pauses_in: Vec<String>,
    #[schema(example = "PT4H")]
    goal: String,
    #[schema(value_type = Object, example = json!({"urgent": "PT1H"}))]
    goal_by_priority: BTreeMap<&'static str, String>,
    #[schema(example = "office")]
    calendar: String,
    #[schema(example = 0.8)]
    warn_at: f64,
    #[schema(example = false)]
    restarts: bool,
}

impl From<Target> for TargetView {
    fn from(target: Target) -> Self {
        let by_priority = target.goal_by_priority.iter().map(|(priority, goal)| (priority.as_str(), goal.to_string()));
        Self {
            goal_by_priority: by_priority.collect(),
            name: target.name,
            starts_on: target.starts_on.to_string(),
            stops_on: target.stops_on.to_string(),
            pauses_in: target.pauses_in,
            goal: target.goal.to_string(),
            calendar: target.calendar,
            warn_at: target.warn_at.value(),
            restarts: target.restarts,
        }
    }
}

impl From<ServiceLevel> for ServiceLevelView {
    fn from(level: ServiceLevel) -> Self {
        let AppliesTo { types, priorities, tags, client_ids } = level.applies_to;
        Self {
            key: level.key,
            name: level.name,
            applies_to: AppliesToView { types, priorities, tags, client_ids },
            position: level.position,
            targets: level.targets.into_iter().map(TargetView::from).collect(),
        }
    }
}

impl ServiceLevelListView {
    pub(super) fn new(levels: Vec<ServiceLevel>, recomputation: Option<ClockRebuild>) -> Self {
        let view = |ClockRebuild { since, done, total, .. }| RecomputationView { since, done, total };
        let data = levels.into_iter().map(ServiceLevelView::from).collect();
        Self { data, recomputation: recomputation.map(view) }
    }
}

/// The service level of a case.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CaseServiceLevelView {
    /// The service level; `null` if none applies to the case.
    policy: Option<ServiceLevelView>,
    /// The clock of each target.
    targets: Vec<ClockView>,
}

/// The clock of a target.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClockView {
    #[schema(example = "Resolution")]
    name: String,
    /// `pending` (not started), `running`, `paused`, `met` (stopped in time) or `breached`.
    #[schema(example = "running")]
    state: &'static str,
    /// How long it may take, at the priority of the case.
    #[schema(example = "PT4H")]
    goal: String,
    /// Working time so far.
    #[schema(example = "PT1H30M")]
    elapsed: String,
    /// Working time that is left; `PT0S` if the goal has passed.
    #[schema(example = "PT2H30M")]
    remaining: String,
    /// When the goal passes, or has passed; `null` while the clock is paused or not started.
    due_at: Option<DateTime<Utc>>,
    /// When it was stopped within the goal.
    #[schema(example = json!(null))]
    met_at: Option<DateTime<Utc>>,
    /// When the goal passed.
    #[schema(example = json!(null))]
    breached_at: Option<DateTime<Utc>>,
    /// The stretches of time since the clock started, in order.
    segments: Vec<SegmentView>,
}

/// A stretch of time in which the clock counted, or did not.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SegmentView {
    from: DateTime<Utc>,
    /// `null` if it has not ended.
    to: Option<DateTime<Utc>>,
    /// Whether the clock counted.
    #[schema(example = true)]
    counts: bool,
    /// Working time that was counted.
    #[schema(example = "PT1H30M")]
    worked: String,
    because: BecauseView,
}

/// Why a stretch of time began.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BecauseView {
    /// Id of the event.
    #[schema(example = "evt_000000000001A0000000000001")]
    event: String,
    #[schema(example = "The clock started: Case created")]
    explanation: String,
}

impl From<Segment> for SegmentView {
    fn from(segment: Segment) -> Self {
        Self {
            from: segment.from,
            to: segment.to,
            counts: segment.counts,
            worked: segment.worked.to_string(),
            because: BecauseView { event: segment.event.to_string(), explanation: segment.explanation },
        }
    }
}

impl From<TargetClock> for ClockView {
    fn from(clock: TargetClock) -> Self {
        Self {
            remaining: clock.remaining().to_string(),
            name: clock.name,
            state: clock.state.as_str(),
            goal: clock.goal.to_string(),
            elapsed: clock.elapsed.to_string(),
            due_at: clock.due_at,
            met_at: clock.met_at,
            breached_at: clock.breached_at,
            segments: clock.segments.into_iter().map(SegmentView::from).collect(),
        }
    }
}

impl From<Option<CaseServiceLevel>> for CaseServiceLevelView {
    fn from(of_case: Option<CaseServiceLevel>) -> Self {
        let (policy, clocks) = of_case.map(|of_case| (of_case.level.into(), of_case.clocks)).unzip();
        Self { policy, targets: clocks.into_iter().flatten().map(|(clock, _)| ClockView::from(clock)).collect() }
    }
}

/// What a service level would say.
#[derive(Debug, Serialize, ToSchema)]
pub struct WhatIfView {
    /// Number of cases to which it applies.
    #[schema(example = 1_200)]
    cases: u64,
    /// Whether more cases match than are read, 100,000.
    #[schema(example = false)]
    truncated: bool,
    targets: Vec<SummaryView>,
}

/// The clocks of a target.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SummaryView {
    #[schema(example = "Resolution")]
    name: String,
    /// Clocks that were stopped within the goal.
    #[schema(example = 1_000)]
    met: u64,
    /// Clocks whose goal has passed.
    #[schema(example = 150)]
    breached: u64,
    #[schema(example = 30)]
    running: u64,
    #[schema(example = 15)]
    paused: u64,
    /// Clocks that were not started.
    #[schema(example = 5)]
    pending: u64,
    /// Median working time of the clocks that were stopped; `null` if none was.
    #[schema(example = "PT2H10M")]
    median: Option<String>,
    /// The ten cases that took longest, the longest first.
    worst: Vec<WorstCaseView>,
}

/// A case that took long.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WorstCaseView {
    case: SlowCaseView,
    #[schema(example = "breached")]
    state: &'static str,
    #[schema(example = "PT30H")]
    elapsed: String,
}

/// A case by its numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SlowCaseView {
    id: Uuid,
    #[schema(example = 42)]
    number: i64,
    #[schema(example = "2026-01-00042-01")]
    case_number: String,
    #[schema(example = "Smith v. Jones")]
    name: String,
}

impl From<WorstCase> for WorstCaseView {
    fn from(worst: WorstCase) -> Self {
        let WorstCase { id, uuid, case_number, name, state, elapsed } = worst;
        let case = SlowCaseView { id: uuid, number: id.0, case_number, name };
        Self { case, state: state.as_str(), elapsed: elapsed.to_string() }
    }
}

impl From<WhatIf> for WhatIfView {
    fn from(what_if: WhatIf) -> Self {
        let summary = |(name, summary): (String, TargetSummary)| SummaryView {
            name,
            median: summary.median().map(|median| median.to_string()),
            met: summary.met,
            breached: summary.breached,
            running: summary.running,
            paused: summary.paused,
            pending: summary.pending,
            worst: summary.worst.into_iter().map(WorstCaseView::from).collect(),
        };
        let targets = what_if.targets.into_iter().map(summary).collect();
        Self { cases: what_if.cases, truncated: what_if.is_cut, targets }
    }
}
