//! The calendars, compared with an independent library (`tests/data/holidays.txt`, made by
//! `scripts/holiday-oracle.py`).

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use docket_domain::deadline::{CalendarKey, calendars};

use super::date;

/// Intended differences from the library: (calendar, date, whether it is a holiday here, reason).
const DIFFERENCES: &[(CalendarKey, &str, bool, &str)] = &[
    (CalendarKey::UsFederalClosings, "2002-12-24", false, "E.O. 13281 closed for half a day only"),
    (CalendarKey::UsFederalClosings, "2009-12-24", false, "E.O. 13523 closed for half a day only"),
    (CalendarKey::UsFederalClosings, "2015-12-24", false, "E.O. 13713 closed for half a day only"),
];

fn oracle() -> BTreeMap<(CalendarKey, i32), Vec<NaiveDate>> {
    include_str!("../../data/holidays.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut words = line.split(' ');
            let (key, year) = (words.next().unwrap().parse().unwrap(), words.next().unwrap());
            ((key, year.parse().unwrap()), words.map(|day| date(&format!("{year}-{day}"))).collect())
        })
        .collect()
}

#[test]
fn every_calendar_agrees_with_the_oracle_in_every_verified_year() {
    let mut oracle = oracle();
    for calendar in calendars() {
        for year in calendar.verified_from..=calendar.verified_to {
            let ours: Vec<NaiveDate> = NaiveDate::from_ymd_opt(year, 1, 1)
                .unwrap()
                .iter_days()
                .take_while(|day| day.year() == year)
                .filter(|day| calendar.holiday(*day).unwrap().is_some())
                .collect();
            let mut theirs = oracle.remove(&(calendar.key, year)).unwrap();
            for (_, day, holiday, _) in DIFFERENCES.iter().filter(|(key, ..)| *key == calendar.key) {
                if *holiday && date(day).year() == year {
                    theirs.push(date(day));
                } else {
                    theirs.retain(|theirs| *theirs != date(day));
                }
            }
            theirs.sort();
            assert_eq!(ours, theirs, "{} in {year}", calendar.key);
        }
    }
    assert!(oracle.is_empty(), "not compared: {:?}", oracle.keys());
}

#[test]
fn every_calendar_refuses_dates_outside_its_verified_years() {
    assert_eq!(calendars().count(), CalendarKey::ALL.len());
    for calendar in calendars() {
        assert_eq!(calendar.key.calendar().name, calendar.name);
        assert_eq!(calendar.verified_from, 2000);
        assert_eq!(calendar.verified_to, if calendar.key == CalendarKey::UsFederalClosings { 2025 } else { 2035 });
        let before = NaiveDate::from_ymd_opt(calendar.verified_from - 1, 12, 31).unwrap();
        let after = NaiveDate::from_ymd_opt(calendar.verified_to + 1, 1, 1).unwrap();
        for outside in [before, after, NaiveDate::MIN, NaiveDate::MAX] {
            let error = calendar.holiday(outside).unwrap_err();
            assert_eq!((error.calendar, error.year), (calendar.key, outside.year()));
        }
    }
}

#[test]
fn a_holiday_has_its_name_and_citation() {
    let rows = [
        (
            CalendarKey::UsFederal,
            "2026-01-19",
            "Birthday of Martin Luther King, Jr.",
            "Fed. R. Civ. P. 6(a)(6)(A); 5 U.S.C. § 6103 (a)",
        ),
        (
            CalendarKey::UsFederal,
            "2021-06-18",
            "Juneteenth National Independence Day (observed)",
            "Fed. R. Civ. P. 6(a)(6)(B); Pub. L. 117-17; 5 U.S.C. § 6103 (b)",
        ),
        (
            CalendarKey::UsFederal,
            "2026-06-19",
            "Juneteenth National Independence Day",
            "Fed. R. Civ. P. 6(a)(6)(A); 5 U.S.C. § 6103 (a)",
        ),
        (
            CalendarKey::UsFederal,
            "2021-07-05",
            "Independence Day (observed)",
            "Fed. R. Civ. P. 6(a)(6)(A); 5 U.S.C. § 6103 (a); E.O. 11582 § 3",
        ),
        (CalendarKey::UsFederalClosings, "2025-01-09", "closing of the executive departments", "E.O. 14133"),
        (CalendarKey::DeNw, "2026-10-03", "Tag der Deutschen Einheit", "Art. 2 Abs. 2 EinigVtr"),
        (CalendarKey::DeNw, "2026-11-01", "Allerheiligen", "§ 2 Feiertagsgesetz NW"),
        (CalendarKey::DeByAugsburg, "2026-08-08", "Augsburger Hohes Friedensfest", "Art. 1 Abs. 2 BayFTG"),
        (CalendarKey::DeByAugsburg, "2026-01-06", "Heilige Drei Könige", "Art. 1 BayFTG"),
        (CalendarKey::DeBe, "2028-06-17", "75. Jahrestag des Aufstandes vom 17. Juni 1953", "§ 1 FeiertG BE"),
        (CalendarKey::DeBb, "2026-04-05", "Ostersonntag", "§ 2 FTG BB"),
    ];
    for (key, day, name, citation) in rows {
        let holiday = key.calendar().holiday(date(day)).unwrap().unwrap();
        assert_eq!((holiday.name.as_str(), holiday.citation.as_str()), (name, citation), "{key} {day}");
    }
}

#[test]
fn easter_agrees_with_published_dates() {
    // Early and late dates: 23 April 2000, 23 March 2008 (the earliest of the century), 24 April 2011, 25 March 2035.
    for easter in ["2000-04-23", "2008-03-23", "2011-04-24", "2026-04-05", "2035-03-25"] {
        let holiday = CalendarKey::DeBb.calendar().holiday(date(easter)).unwrap();
        assert_eq!(holiday.map(|holiday| holiday.name).as_deref(), Some("Ostersonntag"), "{easter}");
    }
}
