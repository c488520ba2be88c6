//! Points in time in UTC with microsecond precision, and ranges of them.

use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};

/// A point in time. Stores keep whole microseconds, so the domain holds nothing finer.
pub type Timestamp = DateTime<Utc>;

/// Cuts a time to whole microseconds.
#[must_use]
pub fn to_microseconds(time: DateTime<Utc>) -> Timestamp {
    time.trunc_subsecs(6)
}

/// A half-open range of time. A missing bound is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    /// First instant of the range.
    pub from: Option<Timestamp>,
    /// First instant after the range.
    pub before: Option<Timestamp>,
}

/// A bound as a client writes it: a day, a second or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeBound {
    /// A date without a time.
    Day(NaiveDate),
    /// A time without a fraction. It stands for the whole second, so a filter with a displayed time finds the rows that
    /// display it.
    Second(Timestamp),
    /// A time with a fraction of a second.
    Instant(Timestamp),
}

impl TimeBound {
    /// First instant of a range that starts with this bound.
    #[must_use]
    pub fn first_instant(self) -> Timestamp {
        match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN).and_utc(),
            Self::Second(time) | Self::Instant(time) => time,
        }
    }

    /// First instant after a range that ends with this bound. The range includes the whole day or second.
    #[must_use]
    pub fn first_instant_after(self) -> Timestamp {
        let (time, step) = match self {
            Self::Day(day) => (day.and_time(NaiveTime::MIN).and_utc(), TimeDelta::days(1)),
            Self::Second(time) => (time, TimeDelta::seconds(1)),
            Self::Instant(time) => (time, TimeDelta::microseconds(1)),
        };
        time.checked_add_signed(step).unwrap_or(Timestamp::MAX_UTC)
    }
}

/// A closed range of days. A missing bound is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateRange {
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}
