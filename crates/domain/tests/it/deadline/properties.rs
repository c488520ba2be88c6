//! Properties of every computation.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Utc, Weekday};
use docket_domain::deadline::{CalendarKey, Computation, Direction, MAX_COUNT, Rule, Service, Trigger, Unit, compute};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

const SPANS: &[Unit] = &[Unit::Days, Unit::Weeks, Unit::Months, Unit::Years];
const GERMAN: &[CalendarKey] =
    &[CalendarKey::De, CalendarKey::DeBy, CalendarKey::DeSn, CalendarKey::DeNw, CalendarKey::DeBe];

fn day_between(first: (i32, u32, u32), days: u64) -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(first.0, first.1, first.2).unwrap();
    (0..days).prop_map(move |days| first.checked_add_days(Days::new(days)).unwrap())
}

/// A trigger at least ten years from both ends of the verified years.
fn event() -> impl Strategy<Value = NaiveDate> {
    day_between((2011, 1, 1), 13 * 365)
}

fn is_off(key: CalendarKey, day: NaiveDate) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun) || key.calendar().holiday(day).unwrap().is_some()
}

fn question(rule: Rule, event: NaiveDate, count: u32, unit: Unit, direction: Direction) -> Computation {
    Computation {
        rule,
        trigger: Trigger::Date(event),
        count,
        unit,
        direction,
        service: None,
        counts_trigger_day: false,
        calendar: None,
        closed_days: BTreeSet::new(),
    }
}

fn due(computation: &Computation) -> NaiveDate {
    compute(computation).unwrap().due_on
}

/// A random count of this unit, less than ten years.
fn count_of(unit: Unit) -> impl Strategy<Value = u32> {
    match unit {
        Unit::Days | Unit::BusinessDays | Unit::Hours => 1..2400_u32,
        Unit::Weeks => 1..480,
        Unit::Months => 1..110,
        Unit::Years => 1..9,
    }
}

fn span() -> impl Strategy<Value = (u32, Unit)> {
    select(SPANS).prop_flat_map(|unit| (count_of(unit), Just(unit)))
}

fn anything() -> impl Strategy<Value = Computation> {
    let trigger = prop_oneof![
        day_between((1, 1, 1), 3_660_000).prop_map(Trigger::Date),
        day_between((1999, 1, 1), 14_000).prop_map(Trigger::Date),
        (-62_135_596_800_i64..253_402_300_800, -86_399..86_400_i32).prop_map(|(seconds, offset)| {
            let offset = chrono::FixedOffset::east_opt(offset).unwrap();
            Trigger::At(offset.timestamp_opt(seconds, 0).unwrap())
        }),
        (946_684_800_i64..2_082_758_400)
            .prop_map(|seconds| Trigger::At(Utc.timestamp_opt(seconds, 0).unwrap().fixed_offset())),
    ];
    (
        (select(Rule::ALL), trigger, prop_oneof![0..400_u32, 0..=MAX_COUNT, any::<u32>()], select(Unit::ALL)),
        (select(Direction::ALL), option::of(select(Service::ALL)), any::<bool>(), option::of(select(CalendarKey::ALL))),
        proptest::collection::btree_set(day_between((1999, 1, 1), 14_000), 0..40),
    )
        .prop_map(
            |((rule, trigger, count, unit), (direction, service, counts_trigger_day, calendar), closed_days)| {
                Computation {
                    rule,
                    trigger,
                    count,
                    unit,
                    direction,
                    service,
                    counts_trigger_day,
                    calendar,
                    closed_days,
                }
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_input_gives_a_due_date_or_an_invalid_field(computation in anything()) {
        match compute(&computation) {
            Ok(outcome) => {
                prop_assert_eq!(outcome.steps.last().map(|step| step.date), Some(outcome.due_on));
                prop_assert!(outcome.steps.iter().all(|step| !step.citation.is_empty() && !step.explanation.is_empty()));
                prop_assert_eq!(outcome.due_at.is_some(), computation.unit == Unit::Hours);
                prop_assert!(computation.violations().is_empty());
            }
            Err(error) => {
                prop_assert!(["trigger", "count", "unit", "service", "counts_trigger_day", "calendar", "closed_days"].contains(&error.field()));
            }
        }
    }

    #[test]
    fn rule_6_never_ends_on_a_day_off(event in event(), (count, unit) in span(), direction in select(Direction::ALL), mail in any::<bool>()) {
        let service = (mail && direction == Direction::After).then_some(Service::Mail);
        let computation = Computation { service, ..question(Rule::Frcp6, event, count, unit, direction) };
        let due = due(&computation);
        prop_assert!(!is_off(CalendarKey::UsFederal, due));
        match direction {
            Direction::After => prop_assert!(due > event),
            Direction::Before => prop_assert!(due < event),
        }
    }

    #[test]
    fn rule_6_rolls_over_days_off_only(event in event(), (count, unit) in span(), direction in select(Direction::ALL)) {
        let due = due(&question(Rule::Frcp6, event, count, unit, direction));
        let counted = self::due(&question(Rule::Plain, event, count, unit, direction));
        let (first, last) = if direction == Direction::After { (counted, due) } else { (due, counted) };
        prop_assert!(first <= last);
        for day in first.iter_days().take_while(|day| *day <= last).filter(|day| *day != due) {
            prop_assert!(is_off(CalendarKey::UsFederal, day));
        }
    }

    #[test]
    fn german_periods_end_on_working_days_of_the_calendar(event in event(), (count, unit) in span(), calendar in select(GERMAN), first in any::<bool>()) {
        let computation = Computation {
            calendar: Some(calendar),
            counts_trigger_day: first,
            ..question(Rule::Bgb, event, count, unit, Direction::After)
        };
        let due = due(&computation);
        prop_assert!(!is_off(calendar, due));
        let counted = self::due(&Computation { rule: Rule::Plain, ..computation });
        for day in counted.iter_days().take_while(|day| *day < due) {
            prop_assert!(is_off(calendar, day));
        }
    }

    #[test]
    fn a_longer_period_never_ends_sooner(event in event(), (count, unit) in span(), rule in select(Rule::ALL), direction in select(Direction::ALL)) {
        let shorter = due(&question(rule, event, count, unit, direction));
        let longer = due(&question(rule, event, count + 1, unit, direction));
        match direction {
            Direction::After => prop_assert!(shorter <= longer),
            Direction::Before => prop_assert!(shorter >= longer),
        }
    }

    #[test]
    fn service_by_mail_adds_three_to_seven_days(event in event(), (count, unit) in span()) {
        let served = question(Rule::Frcp6, event, count, unit, Direction::After);
        let handed = due(&served);
        let mailed = due(&Computation { service: Some(Service::Mail), ..served });
        prop_assert!((3..=7).contains(&mailed.signed_duration_since(handed).num_days()));
    }

    #[test]
    fn counting_the_trigger_day_shortens_by_at_most_one_day(event in event(), (count, unit) in span(), direction in select(Direction::ALL)) {
        let without = question(Rule::Plain, event, count, unit, direction);
        let with = Computation { counts_trigger_day: true, ..without.clone() };
        let shortened = due(&without).signed_duration_since(due(&with)).num_days().abs();
        prop_assert!(shortened == 1 || (shortened == 0 && matches!(unit, Unit::Months | Unit::Years) && event.day() >= 29));
    }

    #[test]
    fn business_days_agree_with_a_count_day_by_day(event in event(), count in 1..500_u32, direction in select(Direction::ALL), calendar in select(GERMAN)) {
        let due = due(&Computation { calendar: Some(calendar), ..question(Rule::Plain, event, count, Unit::BusinessDays, direction) });
        prop_assert!(!is_off(calendar, due));
        let between = if direction == Direction::After { event.succ_opt().unwrap()..due.succ_opt().unwrap() } else { due..event };
        let working = between.start.iter_days().take_while(|day| *day < between.end).filter(|day| !is_off(calendar, *day)).count();
        prop_assert_eq!(working, count as usize);
    }

    #[test]
    fn german_hours_agree_with_a_count_hour_by_hour(hours in 0..100_000_i64, count in 1..300_u32, direction in select(Direction::ALL)) {
        let event: DateTime<Utc> = Utc.with_ymd_and_hms(2012, 1, 1, 0, 0, 0).unwrap() + TimeDelta::hours(hours);
        let computation = Computation {
            trigger: Trigger::At(event.fixed_offset()),
            ..question(Rule::Bgb, NaiveDate::MIN, count, Unit::Hours, direction)
        };
        let due_at = compute(&computation).unwrap().due_at.unwrap();
        let (first, last) = (event.min(due_at), event.max(due_at));
        let counted = (0..(last - first).num_hours())
            .filter(|hour| !is_off(CalendarKey::De, berlin_day(first + TimeDelta::hours(*hour) + TimeDelta::minutes(30))))
            .count();
        prop_assert_eq!(counted, count as usize);
    }
}

/// The day in German legal time, computed from a table of the changes to and from summer time, independently of the
/// product.
fn berlin_day(moment: DateTime<Utc>) -> NaiveDate {
    /// (year, day of the change in March, day of the change in October), directive 2000/84/EC.
    const SUMMER: [(i32, u32, u32); 13] = [
        (2012, 25, 28),
        (2013, 31, 27),
        (2014, 30, 26),
        (2015, 29, 25),
        (2016, 27, 30),
        (2017, 26, 29),
        (2018, 25, 28),
        (2019, 31, 27),
        (2020, 29, 25),
        (2021, 28, 31),
        (2022, 27, 30),
        (2023, 26, 29),
        (2011, 27, 30),
    ];
    let (_, march, october) = SUMMER.iter().find(|(year, ..)| *year == moment.year()).unwrap();
    let begins = Utc.with_ymd_and_hms(moment.year(), 3, *march, 1, 0, 0).unwrap();
    let ends = Utc.with_ymd_and_hms(moment.year(), 10, *october, 1, 0, 0).unwrap();
    let offset = if (begins..ends).contains(&moment) { 2 } else { 1 };
    (moment + TimeDelta::hours(offset)).date_naive()
}
