//! The event that a period is counted from.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, SecondsFormat};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::DeadlineError;

/// The event that a period is counted from: a day, or for hours a moment.
///
/// On the wire it is one string, `2026-03-31` or RFC 3339 `2026-03-31T09:30:00-04:00`. The moment keeps the UTC offset it was
/// written with: Rule 6 speaks of the days of the court's own time zone, which the offset stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// A day, for every unit but hours.
    Date(NaiveDate),
    /// A moment, for hours.
    At(DateTime<FixedOffset>),
}

impl Trigger {
    /// Whether the trigger lies in the years 1 to 9999 (UTC), where every sum of this module is far from chrono's own bounds.
    pub(super) fn is_in_range(self) -> bool {
        let year = match self {
            Self::Date(date) => date.year(),
            Self::At(moment) => moment.naive_utc().year(),
        };
        (1..=9999).contains(&year)
    }
}

impl FromStr for Trigger {
    type Err = DeadlineError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
            return Ok(Self::At(moment));
        }
        text.parse().map(Self::Date).map_err(|_| DeadlineError::UnreadableTrigger)
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Date(date) => write!(formatter, "{date}"),
            Self::At(moment) => formatter.write_str(&moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        }
    }
}

impl Serialize for Trigger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Trigger {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
