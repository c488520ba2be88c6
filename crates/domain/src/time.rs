//! Points in time: UTC, whole microseconds.

use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, TimeDelta, Utc};

/// A point in time. Stores keep microseconds, so the domain never holds more.
pub type Timestamp = DateTime<Utc>;

/// The same time without what is finer than a microsecond.
#[must_use]
pub fn to_microseconds(time: DateTime<Utc>) -> Timestamp {
    time.trunc_subsecs(6)
}

/// A half-open span: from the first instant on, before the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TimeRange {
    /// The first instant in the span.
    pub from: Option<Timestamp>,
    /// The first instant after the span.
    pub before: Option<Timestamp>,
}

/// A bound as a caller writes it: a whole day, a whole second or an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeBound {
    /// A bare date.
    Day(NaiveDate),
    /// A point in time that is given to the second. It stands for that second: what is printed to the second is found by
    /// what was printed.
    Second(Timestamp),
    /// A point in time with a fraction of a second.
    Instant(Timestamp),
}

impl TimeBound {
    /// The first instant of a span that begins with this bound.
    #[must_use]
    pub fn first_instant(self) -> Timestamp {
        match self {
            Self::Day(day) => day.and_time(NaiveTime::MIN).and_utc(),
            Self::Second(time) | Self::Instant(time) => time,
        }
    }

    /// The first instant after a span that ends with this bound: a bare date, or a second, belongs to the span as a whole.
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

/// A closed span of days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateRange {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
}
