//! Working time and clocks.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use docket_domain::{
    actor::{Actor, Context},
    case::{Details, Edit, Priority},
    command::{Command, NewCase, TransitionRequest},
    deadline::CalendarKey,
    decide,
    event::CaseEvent,
    id::{AccountId, CaseId},
    numbers::Numbers,
    scope::Scopes,
    service_level::{
        ClockState, EventPattern, HoursCache, Share, Span, Target, TargetClock, Week, WorkCalendar, WorkDuration,
        WorkingHours, read_clock,
    },
    workflow::{EntityType, builtin},
};
use proptest::prelude::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn span(from: &str, to: &str) -> Span {
    Span(from.parse().unwrap(), to.parse().unwrap())
}

fn calendar(zone: &str, day: &[Span], weekend: &[Span]) -> WorkCalendar {
    let (day, weekend) = (day.to_vec(), weekend.to_vec());
    WorkCalendar {
        key: "office".to_owned(),
        name: "Office".to_owned(),
        time_zone: zone.parse().unwrap(),
        hours: Week {
            monday: day.clone(),
            tuesday: day.clone(),
            wednesday: day.clone(),
            thursday: day.clone(),
            friday: day,
            saturday: weekend.clone(),
            sunday: weekend,
        },
        holidays: None,
        closed: BTreeSet::new(),
        open: BTreeMap::new(),
    }
}

fn office() -> WorkCalendar {
    calendar("Europe/Berlin", &[span("09:00", "12:30"), span("13:30", "18:00")], &[])
}

fn always(zone: &str) -> WorkCalendar {
    let all = [span("00:00", "24:00")];
    calendar(zone, &all, &all)
}

fn seconds(hours: i64) -> WorkDuration {
    WorkDuration::seconds(hours * 3_600)
}

#[test]
fn working_time_leaves_out_nights_weekends_and_holidays() {
    let mut office = office();
    office.holidays = Some(CalendarKey::DeBy);
    office.closed = BTreeSet::from([NaiveDate::from_ymd_opt(2026, 12, 24).unwrap()]);
    office.open = BTreeMap::from([(NaiveDate::from_ymd_opt(2026, 12, 19).unwrap(), vec![span("10:00", "14:00")])]);
    let hours = WorkingHours::of(office);
    // Friday, 17:00 in Berlin, to Monday, 10:00.
    assert_eq!(hours.between(at("2026-06-12T15:00:00Z"), at("2026-06-15T08:00:00Z")), seconds(2));
    assert_eq!(hours.after(at("2026-06-12T15:00:00Z"), seconds(2)), Some(at("2026-06-15T08:00:00Z")));
    // Until the end of the day, not the beginning of the next.
    assert_eq!(hours.after(at("2026-06-12T15:00:00Z"), seconds(1)), Some(at("2026-06-12T16:00:00Z")));
    // A Saturday with its own hours, a closed day, and Christmas.
    assert_eq!(hours.between(at("2026-12-19T00:00:00Z"), at("2026-12-20T00:00:00Z")), seconds(4));
    assert_eq!(hours.between(at("2026-12-23T23:00:00Z"), at("2026-12-28T00:00:00Z")), seconds(0));
    assert_eq!(hours.between(at("2026-06-15T08:00:00Z"), at("2026-06-12T15:00:00Z")), seconds(0));
}

#[test]
fn days_with_a_change_of_the_clocks_have_23_or_25_hours() {
    for (zone, spring, autumn) in [
        ("Europe/Berlin", ("2026-03-28T23:00:00Z", 23), ("2026-10-24T22:00:00Z", 25)),
        ("America/New_York", ("2026-03-08T05:00:00Z", 23), ("2026-11-01T04:00:00Z", 25)),
    ] {
        let hours = WorkingHours::of(always(zone));
        for (begin, length) in [spring, autumn] {
            let begin = at(begin);
            assert_eq!(hours.between(begin, begin + TimeDelta::hours(length)), seconds(length), "{zone}");
            assert_eq!(hours.after(begin, seconds(length)), Some(begin + TimeDelta::hours(length)));
        }
    }
    // The night hours of the day on which two to three is skipped.
    let nights = [span("01:00", "02:30"), span("02:30", "04:00")];
    let hours = WorkingHours::of(calendar("Europe/Berlin", &nights, &nights));
    assert_eq!(hours.between(at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z")), seconds(2));
    assert_eq!(hours.between(at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z")), seconds(4));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn after_and_between_are_inverse(
        zone in proptest::sample::select(&chrono_tz::TZ_VARIANTS[..]),
        from in 0_i64..2_140_000_000,
        wanted in 1_i64..2_000_000,
        wide in any::<bool>(),
    ) {
        static CACHE: std::sync::LazyLock<HoursCache> = std::sync::LazyLock::new(HoursCache::default);
        let calendar = if wide { always(zone.name()) } else { WorkCalendar { time_zone: zone, ..office() } };
        let hours = CACHE.of(&calendar);
        let from = DateTime::from_timestamp(from, 0).unwrap();
        let wanted = WorkDuration::seconds(wanted);
        let after = hours.after(from, wanted).unwrap();
        prop_assert_eq!(hours.between(from, after), wanted);
        // One second earlier, it is not over yet.
        prop_assert_eq!(hours.between(from, after - TimeDelta::seconds(1)).as_seconds(), wanted.as_seconds() - 1);
        if wide {
            prop_assert_eq!((after - from).num_seconds(), wanted.as_seconds());
        }
    }
}

fn target() -> Target {
    Target {
        name: "Resolution".to_owned(),
        starts_on: EventPattern::Created,
        stops_on: "outcome:resolved".parse().unwrap(),
        pauses_in: vec!["pending_customer".to_owned()],
        goal: seconds(8),
        goal_by_priority: BTreeMap::from([(Priority::Urgent, seconds(2))]),
        calendar: "office".to_owned(),
        warn_at: Share::WARN_AT,
        restarts: true,
    }
}

/// The log of a case: created, and then these commands at these times.
fn log(created: &str, then: &[(&str, Command)]) -> Vec<CaseEvent> {
    let workflow = builtin(EntityType::Case);
    let context =
        |time: &str| Context::new(AccountId(1), Actor { id: None, name: "Dana".to_owned() }, Scopes::all(), at(time));
    let context_of_creation = context(created);
    let new = NewCase::new(uuid::Uuid::from_u128(1), Details::opened_on(at(created).date_naive()));
    let decision = decide::create(new, workflow, &context_of_creation).unwrap();
    let commit = decision.number(&Numbers { case: Some(CaseId(1)), ..Numbers::default() });
    let mut log = commit.entries.into_iter().map(|entry| entry.event).collect::<Vec<_>>();
    let mut case = commit.case;
    for (time, command) in then {
        let decision = decide::decide(&case, workflow, command.clone(), &context(time)).unwrap();
        let commit = decision.number(&Numbers { first_instance: Some(2), ..Numbers::default() });
        log.extend(commit.entries.into_iter().map(|entry| entry.event));
        case = commit.case;
    }
    log
}

fn to(status: &str) -> Command {
    Command::Transition(TransitionRequest::to(docket_domain::workflow::StatusKey::new(status), Some("why".to_owned())))
}

fn clock(target: &Target, log: &[CaseEvent], now: &str) -> TargetClock {
    read_clock(target, &WorkingHours::of(office()), log, at(now))
}

#[test]
fn a_pause_stops_the_clock_and_a_resolution_ends_it() {
    // Monday 09:00 in Berlin; three hours of work, a pause until Wednesday 10:00, an hour, and the end.
    let events = log(
        "2026-06-15T07:00:00Z",
        &[
            ("2026-06-15T08:00:00Z", to("in_progress")),
            ("2026-06-15T10:00:00Z", to("pending_customer")),
            ("2026-06-17T08:00:00Z", to("in_progress")),
            ("2026-06-17T09:00:00Z", to("resolved")),
        ],
    );
    let running = clock(&target(), &events, "2026-06-15T09:00:00Z");
    assert_eq!((running.state, running.elapsed, running.remaining()), (ClockState::Running, seconds(2), seconds(6)));
    // Eight working hours from nine, with an hour of lunch.
    assert_eq!(running.due_at, Some(at("2026-06-15T16:00:00Z")));
    let paused = clock(&target(), &events, "2026-06-16T12:00:00Z");
    assert_eq!((paused.state, paused.elapsed, paused.due_at), (ClockState::Paused, seconds(3), None));
    let met = clock(&target(), &events, "2026-07-01T00:00:00Z");
    assert_eq!((met.state, met.elapsed, met.met_at), (ClockState::Met, seconds(4), Some(at("2026-06-17T09:00:00Z"))));
    let counted = met.segments.iter().map(|segment| (segment.counts, segment.worked)).collect::<Vec<_>>();
    assert_eq!(counted, [(true, seconds(3)), (false, seconds(0)), (true, seconds(1))]);
    assert_eq!(met.segments[1].event, events[2].id());
    assert!(met.segments[1].explanation.contains("pending_customer"), "{:?}", met.segments[1]);
}

#[test]
fn the_goal_passes_at_its_moment_whenever_it_is_asked() {
    let events = log("2026-06-15T07:00:00Z", &[("2026-06-16T12:00:00Z", to("resolved"))]);
    let due = at("2026-06-15T16:00:00Z");
    for now in ["2026-06-15T16:00:00Z", "2026-06-15T20:00:00Z", "2026-08-01T00:00:00Z"] {
        let clock = clock(&target(), &events, now);
        assert_eq!(
            (clock.state, clock.breached_at, clock.due_at),
            (ClockState::Breached, Some(due), Some(due)),
            "{now}"
        );
        assert_eq!(clock.remaining(), seconds(0));
    }
    let before = clock(&target(), &events, "2026-06-15T15:59:59Z");
    assert_eq!((before.state, before.is_at_risk), (ClockState::Running, true));
    assert!(!clock(&target(), &events, "2026-06-15T10:00:00Z").is_at_risk);
}

#[test]
fn the_priority_sets_the_goal_and_a_reopening_begins_anew() {
    let urgent = Command::Edit(vec![Edit::Priority(Priority::Urgent)]);
    let events = log("2026-06-15T07:00:00Z", &[("2026-06-15T08:00:00Z", urgent)]);
    let urgent = clock(&target(), &events, "2026-06-15T08:30:00Z");
    assert_eq!((urgent.goal, urgent.due_at), (seconds(2), Some(at("2026-06-15T09:00:00Z"))));
    let reopened = log(
        "2026-06-15T07:00:00Z",
        &[
            ("2026-06-15T08:00:00Z", to("resolved")),
            ("2026-06-15T08:30:00Z", to("closed")),
            ("2026-06-17T08:00:00Z", to("open")),
        ],
    );
    let anew = clock(&target(), &reopened, "2026-06-17T09:00:00Z");
    assert_eq!((anew.state, anew.elapsed, anew.segments.len()), (ClockState::Running, seconds(1), 1));
    let final_one = Target { restarts: false, ..target() };
    assert_eq!(clock(&final_one, &reopened, "2026-06-17T09:00:00Z").state, ClockState::Met);
}

#[test]
fn events_count_when_they_occurred() {
    let mut events = log(
        "2026-06-15T07:00:00Z",
        &[("2026-06-15T08:00:00Z", to("pending_customer")), ("2026-06-15T10:00:00Z", to("in_progress"))],
    );
    let expected = clock(&target(), &events, "2026-06-15T12:00:00Z");
    // Recorded in another order, the log gives the same clock.
    events.swap(1, 2);
    assert_eq!(clock(&target(), &events, "2026-06-15T12:00:00Z"), expected);
    assert_eq!(clock(&target(), &[], "2026-06-15T12:00:00Z").state, ClockState::Pending);
}
