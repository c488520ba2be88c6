//! The event from which a period is counted.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, SecondsFormat};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::error::DeadlineError;

/// The event from which a period is counted: a date, or a timestamp for hours.
///
/// On the wire it is one string, `2026-03-31` or RFC 3339 `2026-03-31T09:30:00-04:00`. A timestamp keeps its UTC
/// offset: Rule 6 counts days in the time zone of the court, which the offset represents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trigger {
    /// A date, for every unit except hours.
    Date(NaiveDate),
    /// A timestamp, for hours.
    At(DateTime<FixedOffset>),
}

impl Trigger {
    /// Whether the trigger is in the years 1 to 9999 (UTC), so that date arithmetic stays within the bounds of chrono.
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
