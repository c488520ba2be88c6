//! Calendars of holidays: rules with their source, and the years for which they were verified.
//!
//! Saturdays and Sundays are no holidays here; the rules of computation name them themselves.

pub(in crate::deadline) mod berlin_time;
mod germany;
mod holiday_rule;
mod key;
mod occurs;
mod us;

use chrono::{Datelike, NaiveDate};
use thiserror::Error;

pub use key::CalendarKey;

use holiday_rule::{Falls, HolidayRule};

/// A calendar of holidays.
#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    /// Its name on the wire.
    pub key: CalendarKey,
    /// Its name for people.
    pub name: &'static str,
    /// The first year for which its holidays were verified.
    pub verified_from: i32,
    /// The last year for which its holidays were verified.
    pub verified_to: i32,
    law: &'static str,
    builds_on: Option<CalendarKey>,
    rules: &'static [HolidayRule],
}

/// All calendars, in the order of their keys' declaration.
pub fn calendars() -> impl Iterator<Item = Calendar> {
    CalendarKey::ALL.iter().map(|key| key.calendar())
}

impl Calendar {
    /// The holiday on that date, if it is one.
    ///
    /// # Errors
    /// [`OutsideVerified`] if the year of the date was not verified.
    pub fn holiday(&self, date: NaiveDate) -> Result<Option<Holiday>, OutsideVerified> {
        self.verify(date)?;
        Ok(self.rules.iter().filter(|rule| self.holds(rule)).find_map(|rule| Some(self.describe(rule, rule.on(date)?))))
    }

    /// Checks that the year of the date was verified.
    pub(in crate::deadline) fn verify(&self, date: NaiveDate) -> Result<(), OutsideVerified> {
        if (self.verified_from..=self.verified_to).contains(&date.year()) {
            return Ok(());
        }
        Err(OutsideVerified {
            calendar: self.key,
            year: date.year(),
            verified_from: self.verified_from,
            verified_to: self.verified_to,
        })
    }

    /// Whether this calendar, or one that it builds on, holds the holiday.
    fn holds(&self, rule: &HolidayRule) -> bool {
        std::iter::successors(Some(*self), |calendar| calendar.builds_on.map(CalendarKey::calendar))
            .any(|calendar| rule.held_by.contains(&calendar.key))
    }

    fn describe(&self, rule: &HolidayRule, falls: Falls) -> Holiday {
        let law = rule.law.unwrap_or(self.law);
        match falls {
            Falls::Itself => Holiday { name: rule.name.to_owned(), citation: law.to_owned() },
            Falls::SaturdayObserved => {
                Holiday { name: format!("{} (observed)", rule.name), citation: format!("{law}; 5 U.S.C. § 6103 (b)") }
            }
            Falls::SundayObserved => {
                Holiday { name: format!("{} (observed)", rule.name), citation: format!("{law}; E.O. 11582 § 3") }
            }
        }
    }
}

/// A holiday on a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// Its name in the language of its law.
    pub name: String,
    /// The provision that makes it one.
    pub citation: String,
}

/// A year for which a calendar was not verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the calendar {calendar} is verified for the years {verified_from} to {verified_to}, not for {year}")]
pub struct OutsideVerified {
    /// The calendar asked.
    pub calendar: CalendarKey,
    /// The year asked for.
    pub year: i32,
    /// The first verified year.
    pub verified_from: i32,
    /// The last verified year.
    pub verified_to: i32,
}
