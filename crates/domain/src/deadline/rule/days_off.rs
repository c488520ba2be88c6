//! Days off: weekends, holidays and closed days.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{Datelike, NaiveDate, Weekday};

use super::length::next_day;
use super::steps::long;
use crate::deadline::calendar::{Calendar, CalendarKey, Holiday};
use crate::deadline::computation::DeadlineError;
use crate::deadline::words::Direction;

/// Saturdays, Sundays, the holidays of a calendar and the closed days of the request.
#[derive(Debug, Clone, Copy)]
pub(super) struct DaysOff<'a> {
    calendar: Option<Calendar>,
    closed: &'a BTreeSet<NaiveDate>,
}

/// Why a day is off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Off {
    Saturday,
    Sunday,
    Holiday(Holiday),
    Closed,
}

impl fmt::Display for Off {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Saturday => formatter.write_str("a Saturday"),
            Self::Sunday => formatter.write_str("a Sunday"),
            Self::Holiday(holiday) => write!(formatter, "{} ({})", holiday.name, holiday.citation),
            Self::Closed => formatter.write_str("given as a closed day"),
        }
    }
}

impl<'a> DaysOff<'a> {
    pub(super) fn new(calendar: Option<CalendarKey>, closed: &'a BTreeSet<NaiveDate>) -> Self {
        Self { calendar: calendar.map(CalendarKey::calendar), closed }
    }

    /// Checks that the calendar, if any, is verified for the year of the date.
    pub(super) fn verify(&self, date: NaiveDate) -> Result<(), DeadlineError> {
        match &self.calendar {
            Some(calendar) => Ok(calendar.verify(date)?),
            None => Ok(()),
        }
    }

    /// Why the day is off by law: a weekend or a holiday.
    pub(super) fn by_law(&self, date: NaiveDate) -> Result<Option<Off>, DeadlineError> {
        let holiday = match &self.calendar {
            Some(calendar) => calendar.holiday(date)?,
            None => None,
        };
        Ok(holiday.map(Off::Holiday).or(match date.weekday() {
            Weekday::Sat => Some(Off::Saturday),
            Weekday::Sun => Some(Off::Sunday),
            Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => None,
        }))
    }

    /// Why the day is off, by law or as a closed day.
    pub(super) fn at_all(&self, date: NaiveDate) -> Result<Option<Off>, DeadlineError> {
        Ok(self.by_law(date)?.or_else(|| self.is_closed(date).then_some(Off::Closed)))
    }

    pub(super) fn is_closed(&self, date: NaiveDate) -> bool {
        self.closed.contains(&date)
    }

    /// The first day from `from` on, in the given direction, that is not off by law.
    pub(super) fn roll_by_law(&self, from: NaiveDate, direction: Direction) -> Result<Rolled, DeadlineError> {
        roll(from, direction, |date| self.by_law(date))
    }

    /// The first day from `from` on, in the given direction, that is neither off by law nor closed.
    pub(super) fn roll_at_all(&self, from: NaiveDate, direction: Direction) -> Result<Rolled, DeadlineError> {
        roll(from, direction, |date| self.at_all(date))
    }
}

/// Result of a roll: the day reached and the days passed.
#[derive(Debug)]
pub(super) struct Rolled {
    pub(super) date: NaiveDate,
    pub(super) passed: Vec<(NaiveDate, Off)>,
}

fn roll(
    from: NaiveDate,
    direction: Direction,
    off: impl Fn(NaiveDate) -> Result<Option<Off>, DeadlineError>,
) -> Result<Rolled, DeadlineError> {
    let mut rolled = Rolled { date: from, passed: Vec::new() };
    while let Some(reason) = off(rolled.date)? {
        rolled.passed.push((rolled.date, reason));
        rolled.date = next_day(rolled.date, direction)?;
    }
    Ok(rolled)
}

/// The passed days as a clause, at most six: `Saturday, 5 September 2026 is a Saturday; …`.
pub(super) fn list(passed: &[(NaiveDate, Off)]) -> String {
    const SHOWN: usize = 6;
    let mut clauses: Vec<String> =
        passed.iter().take(SHOWN).map(|(date, off)| format!("{} is {off}", long(*date))).collect();
    if let Some(more) = passed.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        clauses.push(format!("and {more} more"));
    }
    clauses.join("; ")
}
