//! §§ 187–193 BGB and § 222 ZPO. `docs/deadlines.md` lists the published source of each checked row.

use chrono::{DateTime, Utc};
use docket_domain::deadline::CalendarKey::{
    DeBe, DeBw, DeBy, DeByAssumption, DeByAugsburg, DeHe, DeNi, DeSn, DeSnCorpusChristi, DeTh,
};
use docket_domain::deadline::Rule::Bgb;
use docket_domain::deadline::Unit::{Days, Hours, Months, Weeks, Years};
use docket_domain::deadline::{Computation, compute};

use super::{Adjust, ask, check, outline};

#[test]
fn the_day_of_the_event_is_not_counted() {
    check(&[
        ("§§ 187 (1), 188 (1)", ask(Bgb, "2026-06-01", 14, Days), "2026-06-15"),
        ("§§ 187 (1), 188 (2) alt. 1, a week", ask(Bgb, "2026-07-07", 1, Weeks), "2026-07-14"),
        ("§§ 187 (1), 188 (2) alt. 1, a month", ask(Bgb, "2026-04-04", 1, Months), "2026-05-04"),
        ("§ 188 (2): 28 February and a month", ask(Bgb, "2025-02-28", 1, Months), "2025-03-28"),
        ("§ 188 (3): 31 January and a month", ask(Bgb, "2025-01-31", 1, Months), "2025-02-28"),
        ("§ 188 (3): 31 January and a month, leap year", ask(Bgb, "2024-01-31", 1, Months), "2024-02-29"),
        ("§ 188 (3): 29 February and a year", ask(Bgb, "2024-02-29", 1, Years), "2025-02-28"),
        ("§ 188 (2): a year", ask(Bgb, "2025-03-10", 1, Years), "2026-03-10"),
    ]);
}

#[test]
fn the_day_that_begins_the_period_is_counted() {
    check(&[
        ("§§ 187 (2), 188 (1)", ask(Bgb, "2026-06-01", 15, Days).counting_trigger_day(), "2026-06-15"),
        ("§§ 187 (2), 188 (2) alt. 2, a week", ask(Bgb, "2026-06-02", 1, Weeks).counting_trigger_day(), "2026-06-08"),
        ("§§ 187 (2), 188 (2) alt. 2, a month", ask(Bgb, "2027-04-04", 1, Months).counting_trigger_day(), "2027-05-03"),
        (
            "§ 187 (2) sentence 2: of age at the end of the day before the birthday",
            ask(Bgb, "2000-07-07", 18, Years).counting_trigger_day(),
            "2018-07-06",
        ),
        (
            "§ 187 (2): from the first of a month",
            ask(Bgb, "2026-03-01", 1, Months).counting_trigger_day(),
            "2026-03-31",
        ),
        (
            "§ 188 (3): the day before the 31st is missing, too",
            ask(Bgb, "2025-01-31", 1, Months).counting_trigger_day(),
            "2025-02-28",
        ),
        (
            "§ 188 (2) alt. 2: the day before the missing 29th exists",
            ask(Bgb, "2025-01-29", 1, Months).counting_trigger_day(),
            "2025-02-28",
        ),
    ]);
}

#[test]
fn a_period_that_ends_on_a_day_off_rolls_to_the_next_working_day() {
    check(&[
        ("§ 193: Sunday, 4 May 2025", ask(Bgb, "2025-04-04", 1, Months), "2025-05-05"),
        ("§ 193: Saturday, 4 May 2024", ask(Bgb, "2024-04-04", 1, Months), "2024-05-06"),
        ("§ 193: Sunday, 15 January 2023", ask(Bgb, "2023-01-08", 1, Weeks), "2023-01-16"),
        (
            "§ 222 (2) ZPO, § 548 ZPO: served 30 November, Sunday 30 December",
            ask(Bgb, "2012-11-30", 1, Months),
            "2012-12-31",
        ),
        (
            "§ 551 (2) ZPO: two months from the same service, not from the roll",
            ask(Bgb, "2012-11-30", 2, Months),
            "2013-01-30",
        ),
        (
            "§§ 193, 195, 199: limitation ends on a Saturday, New Year's Eve",
            ask(Bgb, "2019-12-31", 3, Years),
            "2023-01-02",
        ),
        ("§ 193: over Easter", ask(Bgb, "2026-03-06", 4, Weeks), "2026-04-07"),
        ("24 December is no holiday", ask(Bgb, "2026-12-10", 2, Weeks), "2026-12-24"),
        ("§ 193: Christmas", ask(Bgb, "2026-12-11", 2, Weeks), "2026-12-28"),
    ]);
}

#[test]
fn holidays_depend_on_the_place() {
    check(&[
        ("31 October 2017, once everywhere", ask(Bgb, "2017-10-17", 2, Weeks), "2017-11-01"),
        ("§ 2 NFeiertagsG: none in 2016", ask(Bgb, "2016-10-17", 2, Weeks).at(DeNi), "2016-10-31"),
        ("§ 2 NFeiertagsG: from 2018 on", ask(Bgb, "2018-10-17", 2, Weeks).at(DeNi), "2018-11-01"),
        ("§ 1 SächsSFG: always", ask(Bgb, "2016-10-17", 2, Weeks).at(DeSn), "2016-11-01"),
        ("§ 1 SächsSFG: Buß- und Bettag", ask(Bgb, "2025-11-05", 2, Weeks).at(DeSn), "2025-11-20"),
        ("Art. 1 BayFTG: Allerheiligen", ask(Bgb, "2024-10-18", 2, Weeks).at(DeBy), "2024-11-04"),
        ("§ 1 FTG BW: Heilige Drei Könige", ask(Bgb, "2025-12-23", 2, Weeks).at(DeBw), "2026-01-07"),
        ("§ 1 HFeiertagsG: Fronleichnam", ask(Bgb, "2026-05-21", 2, Weeks).at(DeHe), "2026-06-05"),
        ("Fronleichnam is none in most of Saxony", ask(Bgb, "2026-05-21", 2, Weeks).at(DeSn), "2026-06-04"),
        ("§ 1 SächsSFG, FronleichnamsVO", ask(Bgb, "2026-05-21", 2, Weeks).at(DeSnCorpusChristi), "2026-06-05"),
        ("Berlin, 8 May 2025", ask(Bgb, "2025-04-24", 2, Weeks).at(DeBe), "2025-05-09"),
        ("§ 2 ThürFGtG: Weltkindertag", ask(Bgb, "2024-09-06", 2, Weeks).at(DeTh), "2024-09-23"),
        ("Art. 1 BayFTG: Mariä Himmelfahrt not everywhere", ask(Bgb, "2025-08-01", 2, Weeks).at(DeBy), "2025-08-15"),
        ("Art. 1 (1) no. 2 BayFTG", ask(Bgb, "2025-08-01", 2, Weeks).at(DeByAssumption), "2025-08-18"),
        ("Art. 1 (2) BayFTG: Augsburg", ask(Bgb, "2025-07-25", 2, Weeks).at(DeByAugsburg), "2025-08-11"),
        ("a local holiday given by the caller", ask(Bgb, "2026-06-01", 2, Weeks).closed(&["2026-06-15"]), "2026-06-16"),
    ]);
}

#[test]
fn a_period_counted_backward_is_mirrored_and_does_not_roll() {
    check(&[
        ("§§ 187 (1), 188 (1) by analogy", ask(Bgb, "2026-06-17", 3, Days).before(), "2026-06-14"),
        ("§§ 187 (1), 188 (2) by analogy", ask(Bgb, "2026-06-17", 1, Weeks).before(), "2026-06-10"),
        ("§ 188 (3) by analogy", ask(Bgb, "2026-03-31", 1, Months).before(), "2026-02-28"),
        ("§ 187 (2) by analogy", ask(Bgb, "2026-06-17", 3, Days).before().counting_trigger_day(), "2026-06-15"),
        (
            "§§ 187 (2), 188 (2) by analogy",
            ask(Bgb, "2026-05-31", 1, Months).before().counting_trigger_day(),
            "2026-05-01",
        ),
    ]);
    let outcome = compute(&ask(Bgb, "2026-06-17", 1, Weeks).before()).unwrap();
    assert!(outcome.steps.iter().any(|step| step.explanation.contains("the act must come before that day begins")));
}

#[test]
fn hours_skip_saturdays_sundays_and_holidays() {
    let rows: &[(&str, Computation, &str, &str)] = &[
        (
            "§ 222 (3) ZPO, a working day",
            ask(Bgb, "2026-06-16T10:00:00Z", 24, Hours),
            "2026-06-17",
            "2026-06-17T10:00:00Z",
        ),
        (
            "§ 222 (3) ZPO, over a weekend",
            ask(Bgb, "2026-06-12T10:00:00Z", 24, Hours),
            "2026-06-15",
            "2026-06-15T10:00:00Z",
        ),
        (
            "§ 222 (3) ZPO, over Easter",
            ask(Bgb, "2026-04-02T10:00:00Z", 24, Hours),
            "2026-04-07",
            "2026-04-07T10:00:00Z",
        ),
        (
            "an event on a Saturday runs from Monday, 0:00",
            ask(Bgb, "2026-06-13T10:00:00Z", 24, Hours),
            "2026-06-15",
            "2026-06-15T22:00:00Z",
        ),
        (
            "an end at midnight belongs to the day before",
            ask(Bgb, "2026-06-12T10:00:00Z", 12, Hours),
            "2026-06-12",
            "2026-06-12T22:00:00Z",
        ),
        (
            "summer time begins on the Sunday between",
            ask(Bgb, "2026-03-27T10:00:00Z", 24, Hours),
            "2026-03-30",
            "2026-03-30T09:00:00Z",
        ),
        (
            "summer time ends on the Sunday between",
            ask(Bgb, "2026-10-23T10:00:00Z", 24, Hours),
            "2026-10-26",
            "2026-10-26T11:00:00Z",
        ),
        ("backward", ask(Bgb, "2026-06-15T10:00:00Z", 24, Hours).before(), "2026-06-12", "2026-06-12T10:00:00Z"),
        (
            "backward to the very beginning of a day",
            ask(Bgb, "2026-06-16T10:00:00Z", 12, Hours).before(),
            "2026-06-16",
            "2026-06-15T22:00:00Z",
        ),
    ];
    for (about, computation, due_on, due_at) in rows {
        let outcome = compute(computation).unwrap();
        assert_eq!(outcome.due_on.to_string(), *due_on, "{about}");
        assert_eq!(outcome.due_at, Some(due_at.parse::<DateTime<Utc>>().unwrap()), "{about}");
    }
}

#[test]
fn the_steps_explain_the_whole_computation() {
    let outcome = compute(&ask(Bgb, "2024-01-31", 1, Months)).unwrap();
    assert_eq!(
        outline(&outcome),
        [
            ("trigger", "§ 187 Abs. 1 BGB", "2024-01-31".to_owned()),
            ("count", "§ 188 Abs. 2, 3 BGB", "2024-02-29".to_owned()),
            ("last_day", "§ 193 BGB, § 222 Abs. 2 ZPO", "2024-02-29".to_owned()),
        ]
    );
    let outcome = compute(&ask(Bgb, "2017-10-17", 2, Weeks)).unwrap();
    assert_eq!(
        outline(&outcome),
        [
            ("trigger", "§ 187 Abs. 1 BGB", "2017-10-17".to_owned()),
            ("count", "§ 188 Abs. 2 BGB", "2017-10-31".to_owned()),
            ("next_day", "§ 193 BGB, § 222 Abs. 2 ZPO", "2017-11-01".to_owned()),
        ]
    );
    assert!(outcome.steps.iter().any(|step| step.explanation.contains("Reformationstag")));
}
