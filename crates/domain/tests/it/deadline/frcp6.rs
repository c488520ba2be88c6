//! Rule 6 of the Federal Rules of Civil Procedure. `docs/deadlines.md` lists the published source of each checked row.

use chrono::{DateTime, Utc};
use docket_domain::deadline::CalendarKey::UsFederalClosings;
use docket_domain::deadline::Rule::Frcp6;
use docket_domain::deadline::Service::{Clerk, Electronic, Mail, OfficeOrDwelling, OtherConsented, Personal};
use docket_domain::deadline::Unit::{Days, Hours, Months, Weeks, Years};
use docket_domain::deadline::{Computation, compute};

use super::{Adjust, ask, check, outline};

#[test]
fn every_day_counts_and_the_last_day_rolls() {
    check(&[
        ("6(a)(1)(B), days are days since 2009", ask(Frcp6, "2010-01-05", 10, Days), "2010-01-15"),
        (
            "6(a)(1)(C), committee note 2009 to (a)(5): Labor Day weekend",
            ask(Frcp6, "2007-08-22", 10, Days),
            "2007-09-04",
        ),
        ("6(a)(1)(A), the day of the event is not counted", ask(Frcp6, "2026-03-02", 1, Days), "2026-03-03"),
        ("6(a)(1)(C), Sunday", ask(Frcp6, "2026-03-01", 14, Days), "2026-03-16"),
        ("6(a)(1), weeks", ask(Frcp6, "2026-03-03", 2, Weeks), "2026-03-17"),
        ("6(a)(1), month without that day", ask(Frcp6, "2025-01-31", 1, Months), "2025-02-28"),
        ("6(a)(1), a year", ask(Frcp6, "2025-03-10", 1, Years), "2026-03-10"),
    ]);
}

#[test]
fn holidays_of_rule_6_a_6_count_on_the_observed_day() {
    check(&[
        ("5 U.S.C. § 6103 (b): Independence Day on a Saturday", ask(Frcp6, "2026-07-02", 1, Days), "2026-07-06"),
        ("E.O. 11582: Independence Day on a Sunday", ask(Frcp6, "2021-06-30", 3, Days), "2021-07-06"),
        (
            "6(a)(6)(B), Juneteenth by Congress, observed the day after it was made",
            ask(Frcp6, "2021-06-17", 1, Days),
            "2021-06-21",
        ),
        ("6(a)(6)(A), no Juneteenth in 2020", ask(Frcp6, "2020-06-18", 1, Days), "2020-06-19"),
        ("New Year's Day observed in the old year", ask(Frcp6, "2021-12-30", 1, Days), "2022-01-03"),
        ("Inauguration Day is no legal holiday", ask(Frcp6, "2021-01-19", 1, Days), "2021-01-20"),
        ("the Friday after Thanksgiving is none", ask(Frcp6, "2016-11-18", 7, Days), "2016-11-25"),
    ]);
}

#[test]
fn next_day_continues_in_the_direction_of_counting() {
    check(&[
        ("6(a)(5), committee note 2009", ask(Frcp6, "2007-09-11", 10, Days).before(), "2007-08-31"),
        ("6(a)(5), Memorial Day weekend", ask(Frcp6, "2026-06-08", 14, Days).before(), "2026-05-22"),
    ]);
    let outcome = compute(&ask(Frcp6, "2007-09-11", 10, Days).before()).unwrap();
    assert_eq!(
        outline(&outcome),
        [
            ("version", "Fed. R. Civ. P. 6(a) (2009)", "2007-09-11".to_owned()),
            ("trigger", "Fed. R. Civ. P. 6(a)(1)(A)", "2007-09-11".to_owned()),
            ("count", "Fed. R. Civ. P. 6(a)(1)(B)", "2007-09-01".to_owned()),
            ("next_day", "Fed. R. Civ. P. 6(a)(1)(C), 6(a)(5)", "2007-08-31".to_owned()),
        ]
    );
}

#[test]
fn an_inaccessible_office_extends_forward_in_both_directions() {
    check(&[
        ("6(a)(3)(A)", ask(Frcp6, "2026-03-02", 1, Days).closed(&["2026-03-03"]), "2026-03-04"),
        (
            "6(a)(3)(A), over a weekend",
            ask(Frcp6, "2026-03-04", 1, Days).closed(&["2026-03-05", "2026-03-06", "2026-03-09"]),
            "2026-03-10",
        ),
        (
            "6(a)(3)(A), committee note 2009: forward, to after Labor Day",
            ask(Frcp6, "2007-09-11", 10, Days).before().closed(&["2007-08-31"]),
            "2007-09-04",
        ),
        (
            "6(a)(3) concerns the last day alone",
            ask(Frcp6, "2026-03-02", 3, Days).closed(&["2026-03-03"]),
            "2026-03-05",
        ),
    ]);
}

#[test]
fn three_days_are_added_after_the_period_would_expire() {
    check(&[
        (
            "6(d), committee note 2005: Saturday, holiday, expiry on Tuesday, due on Friday",
            ask(Frcp6, "2007-08-02", 30, Days).served(Mail),
            "2007-09-07",
        ),
        (
            "6(d), committee note 2005: from Friday to Monday",
            ask(Frcp6, "2007-07-25", 30, Days).served(Mail),
            "2007-08-27",
        ),
        (
            "6(d), committee note 2005: that Monday a holiday",
            ask(Frcp6, "2007-08-01", 30, Days).served(Mail),
            "2007-09-04",
        ),
        (
            "6(d), note to Fed. R. App. P. 26(c): Friday, Saturday, Sunday, so Monday",
            ask(Frcp6, "2026-03-05", 14, Days).served(Mail),
            "2026-03-23",
        ),
        ("6(d), 5(b)(2)(D)", ask(Frcp6, "2026-03-02", 14, Days).served(Clerk), "2026-03-19"),
        ("6(d), 5(b)(2)(F)", ask(Frcp6, "2026-03-02", 14, Days).served(OtherConsented), "2026-03-19"),
        ("6(d), 5(b)(2)(A)", ask(Frcp6, "2026-03-02", 14, Days).served(Personal), "2026-03-16"),
        ("6(d), 5(b)(2)(B)", ask(Frcp6, "2026-03-02", 14, Days).served(OfficeOrDwelling), "2026-03-16"),
        ("6(d), 5(b)(2)(E)", ask(Frcp6, "2026-03-02", 14, Days).served(Electronic), "2026-03-16"),
        ("6(d) before 1 December 2016, 5(b)(2)(E)", ask(Frcp6, "2016-11-18", 7, Days).served(Electronic), "2016-11-28"),
        ("6(d) on the last day of its old form", ask(Frcp6, "2016-11-30", 7, Days).served(Electronic), "2016-12-12"),
        ("6(d) since 1 December 2016", ask(Frcp6, "2016-12-01", 7, Days).served(Electronic), "2016-12-08"),
        ("6(d) after 6(a)(3)", ask(Frcp6, "2026-03-02", 7, Days).served(Mail).closed(&["2026-03-09"]), "2026-03-13"),
    ]);
}

#[test]
fn hours_run_on_the_clock_and_roll_to_the_same_time() {
    // (description, computation, due date, due time)
    let rows: &[(&str, Computation, &str, &str)] = &[
        (
            "6(a)(2)(A) and (B)",
            ask(Frcp6, "2026-03-03T10:23:00-05:00", 24, Hours),
            "2026-03-04",
            "2026-03-04T15:23:00Z",
        ),
        (
            "6(a)(2)(C), Sunday",
            ask(Frcp6, "2026-03-05T10:00:00-05:00", 72, Hours),
            "2026-03-09",
            "2026-03-09T15:00:00Z",
        ),
        (
            "committee note 2009 to (a)(2): 72 hours over the end of summer time end at 9:23",
            ask(Frcp6, "2007-11-02T10:23:00-04:00", 72, Hours),
            "2007-11-05",
            "2007-11-05T14:23:00Z",
        ),
        (
            "6(a)(2)(C), 6(a)(5): backward",
            ask(Frcp6, "2026-03-09T10:00:00-04:00", 24, Hours).before(),
            "2026-03-06",
            "2026-03-06T14:00:00Z",
        ),
        (
            "6(a)(3)(B)",
            ask(Frcp6, "2026-03-03T10:00:00-05:00", 24, Hours).closed(&["2026-03-04"]),
            "2026-03-05",
            "2026-03-05T15:00:00Z",
        ),
        (
            "6(d): the same time three days later",
            ask(Frcp6, "2026-03-03T10:00:00-05:00", 24, Hours).served(Mail),
            "2026-03-09",
            "2026-03-09T15:00:00Z",
        ),
        (
            "the day is the court's, not that of UTC",
            ask(Frcp6, "2026-03-05T21:00:00-05:00", 24, Hours),
            "2026-03-06",
            "2026-03-07T02:00:00Z",
        ),
    ];
    for (about, computation, due_on, due_at) in rows {
        let outcome = compute(computation).unwrap();
        assert_eq!(outcome.due_on.to_string(), *due_on, "{about}");
        assert_eq!(outcome.due_at, Some(due_at.parse::<DateTime<Utc>>().unwrap()), "{about}");
    }
}

#[test]
fn a_presidential_closing_is_a_holiday_only_in_its_calendar() {
    check(&[
        ("6(a)(6)(A) alone", ask(Frcp6, "2018-12-03", 2, Days), "2018-12-05"),
        ("6(a)(6)(B), E.O. 13852", ask(Frcp6, "2018-12-03", 2, Days).at(UsFederalClosings), "2018-12-06"),
        ("the statutory holidays stay", ask(Frcp6, "2018-12-24", 1, Days).at(UsFederalClosings), "2018-12-26"),
    ]);
    let outcome = compute(&ask(Frcp6, "2018-12-03", 2, Days)).unwrap();
    let last = outcome.steps.last().unwrap();
    assert_eq!((last.rule.as_str(), last.citation.as_str()), ("closing", "Fed. R. Civ. P. 6(a)(6)(B); E.O. 13852"));
}

#[test]
fn the_steps_explain_the_whole_computation() {
    let outcome = compute(&ask(Frcp6, "2026-08-06", 30, Days).served(Mail)).unwrap();
    assert_eq!(
        outline(&outcome),
        [
            ("trigger", "Fed. R. Civ. P. 6(a)(1)(A)", "2026-08-06".to_owned()),
            ("count", "Fed. R. Civ. P. 6(a)(1)(B)", "2026-09-05".to_owned()),
            ("next_day", "Fed. R. Civ. P. 6(a)(1)(C)", "2026-09-08".to_owned()),
            ("service", "Fed. R. Civ. P. 6(d)", "2026-09-11".to_owned()),
            ("last_day", "Fed. R. Civ. P. 6(a)(1)(C)", "2026-09-11".to_owned()),
        ]
    );
    let explanations: Vec<&str> = outcome.steps.iter().map(|step| step.explanation.as_str()).collect();
    assert_eq!(
        explanations,
        [
            "the day of the event, Thursday, 6 August 2026, is not counted",
            "30 days after it, every day counted, end on Saturday, 5 September 2026",
            "Saturday, 5 September 2026 is a Saturday; Sunday, 6 September 2026 is a Sunday; Monday, 7 September 2026 is Labor Day \
             (Fed. R. Civ. P. 6(a)(6)(A); 5 U.S.C. § 6103 (a)): the period continues to run, after that day, until Tuesday, 8 \
             September 2026",
            "service by mail (5(b)(2)(C)) adds 3 days after Tuesday, 8 September 2026, when the period would expire",
            "Friday, 11 September 2026 is not a Saturday, Sunday or legal holiday and is included",
        ]
    );
}
