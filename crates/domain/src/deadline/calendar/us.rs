//! The legal holidays of Rule 6(a)(6).

use chrono::Weekday::{Mon, Thu};

use super::holiday_rule::HolidayRule;
use super::key::CalendarKey::{self, UsFederal, UsFederalClosings};
use super::occurs::{Occurs, fixed, last, nth};

/// Rule 6(a)(6)(A) names Juneteenth since 1 December 2023. Before that it was a holiday declared by Congress.
const JUNETEENTH_BY_CONGRESS: &str = "Fed. R. Civ. P. 6(a)(6)(B); Pub. L. 117-17";

const FEDERAL: &[CalendarKey] = &[UsFederal];

/// The days "set aside by statute" (5 U.S.C. § 6103 (a)), and the presidential closings. Rule 6 does not list
/// Inauguration Day (§ 6103 (c)).
pub(super) const HOLIDAYS: &[HolidayRule] = &[
    day("New Year's Day", fixed(1, 1)),
    day("Birthday of Martin Luther King, Jr.", nth(3, Mon, 1)),
    day("Washington's Birthday", nth(3, Mon, 2)),
    day("Memorial Day", last(Mon, 5)),
    day("Juneteenth National Independence Day", fixed(6, 19)).since(2021).until(2023).by(JUNETEENTH_BY_CONGRESS),
    day("Juneteenth National Independence Day", fixed(6, 19)).since(2024),
    day("Independence Day", fixed(7, 4)),
    day("Labor Day", nth(1, Mon, 9)),
    day("Columbus Day", nth(2, Mon, 10)),
    day("Veterans Day", fixed(11, 11)),
    day("Thanksgiving Day", nth(4, Thu, 11)),
    day("Christmas Day", fixed(12, 25)),
    // Whole days on which the President closed the executive departments; half days are left out. It is not settled
    // whether they are "declared a holiday by the President" (Rule 6(a)(6)(B)), so they have a separate calendar: see
    // docs/deadlines.md.
    closing(2001, 12, 24, "E.O. 13238"),
    closing(2003, 12, 26, "E.O. 13320"),
    closing(2004, 6, 11, "E.O. 13343"),
    closing(2007, 1, 2, "E.O. 13421"),
    closing(2007, 12, 24, "E.O. 13453"),
    closing(2008, 12, 26, "E.O. 13482"),
    closing(2012, 12, 24, "E.O. 13633"),
    closing(2014, 12, 26, "E.O. 13682"),
    closing(2018, 12, 5, "E.O. 13852"),
    closing(2018, 12, 24, "E.O. 13854"),
    closing(2019, 12, 24, "E.O. 13900"),
    closing(2020, 12, 24, "E.O. 13965"),
    closing(2024, 12, 24, "E.O. 14129"),
    closing(2025, 1, 9, "E.O. 14133"),
    closing(2025, 12, 24, "E.O. 14371"),
    closing(2025, 12, 26, "E.O. 14371"),
];

const fn day(name: &'static str, occurs: Occurs) -> HolidayRule {
    HolidayRule::new(name, occurs, FEDERAL).observed()
}

const fn closing(year: i32, month: u32, day: u32, order: &'static str) -> HolidayRule {
    HolidayRule::new("closing of the executive departments", fixed(month, day), &[UsFederalClosings])
        .only(year)
        .by(order)
}
