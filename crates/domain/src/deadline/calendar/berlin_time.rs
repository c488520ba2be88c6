//! Legal time of Germany, for periods in hours.
//!
//! Central European Time, with summer time from the last Sunday of March to the last Sunday of October; both changes
//! are at 01:00 UTC (directive 2000/84/EC, § 2 SoZV). Valid for all verified years unless the directive is repealed.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};

use super::occurs::last;

/// The day in Germany at that moment.
pub(in crate::deadline) fn day_at(moment: DateTime<Utc>) -> Option<NaiveDate> {
    let offset = if is_summer(moment.naive_utc())? { SUMMER } else { WINTER };
    Some(moment.naive_utc().checked_add_signed(offset)?.date())
}

/// The moment at which that day begins in Germany.
pub(in crate::deadline) fn start_of(day: NaiveDate) -> Option<DateTime<Utc>> {
    // The clock changes after midnight, so midnight has the offset of the noon before.
    let noon_before =
        day.checked_sub_days(Days::new(1))?.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::hours(12))?;
    let offset = if is_summer(noon_before)? { SUMMER } else { WINTER };
    Some(day.and_time(NaiveTime::MIN).checked_sub_signed(offset)?.and_utc())
}

const WINTER: TimeDelta = TimeDelta::hours(1);
const SUMMER: TimeDelta = TimeDelta::hours(2);

fn is_summer(utc: NaiveDateTime) -> Option<bool> {
    let change =
        |month| last(Weekday::Sun, month).in_year(utc.year())?.and_time(NaiveTime::MIN).checked_add_signed(WINTER);
    Some(change(3)? <= utc && utc < change(10)?)
}
