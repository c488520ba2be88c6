//! Deadlines of cases.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use chrono::TimeDelta;
use docket_domain::{
    actor::{Actor, Context},
    case::Case,
    command::Command,
    deadline::{
        Computation, Deadline, DeadlineChanges, DeadlineFilter, DeadlineKind, DeadlineStatus, Direction, NewDeadline,
        Rule, Service, Unit, When,
    },
    error::{Error, Rejection},
    id::{Entity, PersonId},
    service::{add_deadline, change_deadline, list_deadlines, load_deadline, remove_deadline},
    store::CaseStore,
    time::{TimeBound, TimeRange, Timestamp},
};

use crate::{
    bed::{Bed, day, named, on_both_databases, to_status},
    commits::assert_folds_to,
    participants::{faults, person},
};

on_both_databases! {
    a_deadline_is_stored_as_it_was_given,
    a_computed_deadline_keeps_its_steps,
    an_open_deadline_is_missed_after_its_last_moment,
    only_a_second_person_can_verify,
    a_change_of_the_due_date_resets_the_verification,
    a_deadline_is_met_cancelled_and_reopened,
    all_invalid_fields_are_reported_together,
    lists_across_cases_are_ordered_by_due_date,
    open_deadlines_of_a_closed_case_are_listed,
    a_removed_deadline_is_not_found,
}

pub(crate) fn new(title: &str, due: &str) -> NewDeadline {
    NewDeadline {
        title: title.to_owned(),
        kind: DeadlineKind::Court,
        when: When::At(due.parse().unwrap()),
        assigned_to: None,
        warn_on: None,
    }
}

fn by_mail(count: u32) -> Computation {
    Computation {
        rule: Rule::Frcp6,
        trigger: "2026-07-03".parse().unwrap(),
        count,
        unit: Unit::Days,
        direction: Direction::After,
        service: Some(Service::Mail),
        counts_trigger_day: false,
        calendar: None,
        closed_days: BTreeSet::new(),
    }
}

pub(crate) async fn add(bed: &Bed, case: &Case, new: NewDeadline) -> Deadline {
    add_deadline(&bed.store, &bed.context(), case.id.into(), new).await.unwrap()
}

async fn change(bed: &Bed, deadline: &Deadline, changes: DeadlineChanges) -> Result<Deadline, Error> {
    change_deadline(&bed.store, &bed.context(), deadline.id, changes).await
}

async fn kinds(bed: &Bed, case: &Case) -> Vec<&'static str> {
    let log = bed.store.list_events(bed.account, case.id, 0, 100).await.unwrap();
    let stored = bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap();
    assert_folds_to(&log, &stored);
    log.iter().skip(1).map(|event| event.data.kind()).collect()
}

fn verified_by(person: Option<PersonId>) -> DeadlineChanges {
    DeadlineChanges { verified_by: Some(person), ..DeadlineChanges::default() }
}

fn status(status: DeadlineStatus) -> DeadlineChanges {
    DeadlineChanges { status: Some(status), ..DeadlineChanges::default() }
}

fn all(now: Timestamp) -> DeadlineFilter {
    DeadlineFilter { cases: None, due: TimeRange::default(), status: None, assigned_to: None, now }
}

async fn a_deadline_is_stored_as_it_was_given(bed: &Bed) {
    let case = bed.create(named("due")).await;
    let dues = [
        ("2026-03-31", "2026-03-31"),
        ("2026-03-31T09:30:00-04:00", "2026-03-31T13:30:00Z"),
        ("2026-03-31T09:30:00.125Z", "2026-03-31T09:30:00.125Z"),
    ];
    for (due, shown) in dues {
        let deadline = add(bed, &case, new("respond", due)).await;
        assert_eq!(deadline.due.to_string(), shown);
        assert_eq!(deadline.case_uuid, case.uuid);
        assert_eq!(load_deadline(&bed.store, bed.account, deadline.id).await.unwrap(), deadline);
    }
    let other = bed.new_account("other").await;
    let deadline = add(bed, &case, new("respond", "2026-04-01")).await;
    let foreign = load_deadline(&bed.store, other, deadline.id).await.unwrap_err();
    assert_eq!(foreign, Error::not_found(Entity::Deadline));
}

async fn a_computed_deadline_keeps_its_steps(bed: &Bed) {
    let case = bed.create(named("computed")).await;
    let deadline =
        add(bed, &case, NewDeadline { when: When::Computed(by_mail(30)), ..new("respond", "2026-01-01") }).await;
    assert_eq!(deadline.due.to_string(), "2026-08-06");
    assert_eq!(deadline.computation, Some(by_mail(30)));
    assert!(deadline.steps.iter().any(|step| step.citation == "Fed. R. Civ. P. 6(d)"));
    assert_eq!(load_deadline(&bed.store, bed.account, deadline.id).await.unwrap(), deadline);
    let same = DeadlineChanges { when: Some(When::At(deadline.due)), ..DeadlineChanges::default() };
    assert_eq!(change(bed, &deadline, same).await.unwrap(), deadline, "the same date keeps its explanation");
    let by_hand = When::At("2026-08-07".parse().unwrap());
    let by_hand = DeadlineChanges { when: Some(by_hand), ..DeadlineChanges::default() };
    let by_hand = change(bed, &deadline, by_hand).await.unwrap();
    assert_eq!((by_hand.computation, by_hand.steps), (None, Vec::new()));
}

async fn an_open_deadline_is_missed_after_its_last_moment(bed: &Bed) {
    let case = bed.create(named("late")).await;
    let deadline = add(bed, &case, new("respond", "2026-03-31")).await;
    let last = deadline.due.last_moment();
    for (now, told) in [(last, DeadlineStatus::Pending), (last + TimeDelta::microseconds(1), DeadlineStatus::Missed)] {
        assert_eq!(deadline.status(now), told);
        for asked in [DeadlineStatus::Pending, DeadlineStatus::Missed] {
            let filter = DeadlineFilter { status: Some(asked), ..all(now) };
            let list = list_deadlines(&bed.store, bed.account, None, filter.clone(), None, 10).await.unwrap().1.rows;
            assert_eq!(list.len(), usize::from(asked == told), "{asked} at {now}");
        }
    }
    assert_eq!(kinds(bed, &case).await, ["deadline.added"], "the log holds what people did");
}

/// The test's context with `person` as the actor.
fn acting_as(bed: &Bed, person: PersonId) -> Context {
    Context { actor: Actor { id: Some(person), name: "somebody".to_owned() }, ..bed.context() }
}

async fn only_a_second_person_can_verify(bed: &Bed) {
    let case = bed.create(named("four eyes")).await;
    let (ada, bob) = (person(bed, "Ada").await.id, person(bed, "Bob").await.id);
    let by_ada = acting_as(bed, ada);
    let deadline = add_deadline(&bed.store, &by_ada, case.id.into(), new("respond", "2026-03-31")).await.unwrap();
    assert_eq!(deadline.set_by, Some(ada));
    let own = change_deadline(&bed.store, &by_ada, deadline.id, verified_by(Some(ada))).await.unwrap_err();
    assert!(matches!(own, docket_domain::error::Error::Rejected(Rejection::FourEyes { .. })));
    let by_bob = acting_as(bed, bob);
    for named in [ada, PersonId(999_999)] {
        let other = change_deadline(&bed.store, &by_bob, deadline.id, verified_by(Some(named))).await;
        assert_eq!(faults(other), ["verified_by"]);
    }
    let verified = change_deadline(&bed.store, &by_bob, deadline.id, verified_by(Some(bob))).await.unwrap();
    assert_eq!(verified.verified_by, Some(bob));
    assert_eq!(load_deadline(&bed.store, bed.account, deadline.id).await.unwrap(), verified);
    assert_eq!(kinds(bed, &case).await, ["deadline.added", "deadline.verified"]);
}

async fn a_change_of_the_due_date_resets_the_verification(bed: &Bed) {
    let case = bed.create(named("four eyes")).await;
    let (ada, bob) = (person(bed, "Ada").await.id, person(bed, "Bob").await.id);
    let deadline = add(bed, &case, new("respond", "2026-03-31")).await;
    let by_bob = acting_as(bed, bob);
    change_deadline(&bed.store, &by_bob, deadline.id, verified_by(Some(bob))).await.unwrap();
    let watched = DeadlineChanges {
        assigned_to: Some(Some(ada)),
        warn_on: Some(Some(day(2026, 3, 24))),
        ..DeadlineChanges::default()
    };
    let watched = change(bed, &deadline, watched).await.unwrap();
    assert_eq!(watched.verified_by, Some(bob), "who sees to it is not what was verified");
    let moved = DeadlineChanges { when: Some(When::At("2026-04-01".parse().unwrap())), ..DeadlineChanges::default() };
    let moved = change_deadline(&bed.store, &by_bob, deadline.id, moved).await.unwrap();
    assert_eq!((moved.verified_by, moved.set_by), (None, Some(bob)));
    let own = change_deadline(&bed.store, &by_bob, deadline.id, verified_by(Some(bob))).await.unwrap_err();
    assert!(matches!(own, docket_domain::error::Error::Rejected(Rejection::FourEyes { .. })));
    change_deadline(&bed.store, &acting_as(bed, ada), deadline.id, verified_by(Some(ada))).await.unwrap();
}

async fn a_deadline_is_met_cancelled_and_reopened(bed: &Bed) {
    let case = bed.create(named("met")).await;
    let deadline = add(bed, &case, new("respond", "2026-03-31")).await;
    let now = bed.now();
    for told in [DeadlineStatus::Met, DeadlineStatus::Cancelled, DeadlineStatus::Pending] {
        let changed = change(bed, &deadline, status(told)).await.unwrap();
        assert_eq!(changed.status(now), told);
        assert_eq!(change(bed, &deadline, status(told)).await.unwrap(), changed, "the same again changes nothing");
    }
    assert_eq!(faults(change(bed, &deadline, status(DeadlineStatus::Missed)).await), ["status"]);
    let late = add(bed, &case, new("too late", "2020-01-01")).await;
    change(bed, &late, status(DeadlineStatus::Missed)).await.unwrap();
    change(bed, &late, status(DeadlineStatus::Met)).await.unwrap();
    let expected =
        ["deadline.added", "deadline.met", "deadline.cancelled", "deadline.reopened", "deadline.added", "deadline.met"];
    assert_eq!(kinds(bed, &case).await, expected);
    let log = bed.store.list_events(bed.account, case.id, 0, 100).await.unwrap();
    let late = log.iter().filter_map(|event| event.data.metadata().get("late").cloned()).collect::<Vec<_>>();
    assert_eq!(late, [false, true]);
}

async fn all_invalid_fields_are_reported_together(bed: &Bed) {
    let case = bed.create(named("wrong")).await;
    let wrong =
        NewDeadline { assigned_to: Some(PersonId(999_999)), warn_on: Some(day(2026, 4, 1)), ..new(" ", "2026-03-31") };
    let refused = add_deadline(&bed.store, &bed.context(), case.id.into(), wrong).await;
    assert_eq!(faults(refused), ["title", "assigned_to", "warn_on"]);
    let impossible = Computation { service: Some(Service::Mail), rule: Rule::Bgb, ..by_mail(0) };
    let impossible = NewDeadline { when: When::Computed(impossible), ..new("x", "2026-03-31") };
    let refused = add_deadline(&bed.store, &bed.context(), case.id.into(), impossible).await;
    assert_eq!(faults(refused), ["compute.count", "compute.service"]);
    let unverified = Computation { trigger: "2050-01-01".parse().unwrap(), ..by_mail(3) };
    let unverified = NewDeadline { when: When::Computed(unverified), ..new("x", "2026-03-31") };
    let refused = add_deadline(&bed.store, &bed.context(), case.id.into(), unverified).await;
    assert_eq!(faults(refused), ["compute.calendar"]);
}

async fn lists_across_cases_are_ordered_by_due_date(bed: &Bed) {
    let ada = person(bed, "Ada").await.id;
    let mut made = Vec::new();
    for (at, due) in ["2026-05-03", "2026-05-01T10:00:00Z", "2026-05-01", "2026-05-01T23:59:59.999999Z", "2026-04-30"]
        .iter()
        .enumerate()
    {
        let case = bed.create(named("one of many")).await;
        let assigned_to = (at % 2 == 0).then_some(ada);
        made.push(add(bed, &case, NewDeadline { assigned_to, ..new("respond", due) }).await);
    }
    made.sort_by_key(|deadline| (deadline.due.last_moment(), deadline.id));
    let filter = all(bed.now());
    let mut seen: Vec<Deadline> = Vec::new();
    loop {
        let after = seen.last().map(Deadline::position);
        let page = list_deadlines(&bed.store, bed.account, None, filter.clone(), after, 2).await.unwrap();
        seen.extend(page.1.rows);
        if !page.1.has_more {
            break;
        }
    }
    assert_eq!(seen, made);
    let hers = DeadlineFilter { assigned_to: Some(ada), ..filter.clone() };
    let hers = list_deadlines(&bed.store, bed.account, None, hers, None, 10).await.unwrap().1.rows;
    assert_eq!(hers.len(), 3);
    let first = TimeBound::Day(day(2026, 5, 1));
    let on_the_day = TimeRange { from: Some(first.first_instant()), before: Some(first.first_instant_after()) };
    let on_the_day = DeadlineFilter { due: on_the_day, ..filter.clone() };
    let on_the_day = list_deadlines(&bed.store, bed.account, None, on_the_day, None, 10).await.unwrap().1.rows;
    assert_eq!(on_the_day, made.get(1..4).unwrap());
    let other = bed.new_account("other").await;
    assert_eq!(list_deadlines(&bed.store, other, None, filter.clone(), None, 10).await.unwrap().1.rows, []);
}

async fn open_deadlines_of_a_closed_case_are_listed(bed: &Bed) {
    let case = bed.create(named("closed")).await;
    let deadline = add(bed, &case, new("respond", "2026-05-01")).await;
    bed.change(&case, to_status("closed")).await.unwrap();
    let filter = DeadlineFilter { status: Some(DeadlineStatus::Pending), ..all(bed.now()) };
    let list = async || list_deadlines(&bed.store, bed.account, None, filter.clone(), None, 10).await.unwrap().1.rows;
    assert_eq!(list().await, std::slice::from_ref(&deadline));
    let of_case =
        list_deadlines(&bed.store, bed.account, Some(case.id.into()), filter.clone(), None, 10).await.unwrap().1.rows;
    assert_eq!(of_case, [deadline]);
    bed.change(&case, Command::Delete).await.unwrap();
    assert_eq!(list().await, []);
}

async fn a_removed_deadline_is_not_found(bed: &Bed) {
    let case = bed.create(named("removed")).await;
    let deadline = add(bed, &case, new("respond", "2026-05-01")).await;
    remove_deadline(&bed.store, &bed.context(), deadline.id).await.unwrap();
    let absent = Error::not_found(Entity::Deadline);
    assert_eq!(load_deadline(&bed.store, bed.account, deadline.id).await.unwrap_err(), absent);
    assert_eq!(remove_deadline(&bed.store, &bed.context(), deadline.id).await.unwrap_err(), absent);
    assert_eq!(kinds(bed, &case).await, ["deadline.added", "deadline.removed"]);
}
