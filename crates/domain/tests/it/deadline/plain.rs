//! Counts without a legal rule.

use docket_domain::deadline::CalendarKey::{De, DeBy, UsFederal};
use docket_domain::deadline::Rule::Plain;
use docket_domain::deadline::Unit::{BusinessDays, Days, Hours, Months, Weeks, Years};
use docket_domain::deadline::compute;

use super::{Adjust, ask, check, date};

#[test]
fn calendar_periods_do_not_roll() {
    check(&[
        ("days", ask(Plain, "2026-06-01", 12, Days), "2026-06-13"),
        ("days, backward", ask(Plain, "2026-06-01", 1, Days).before(), "2026-05-31"),
        ("weeks", ask(Plain, "2026-06-06", 1, Weeks), "2026-06-13"),
        ("months", ask(Plain, "2026-01-31", 1, Months), "2026-02-28"),
        (
            "a lease of a year from 1 March ends on a Sunday",
            ask(Plain, "2026-03-01", 1, Years).counting_trigger_day(),
            "2027-02-28",
        ),
        ("beyond every calendar", ask(Plain, "1850-01-01", 300, Years), "2150-01-01"),
    ]);
}

#[test]
fn business_days_skip_weekends_holidays_and_closed_days() {
    check(&[
        ("weekends alone", ask(Plain, "2026-04-02", 1, BusinessDays), "2026-04-03"),
        ("Good Friday and Easter Monday", ask(Plain, "2026-04-02", 1, BusinessDays).at(De), "2026-04-07"),
        ("Thanksgiving", ask(Plain, "2026-11-25", 2, BusinessDays).at(UsFederal), "2026-11-30"),
        ("Fronleichnam", ask(Plain, "2026-06-03", 1, BusinessDays).at(DeBy), "2026-06-05"),
        ("closed", ask(Plain, "2026-06-01", 2, BusinessDays).closed(&["2026-06-02"]), "2026-06-04"),
        ("backward over Easter", ask(Plain, "2026-04-07", 1, BusinessDays).before().at(De), "2026-04-02"),
        ("a working trigger counted", ask(Plain, "2026-06-01", 1, BusinessDays).counting_trigger_day(), "2026-06-01"),
        (
            "a Sunday trigger counted is none",
            ask(Plain, "2026-05-31", 1, BusinessDays).counting_trigger_day(),
            "2026-06-01",
        ),
        ("ten", ask(Plain, "2026-06-01", 10, BusinessDays), "2026-06-15"),
    ]);
}

#[test]
fn hours_are_counted_on_the_clock() {
    let outcome = compute(&ask(Plain, "2026-06-05T20:00:00-05:00", 5, Hours)).unwrap();
    assert_eq!(outcome.due_on, date("2026-06-06"));
    assert_eq!(outcome.due_at.unwrap().to_rfc3339(), "2026-06-06T06:00:00+00:00");
}
