//! Figures over the cases of an account. `docs/statistics.md` says what each of them counts.

use chrono::{Days, NaiveDate, NaiveTime};

use crate::{
    case::{Priority, Source},
    id::{ContractorId, CustomerId},
    time::{TimeRange, Timestamp},
    workflow::StatusKey,
};

/// The days that "the last 30 days" have, today included.
pub const RECENT_DAYS: u64 = 30;
const SECONDS_PER_HOUR: f64 = 3600.0;

/// Which cases are counted. Deleted cases and those of other accounts never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StatisticsFilter {
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// Of this contractor.
    pub contractor: Option<ContractorId>,
    /// Time of recording in the system.
    pub created: TimeRange,
}

/// A span of whole days (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WholeDays {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The first day after the span.
    pub before: Option<NaiveDate>,
}

impl TimeRange {
    /// The span as whole days; none where a bound lies within a day.
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
    /// The days whose kept counts answer; none where cases have to be counted themselves.
    #[must_use]
    pub fn tallied(&self) -> Option<WholeDays> {
        let anybodys = self.customer.is_none() && self.contractor.is_none();
        anybodys.then(|| self.created.whole_days()).flatten()
    }
}

/// The days that figures refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Today(NaiveDate);

impl Today {
    /// The day (UTC) of that time.
    #[must_use]
    pub fn of(now: Timestamp) -> Self {
        Self(now.date_naive())
    }

    /// The day itself: what is due before it is overdue.
    #[must_use]
    pub const fn day(self) -> NaiveDate {
        self.0
    }

    /// The first of the last thirty days.
    #[must_use]
    pub fn recent_from(self) -> NaiveDate {
        self.0.checked_sub_days(Days::new(RECENT_DAYS - 1)).unwrap_or(self.0)
    }

    /// Its first instant.
    #[must_use]
    pub fn recent_since(self) -> Timestamp {
        self.recent_from().and_time(NaiveTime::MIN).and_utc()
    }
}

/// What cases are counted by, and what those that share it add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Their status.
    pub status: StatusKey,
    /// Their priority.
    pub priority: Priority,
    /// How they came about.
    pub source: Source,
    /// How many there are.
    pub cases: i64,
    /// How many of them were created in the last thirty days.
    pub created_recently: i64,
    /// How many of them have a resolution that counts.
    pub resolved: i64,
    /// The seconds from creation to resolution, summed over those.
    pub resolution_seconds: i64,
}

/// What a store counts, at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statistics {
    /// The cases in groups; what has no case has no group.
    pub groups: Vec<Group>,
    /// How many cases of the active phase were due before today.
    pub overdue: i64,
    /// How many cases are closed (not cancelled) and were closed in the last thirty days.
    pub closed_recently: i64,
    /// The middle one, or the middle two, of the times to resolution in order, in seconds; none where there are none.
    pub middle_seconds: Vec<i64>,
}

impl Statistics {
    fn sum(&self, of: impl Fn(&Group) -> i64) -> i64 {
        self.groups.iter().map(of).sum()
    }

    /// How many cases there are.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.sum(|group| group.cases)
    }

    /// How many are in that status.
    #[must_use]
    pub fn in_status(&self, status: &StatusKey) -> i64 {
        self.sum(|group| if group.status == *status { group.cases } else { 0 })
    }

    /// How many have that priority.
    #[must_use]
    pub fn of_priority(&self, priority: Priority) -> i64 {
        self.sum(|group| if group.priority == priority { group.cases } else { 0 })
    }

    /// How many came about in that way.
    #[must_use]
    pub fn from_source(&self, source: Source) -> i64 {
        self.sum(|group| if group.source == source { group.cases } else { 0 })
    }

    /// How many were created in the last thirty days.
    #[must_use]
    pub fn created_recently(&self) -> i64 {
        self.sum(|group| group.created_recently)
    }

    /// The mean time to resolution in hours; none where nothing was resolved.
    #[must_use]
    pub fn average_resolution_hours(&self) -> Option<f64> {
        let resolved = self.sum(|group| group.resolved);
        let seconds = self.sum(|group| group.resolution_seconds);
        (resolved > 0).then(|| to_float(seconds) / to_float(resolved) / SECONDS_PER_HOUR)
    }

    /// The median time to resolution in hours: the middle one, or the mean of the middle two.
    #[must_use]
    pub fn median_resolution_hours(&self) -> Option<f64> {
        let count = i64::try_from(self.middle_seconds.len()).unwrap_or(i64::MAX);
        let seconds = self.middle_seconds.iter().sum::<i64>();
        (count > 0).then(|| to_float(seconds) / to_float(count) / SECONDS_PER_HOUR)
    }
}

/// Seconds and counts are far below 2^53, up to where a float holds every integer.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "exact below 2^53; there is no lossless conversion"
)]
const fn to_float(integer: i64) -> f64 {
    integer as f64
}
