//! Figures over the cases of an account. `docs/statistics.md` defines each figure.

use chrono::{Days, NaiveDate, NaiveTime};

use crate::{
    case::{Priority, Source},
    id::{ContractorId, CustomerId},
    time::{TimeRange, Timestamp},
    workflow::StatusKey,
};

/// Number of days in "the last 30 days", including today.
pub const RECENT_DAYS: u64 = 30;
const SECONDS_PER_HOUR: f64 = 3600.0;

/// Filter of the counted cases. Deleted cases and cases of other accounts are never counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatisticsFilter {
    /// Customer.
    pub customer: Option<CustomerId>,
    /// Contractor.
    pub contractor: Option<ContractorId>,
    /// Creation time in the system.
    pub created: TimeRange,
}

/// A half-open range of whole days in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WholeDays {
    /// First day of the range.
    pub from: Option<NaiveDate>,
    /// First day after the range.
    pub before: Option<NaiveDate>,
}

impl TimeRange {
    /// The range as whole days. `None` if a bound is not at midnight UTC.
    #[must_use]
    pub fn whole_days(self) -> Option<WholeDays> {
        let day = |bound: Option<Timestamp>| match bound {
            None => Some(None),
            Some(time) => (time.time() == NaiveTime::MIN).then(|| Some(time.date_naive())),
        };
        Some(WholeDays { from: day(self.from)?, before: day(self.before)? })
    }
}

impl StatisticsFilter {
    /// The range of days, if the kept counts can answer. `None` if the cases must be counted: the filter names a
    /// customer or a contractor, or a bound is within a day.
    #[must_use]
    pub fn tallied(&self) -> Option<WholeDays> {
        let anybodys = self.customer.is_none() && self.contractor.is_none();
        anybodys.then(|| self.created.whole_days()).flatten()
    }
}

/// The current day, for figures relative to today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Today(NaiveDate);

impl Today {
    /// The day of this time in UTC.
    #[must_use]
    pub fn of(now: Timestamp) -> Self {
        Self(now.date_naive())
    }

    /// The current day. A case that is due before it is overdue.
    #[must_use]
    pub const fn day(self) -> NaiveDate {
        self.0
    }

    /// First of the last 30 days.
    #[must_use]
    pub fn recent_from(self) -> NaiveDate {
        self.0.checked_sub_days(Days::new(RECENT_DAYS - 1)).unwrap_or(self.0)
    }

    /// Start of the first of the last 30 days.
    #[must_use]
    pub fn recent_since(self) -> Timestamp {
        self.recent_from().and_time(NaiveTime::MIN).and_utc()
    }
}

/// The counts of the cases with the same status, priority and origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Status of the cases.
    pub status: StatusKey,
    /// Priority of the cases.
    pub priority: Priority,
    /// Origin of the cases.
    pub source: Source,
    /// Number of cases.
    pub cases: i64,
    /// Number of cases created in the last 30 days.
    pub created_recently: i64,
    /// Number of cases with a time to resolution.
    pub resolved: i64,
    /// Sum of the times to resolution, in seconds.
    pub resolution_seconds: i64,
}

/// The counts of a store, from one snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statistics {
    /// Counts by group. Groups without cases are left out.
    pub groups: Vec<Group>,
    /// Number of cases in the active phase that were due before today.
    pub overdue: i64,
    /// Number of closed cases (not cancelled) that were closed in the last 30 days.
    pub closed_recently: i64,
    /// Middle value of the sorted times to resolution in seconds, or the middle two values. Empty if there are no
    /// times.
    pub middle_seconds: Vec<i64>,
}

impl Statistics {
    fn sum(&self, of: impl Fn(&Group) -> i64) -> i64 {
        self.groups.iter().map(of).sum()
    }

    /// Number of cases.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.sum(|group| group.cases)
    }

    /// Number of cases with this status.
    #[must_use]
    pub fn in_status(&self, status: &StatusKey) -> i64 {
        self.sum(|group| if group.status == *status { group.cases } else { 0 })
    }

    /// Number of cases with this priority.
    #[must_use]
    pub fn of_priority(&self, priority: Priority) -> i64 {
        self.sum(|group| if group.priority == priority { group.cases } else { 0 })
    }

    /// Number of cases with this origin.
    #[must_use]
    pub fn from_source(&self, source: Source) -> i64 {
        self.sum(|group| if group.source == source { group.cases } else { 0 })
    }

    /// Number of cases created in the last 30 days.
    #[must_use]
    pub fn created_recently(&self) -> i64 {
        self.sum(|group| group.created_recently)
    }

    /// Mean time to resolution in hours. `None` if no case has one.
    #[must_use]
    pub fn average_resolution_hours(&self) -> Option<f64> {
        let resolved = self.sum(|group| group.resolved);
        let seconds = self.sum(|group| group.resolution_seconds);
        (resolved > 0).then(|| to_float(seconds) / to_float(resolved) / SECONDS_PER_HOUR)
    }

    /// Median time to resolution in hours: the middle value, or the mean of the middle two. `None` if no case has one.
    #[must_use]
    pub fn median_resolution_hours(&self) -> Option<f64> {
        let count = i64::try_from(self.middle_seconds.len()).unwrap_or(i64::MAX);
        let seconds = self.middle_seconds.iter().sum::<i64>();
        (count > 0).then(|| to_float(seconds) / to_float(count) / SECONDS_PER_HOUR)
    }
}

/// Seconds and counts are far below 2^53. Up to that bound a float represents every integer exactly.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "exact below 2^53; there is no lossless conversion"
)]
const fn to_float(integer: i64) -> f64 {
    integer as f64
}
