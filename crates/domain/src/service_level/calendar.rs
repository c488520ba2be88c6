//! Calendars of working hours.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use chrono::{Datelike as _, NaiveDate, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::deadline::{CalendarKey, calendars};

/// Maximum number of spans of a day.
pub const SPANS_MAX: usize = 24;
/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// A time of day to the minute, up to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TimeOfDay(u16);

/// Error: the text is no time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a time of day from 00:00 to 24:00")]
pub struct BadTime;

impl TimeOfDay {
    /// Minutes since the beginning of the day.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl FromStr for TimeOfDay {
    type Err = BadTime;

    fn from_str(text: &str) -> Result<Self, BadTime> {
        let (hour, minute) = text.split_once(':').filter(|_| text.len() == 5).ok_or(BadTime)?;
        let number = |digits: &str| {
            let is_number = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<u16>().ok().filter(|_| is_number).ok_or(BadTime)
        };
        let (hour, minute) = (number(hour)?, number(minute)?);
        let minutes = hour * 60 + minute;
        if minute < 60 && minutes <= DAY { Ok(Self(minutes)) } else { Err(BadTime) }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl From<TimeOfDay> for String {
    fn from(time: TimeOfDay) -> Self {
        time.to_string()
    }
}

impl TryFrom<String> for TimeOfDay {
    type Error = BadTime;

    fn try_from(text: String) -> Result<Self, BadTime> {
        text.parse()
    }
}

/// Working hours from a time of day to a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span(pub TimeOfDay, pub TimeOfDay);

/// The working hours of each day of the week, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "the days of the week")]
pub struct Week {
    pub monday: Vec<Span>,
    pub tuesday: Vec<Span>,
    pub wednesday: Vec<Span>,
    pub thursday: Vec<Span>,
    pub friday: Vec<Span>,
    pub saturday: Vec<Span>,
    pub sunday: Vec<Span>,
}

impl Week {
    /// The working hours of a day of the week.
    #[must_use]
    pub fn of(&self, day: Weekday) -> &[Span] {
        match day {
            Weekday::Mon => &self.monday,
            Weekday::Tue => &self.tuesday,
            Weekday::Wed => &self.wednesday,
            Weekday::Thu => &self.thursday,
            Weekday::Fri => &self.friday,
            Weekday::Sat => &self.saturday,
            Weekday::Sun => &self.sunday,
        }
    }
}

/// The working hours of an office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkCalendar {
    /// Its key in the account.
    pub key: String,
    /// Its name.
    pub name: String,
    /// The time zone of its hours.
    pub time_zone: Tz,
    /// The hours of each day of the week.
    pub hours: Week,
    /// Holidays without work: those of a calendar of deadlines.
    pub holidays: Option<CalendarKey>,
    /// Other days without work.
    pub closed: BTreeSet<NaiveDate>,
    /// Days with their own hours. They come before holidays and closed days.
    pub open: BTreeMap<NaiveDate, Vec<Span>>,
}

impl WorkCalendar {
    /// The working hours on a day, in order.
    #[must_use]
    pub fn spans_on(&self, date: NaiveDate) -> &[Span] {
        if let Some(hours) = self.open.get(&date) {
            return hours;
        }
        let spans = self.hours.of(date.weekday());
        if spans.is_empty() || self.closed.contains(&date) || self.is_holiday(date) { &[] } else { spans }
    }

    /// Whether it is a holiday. Years for which the calendar of holidays was not verified have none.
    fn is_holiday(&self, date: NaiveDate) -> bool {
        let Some(key) = self.holidays else { return false };
        let calendar = calendars().find(|calendar| calendar.key == key);
        calendar.is_some_and(|calendar| calendar.holiday(date).is_ok_and(|holiday| holiday.is_some()))
    }
}

/// Checks that spans are in order and do not overlap.
///
/// # Errors
/// What is wrong with them.
pub fn check_spans(spans: &[Span]) -> Result<(), &'static str> {
    if spans.len() > SPANS_MAX {
        return Err("must have at most 24 spans");
    }
    if spans.iter().any(|Span(from, to)| from >= to) {
        return Err("must end after it begins, at 24:00 at the latest");
    }
    if spans.iter().zip(spans.iter().skip(1)).any(|(Span(_, to), Span(from, _))| to > from) {
        return Err("must be in order and must not overlap");
    }
    Ok(())
}
