//! A calendar and its holidays.

use chrono::{Datelike, NaiveDate};
use thiserror::Error;

use super::{
    holiday_rule::{Falls, HolidayRule},
    key::CalendarKey,
};

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
    pub(super) law: &'static str,
    /// The keys whose holidays this calendar has, including its own key.
    pub(super) includes: &'static [CalendarKey],
    pub(super) rules: &'static [HolidayRule],
}

impl Calendar {
    /// The holiday on the date, if any.
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

    fn holds(&self, rule: &HolidayRule) -> bool {
        self.includes.iter().any(|key| rule.held_by.contains(key))
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
    /// The provision that makes it a holiday.
    pub citation: String,
}

/// A year for which a calendar was not verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the calendar {calendar} is verified for the years {verified_from} to {verified_to}, not for {year}")]
pub struct OutsideVerified {
    /// The calendar.
    pub calendar: CalendarKey,
    /// The year that was not verified.
    pub year: i32,
    /// The first verified year.
    pub verified_from: i32,
    /// The last verified year.
    pub verified_to: i32,
}
