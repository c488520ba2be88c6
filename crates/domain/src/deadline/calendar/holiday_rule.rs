//! A holiday as a rule: name, date, calendars, years and law.

use chrono::{Datelike, NaiveDate, Weekday};

use super::key::CalendarKey;
use super::occurs::Occurs;

/// One row of a holiday table.
#[derive(Debug, Clone, Copy)]
pub(super) struct HolidayRule {
    pub(super) name: &'static str,
    pub(super) occurs: Occurs,
    /// The calendars that have the holiday. Calendars that include them inherit it.
    pub(super) held_by: &'static [CalendarKey],
    /// First and last year in which the rule applies.
    pub(super) years: (i32, i32),
    /// The law, if it differs from the law of the calendar.
    pub(super) law: Option<&'static str>,
    /// Whether a holiday on a Saturday is observed on the Friday before, and one on a Sunday on the Monday after (5
    /// U.S.C. § 6103 (b), E.O. 11582).
    pub(super) observed: bool,
}

impl HolidayRule {
    pub(super) const fn new(name: &'static str, occurs: Occurs, held_by: &'static [CalendarKey]) -> Self {
        Self { name, occurs, held_by, years: (i32::MIN, i32::MAX), law: None, observed: false }
    }

    /// The same rule from `year` on.
    pub(super) const fn since(self, year: i32) -> Self {
        Self { years: (year, self.years.1), ..self }
    }

    /// The same rule up to and including `year`.
    pub(super) const fn until(self, year: i32) -> Self {
        Self { years: (self.years.0, year), ..self }
    }

    /// The same rule in `year` only.
    pub(super) const fn only(self, year: i32) -> Self {
        self.since(year).until(year)
    }

    /// The same rule with the law that makes it a holiday.
    pub(super) const fn by(self, law: &'static str) -> Self {
        Self { law: Some(law), ..self }
    }

    /// The same rule, observed on a weekday if it falls on a weekend.
    pub(super) const fn observed(self) -> Self {
        Self { observed: true, ..self }
    }

    /// How the rule makes the date a holiday; `None` if it does not.
    pub(super) fn on(&self, date: NaiveDate) -> Option<Falls> {
        // A New Year's Day that falls on a Saturday is observed in the year before.
        [date.year(), date.year() + 1].into_iter().find_map(|year| {
            let day = self.in_year(year)?;
            if day == date {
                return Some(Falls::Itself);
            }
            (self.observed && observance(day) == Some(date)).then(|| match day.weekday() {
                Weekday::Sun => Falls::SundayObserved,
                Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri | Weekday::Sat => {
                    Falls::SaturdayObserved
                }
            })
        })
    }

    fn in_year(&self, year: i32) -> Option<NaiveDate> {
        let (first, last) = self.years;
        if (first..=last).contains(&year) { self.occurs.in_year(year) } else { None }
    }
}

/// How a date is a holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Falls {
    /// The date is the holiday itself.
    Itself,
    /// The holiday falls on the Saturday after the date.
    SaturdayObserved,
    /// The holiday falls on the Sunday before the date.
    SundayObserved,
}

/// The weekday on which a weekend holiday is observed.
fn observance(day: NaiveDate) -> Option<NaiveDate> {
    match day.weekday() {
        Weekday::Sat => day.pred_opt(),
        Weekday::Sun => day.succ_opt(),
        Weekday::Mon | Weekday::Tue | Weekday::Wed | Weekday::Thu | Weekday::Fri => None,
    }
}
