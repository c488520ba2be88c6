//! Due date or due time of a deadline.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{
    deadline::ComputedDeadline,
    error::FieldError,
    time::{TimeBound, Timestamp, to_microseconds},
};

/// Years in which a deadline can be due: the range that every store and client supports.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=9999;

/// A due date or a due time.
///
/// A date ends when its day ends in UTC. For the end of a day in another time zone, use a time with an offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Due {
    /// Due by the end of this day in UTC.
    On(NaiveDate),
    /// Due by this time.
    At(Timestamp),
}

impl Due {
    /// The last moment before the deadline is over, to the microsecond.
    #[must_use]
    pub fn last_moment(self) -> Timestamp {
        match self {
            Self::On(day) => TimeBound::Day(day).first_instant_after() - TimeDelta::microseconds(1),
            Self::At(moment) => moment,
        }
    }

    /// Whether the deadline is over at the time `now`.
    #[must_use]
    pub fn is_over(self, now: Timestamp) -> bool {
        self.last_moment() < now
    }

    /// Day of the deadline in UTC.
    #[must_use]
    pub fn day(self) -> NaiveDate {
        match self {
            Self::On(day) => day,
            Self::At(moment) => moment.date_naive(),
        }
    }
}

/// A computation in hours gives a time, any other unit gives a date.
impl From<&ComputedDeadline> for Due {
    fn from(outcome: &ComputedDeadline) -> Self {
        outcome.due_at.map_or(Self::On(outcome.due_on), |moment| Self::At(to_microseconds(moment.with_timezone(&Utc))))
    }
}

impl FromStr for Due {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let due = if text.len() == "YYYY-MM-DD".len() {
            NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Self::On)
        } else {
            DateTime::parse_from_rfc3339(text).ok().map(|moment| Self::At(to_microseconds(moment.with_timezone(&Utc))))
        };
        let due = due.ok_or_else(|| FieldError::new("due_at", "must be a date (YYYY-MM-DD) or a time (RFC 3339)"))?;
        if YEARS.contains(&due.day().year()) {
            Ok(due)
        } else {
            Err(FieldError::new("due_at", "must be in the years 1000 to 9999"))
        }
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::On(day) => day.fmt(f),
            Self::At(moment) => f.write_str(&moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        }
    }
}

impl Serialize for Due {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Due {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;

    #[test]
    fn a_due_date_is_printed_in_utc() {
        for (text, printed) in [
            ("2026-03-31", "2026-03-31"),
            ("2026-03-31T09:30:00Z", "2026-03-31T09:30:00Z"),
            ("2026-03-31T09:30:00-04:00", "2026-03-31T13:30:00Z"),
            ("2026-03-31T00:30:00.125+02:00", "2026-03-30T22:30:00.125Z"),
        ] {
            assert_eq!(text.parse::<Due>().unwrap().to_string(), printed);
        }
    }

    #[test]
    fn other_text_and_years_out_of_range_are_refused() {
        for text in ["", "2026-3-31", "31.03.2026", "2026-02-30", "2026-03-31T09:30:00", "0999-01-01", "+10000-01-01"] {
            assert!(text.parse::<Due>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_due_day_ends_when_the_next_day_begins() {
        let due = Due::On(NaiveDate::from_ymd_opt(2026, 3, 31).unwrap());
        let next = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap().and_time(NaiveTime::MIN).and_utc();
        assert!(!due.is_over(next - TimeDelta::microseconds(1)));
        assert!(due.is_over(next));
    }
}
