//! The general holidays of Germany, by state.
//!
//! Holidays are state law, except one federal holiday (3 October, Art. 2 (2) of the Unification Treaty).
//! [`CalendarKey::calendar`](super::key::CalendarKey::calendar) names the law of each state. A row here says in which
//! calendars and years a holiday applies.

use chrono::Weekday::Wed;

use super::holiday_rule::HolidayRule;
use super::key::CalendarKey::{
    self, De, DeBb, DeBe, DeBw, DeBy, DeByAssumption, DeByAugsburg, DeHb, DeHe, DeHh, DeMv, DeNi, DeNw, DeRp, DeSh,
    DeSl, DeSn, DeSnCorpusChristi, DeSt, DeTh, DeThCorpusChristi,
};
use super::occurs::{Occurs, easter, fixed, weekday_before};

/// Every holiday that applies anywhere in Germany in the verified years.
#[rustfmt::skip]
pub(super) const HOLIDAYS: &[HolidayRule] = &[
    day("Neujahr", fixed(1, 1), &[De]),
    day("Heilige Drei Könige", fixed(1, 6), &[DeBw, DeBy, DeSt]),
    day("Internationaler Frauentag", fixed(3, 8), &[DeBe]).since(2019),
    day("Internationaler Frauentag", fixed(3, 8), &[DeMv]).since(2023),
    day("Karfreitag", easter(-2), &[De]),
    day("Ostersonntag", easter(0), &[DeBb]),
    day("Ostermontag", easter(1), &[De]),
    day("Tag der Arbeit", fixed(5, 1), &[De]),
    day("Tag der Befreiung (75. Jahrestag)", fixed(5, 8), &[DeBe]).only(2020),
    day("Tag der Befreiung (80. Jahrestag)", fixed(5, 8), &[DeBe]).only(2025),
    day("Christi Himmelfahrt", easter(39), &[De]),
    day("Pfingstsonntag", easter(49), &[DeBb]),
    day("Pfingstmontag", easter(50), &[De]),
    day("Fronleichnam", easter(60), &[DeBw, DeBy, DeHe, DeNw, DeRp, DeSl]),
    day("Fronleichnam", easter(60), &[DeSnCorpusChristi]).by("§ 1 SächsSFG, FronleichnamsVO"),
    day("Fronleichnam", easter(60), &[DeThCorpusChristi]).by("§ 2 Abs. 2, § 10 Abs. 1 ThürFGtG"),
    day("75. Jahrestag des Aufstandes vom 17. Juni 1953", fixed(6, 17), &[DeBe]).only(2028),
    day("Augsburger Hohes Friedensfest", fixed(8, 8), &[DeByAugsburg]).by("Art. 1 Abs. 2 BayFTG"),
    day("Mariä Himmelfahrt", fixed(8, 15), &[DeSl]),
    day("Mariä Himmelfahrt", fixed(8, 15), &[DeByAssumption]).by("Art. 1 Abs. 1 Nr. 2 BayFTG"),
    day("Weltkindertag", fixed(9, 20), &[DeTh]).since(2019),
    day("Tag der Deutschen Einheit", fixed(10, 3), &[De]).by("Art. 2 Abs. 2 EinigVtr"),
    day("Reformationstag", fixed(10, 31), &[DeBb, DeMv, DeSn, DeSt, DeTh]),
    // 500th anniversary of the Reformation: a holiday in every state, in 2017 only.
    day("Reformationstag", fixed(10, 31), &[De]).only(2017),
    day("Reformationstag", fixed(10, 31), &[DeHb, DeHh, DeNi, DeSh]).since(2018),
    day("Allerheiligen", fixed(11, 1), &[DeBw, DeBy, DeNw, DeRp, DeSl]),
    day("Buß- und Bettag", weekday_before(Wed, 11, 23), &[DeSn]),
    day("Erster Weihnachtstag", fixed(12, 25), &[De]),
    day("Zweiter Weihnachtstag", fixed(12, 26), &[De]),
];

const fn day(name: &'static str, occurs: Occurs, held_by: &'static [CalendarKey]) -> HolidayRule {
    HolidayRule::new(name, occurs, held_by)
}
