//! Dates of the demonstration data.

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use docket_domain::time::Timestamp;

/// Converts the relative days of the demonstration data into dates and times.
pub(super) struct Calendar {
    now: Timestamp,
}

impl Calendar {
    /// A calendar whose day 0 is the day of `now`.
    pub(super) const fn new(now: Timestamp) -> Self {
        Self { now }
    }

    /// The date that many days from today.
    pub(super) fn day(&self, day: i64) -> NaiveDate {
        self.now.date_naive() + TimeDelta::days(day)
    }

    /// A time on that day, later for each step, and never in the future.
    pub(super) fn time(&self, day: i64, step: usize) -> Timestamp {
        let step = i64::try_from(step).unwrap_or(0);
        let morning = self.day(day).and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(8);
        (morning + TimeDelta::minutes(11 + 47 * step)).min(self.now)
    }
}
