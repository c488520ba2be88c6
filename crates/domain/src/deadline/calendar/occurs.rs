//! The date of a holiday in a given year.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// The day of a year on which a holiday falls.
#[derive(Debug, Clone, Copy)]
pub(super) enum Occurs {
    /// The same day of the same month.
    Fixed { month: u32, day: u32 },
    /// The nth given weekday of a month, from 1.
    Nth { nth: u8, weekday: Weekday, month: u32 },
    /// The last given weekday of a month.
    Last { weekday: Weekday, month: u32 },
    /// `offset` days after Easter Sunday; a negative offset counts backward.
    Easter { offset: i8 },
    /// The last given weekday before a day of a month.
    WeekdayBefore { weekday: Weekday, month: u32, day: u32 },
}

pub(super) const fn fixed(month: u32, day: u32) -> Occurs {
    Occurs::Fixed { month, day }
}

pub(super) const fn nth(nth: u8, weekday: Weekday, month: u32) -> Occurs {
    Occurs::Nth { nth, weekday, month }
}

pub(super) const fn last(weekday: Weekday, month: u32) -> Occurs {
    Occurs::Last { weekday, month }
}

pub(super) const fn easter(offset: i8) -> Occurs {
    Occurs::Easter { offset }
}

pub(super) const fn weekday_before(weekday: Weekday, month: u32, day: u32) -> Occurs {
    Occurs::WeekdayBefore { weekday, month, day }
}

impl Occurs {
    /// The date in that year, if it exists.
    pub(super) fn in_year(self, year: i32) -> Option<NaiveDate> {
        match self {
            Self::Fixed { month, day } => NaiveDate::from_ymd_opt(year, month, day),
            Self::Nth { nth, weekday, month } => NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth),
            Self::Last { weekday, month } => {
                (4..=5).rev().find_map(|nth| NaiveDate::from_weekday_of_month_opt(year, month, weekday, nth))
            }
            Self::Easter { offset } => shift(easter_sunday(year)?, offset),
            Self::WeekdayBefore { weekday, month, day } => NaiveDate::from_ymd_opt(year, month, day)?
                .iter_days()
                .rev()
                .skip(1)
                .take(7)
                .find(|date| date.weekday() == weekday),
        }
    }
}

fn shift(date: NaiveDate, offset: i8) -> Option<NaiveDate> {
    let days = Days::new(u64::from(offset.unsigned_abs()));
    if offset < 0 { date.checked_sub_days(days) } else { date.checked_add_days(days) }
}

/// Easter Sunday of the Gregorian calendar, by the anonymous algorithm ("Meeus/Jones/Butcher") first printed in Nature,
/// 20 April 1876.
fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let moon_correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon_correction + 15).rem_euclid(30);
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4).rem_euclid(7);
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let march_days = epact + weekday - 7 * late + 22;
    let first_of_march = NaiveDate::from_ymd_opt(year, 3, 1)?;
    first_of_march.checked_add_days(Days::new(u64::try_from(march_days - 1).ok()?))
}
