//! Case updates: threads, validation, timetables, and their events in the case's log.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::Barrier;

use chrono::{NaiveTime, TimeDelta};
use docket_domain::{
    actor::{Actor, Context},
    case::Case,
    command::Command,
    error::{Error, Rejection},
    id::{AccessGroupId, CaseRef, CaseTaskId, Entity, PersonId, SubjectId, UpdateId},
    page::PageNumber,
    scope::Scope,
    service,
    store::{CaseStore, UpdateStore},
    subject::{SubjectEntry, WhichSubject},
    time::TimeRange,
    update::{Activity, CaseUpdate, NewDetail, UpdateEdits, UpdateFilter},
};
use docket_persistence::Database;

use crate::{
    bed::{Bed, day, named, on_both_databases},
    directories::{group, task},
    primaries::person,
    subjects::entry,
};

on_both_databases! {
    an_update_is_stored_with_all_its_fields,
    an_update_of_a_group_without_validation_is_valid_at_once,
    validation_records_its_time_and_person_and_can_be_cleared,
    absent_fields_are_not_changed,
    replies_belong_to_the_thread_of_the_first_update,
    every_reference_must_exist,
    an_update_without_replies_can_move_to_another_case,
    a_concurrent_move_and_deletion_of_the_case_are_serialised,
    a_concurrent_move_and_reply_leave_the_thread_on_one_case,
    concurrent_moves_in_opposite_directions_all_succeed,
    concurrent_edits_of_an_update_are_all_applied,
    updates_can_be_filtered_by_validity,
    every_filter_of_updates_narrows_the_list,
    updates_of_deleted_and_foreign_cases_are_not_found,
}

const PUBLIC: AccessGroupId = AccessGroupId(1);
const INTERNAL: AccessGroupId = AccessGroupId(2);

pub(crate) fn edits(case: &Case, group: AccessGroupId) -> UpdateEdits {
    UpdateEdits {
        case: Some(CaseRef::from(case.id)),
        access_group: Some(group),
        title: Some("News".to_owned()),
        body: Some("<p>All is well</p>".to_owned()),
        ..UpdateEdits::default()
    }
}

pub(crate) async fn create(bed: &Bed, edits: UpdateEdits) -> CaseUpdate {
    service::create_update(&bed.store, &bed.context(), edits).await.unwrap()
}

async fn change(bed: &Bed, update: &CaseUpdate, edits: UpdateEdits) -> Result<CaseUpdate, Error> {
    service::change_update(&bed.store, &bed.context(), update.id, edits).await
}

async fn found(bed: &Bed, update: &CaseUpdate) -> CaseUpdate {
    bed.store.find_update(bed.account, update.id).await.unwrap().unwrap()
}

async fn kinds(bed: &Bed, case: &Case) -> Vec<&'static str> {
    let log = bed.store.list_events(bed.account, case.id, 1, 1_000).await.unwrap();
    log.iter().map(|event| event.data.kind()).collect()
}

fn as_person(bed: &Bed, id: PersonId, scopes: &[Scope]) -> Context {
    let actor = Actor { id: Some(id), name: "Somebody".to_owned() };
    Context::new(bed.account, actor, scopes.iter().copied().collect(), bed.now())
}

fn at(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

fn detail(hour: u32, notes: &str) -> NewDetail {
    NewDetail { start_at: at(hour, 0), notes: notes.to_owned() }
}

fn faults(result: Result<CaseUpdate, Error>) -> Vec<String> {
    let Err(Error::Rejected(Rejection::Invalid(faults))) = result else { panic!("{result:?}") };
    faults.into_iter().map(|fault| fault.field).collect()
}

async fn an_update_is_stored_with_all_its_fields(bed: &Bed) {
    let case = bed.create(named("watched")).await;
    let subject = SubjectEntry { which: WhichSubject::New, ..entry("Anna", None) };
    let subject = service::add_subject(&bed.store, &bed.context(), case.id.into(), subject).await.unwrap().subject;
    let event = task(bed, bed.account, "Surveillance").await;
    let anna = person(bed, bed.account, "Anna").await;
    let wanted = UpdateEdits {
        subject: Some(Some(subject.id)),
        task: Some(Some(event.id)),
        activity: Some(Activity::Day(day(2021, 6, 3))),
        behalf_of: Some(Some(anna)),
        details: Some(vec![detail(9, "arrived"), detail(12, "left")]),
        ..edits(&case, PUBLIC)
    };
    let update = create(bed, wanted).await;
    assert_eq!(found(bed, &update).await, update);
    assert_eq!((update.subject, update.task, update.thread), (Some(subject.id), Some(event.id), update.id));
    assert_eq!(update.activity_at.to_rfc3339(), "2021-06-03T00:00:00+00:00");
    assert!(update.is_allday && !update.is_valid && update.validated_at.is_none());
    assert_eq!((update.author(), update.case), (Some(anna), case.id));
    assert_eq!(update.details.iter().map(|detail| detail.notes.as_str()).collect::<Vec<_>>(), ["arrived", "left"]);
    assert!(update.details[0].id != update.details[1].id && update.details[0].id.0 > 0);
    assert_eq!(kinds(bed, &case).await, ["subject.added", "update.added"]);
    let changed = bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap();
    assert!(changed.updated_at > case.updated_at);
    // The default activity time is the current time.
    let plain = create(bed, edits(&case, PUBLIC)).await;
    assert!(!plain.is_allday && plain.activity_at == plain.created_at);
}

async fn an_update_of_a_group_without_validation_is_valid_at_once(bed: &Bed) {
    let case = bed.create(named("watched")).await;
    let (strict, lax) = (group(bed, bed.account, "Strict", true).await, group(bed, bed.account, "Lax", false).await);
    for (group, valid) in [(PUBLIC, false), (INTERNAL, true), (strict.id, false), (lax.id, true)] {
        let update = create(bed, edits(&case, group)).await;
        assert_eq!((update.is_valid, update.validated_at), (valid, None), "{group:?}");
    }
    let update = create(bed, edits(&case, INTERNAL)).await;
    let moved = UpdateEdits { access_group: Some(strict.id), ..UpdateEdits::default() };
    assert!(!change(bed, &update, moved).await.unwrap().is_valid);
}

async fn validation_records_its_time_and_person_and_can_be_cleared(bed: &Bed) {
    let case = bed.create(named("watched")).await;
    let judge = person(bed, bed.account, "Judge").await;
    let update = create(bed, edits(&case, PUBLIC)).await;
    let context = as_person(bed, judge, &[Scope::CasesWrite]);
    let flag = |validate| UpdateEdits { validate: Some(validate), ..UpdateEdits::default() };
    let valid = service::change_update(&bed.store, &context, update.id, flag(true)).await.unwrap();
    assert_eq!((valid.is_valid, valid.validated_at, valid.validated_by), (true, Some(context.now), Some(judge)));
    let again = change(bed, &valid, flag(true)).await.unwrap();
    assert_eq!(again, valid);
    let invalid = change(bed, &valid, flag(false)).await.unwrap();
    assert_eq!((invalid.is_valid, invalid.validated_at, invalid.validated_by), (false, None, None));
    assert_eq!(kinds(bed, &case).await, ["update.added", "update.validated", "update.invalidated"]);
    let at_once = create(bed, UpdateEdits { validate: Some(true), ..edits(&case, PUBLIC) }).await;
    assert!(at_once.is_valid && at_once.validated_at.is_some());
}

async fn absent_fields_are_not_changed(bed: &Bed) {
    let case = bed.create(named("watched")).await;
    let wanted = UpdateEdits {
        activity: Some(Activity::Day(day(2021, 6, 3))),
        details: Some(vec![detail(9, "arrived"), detail(10, "waited")]),
        ..edits(&case, PUBLIC)
    };
    let update = create(bed, wanted.clone()).await;
    // An edit without a difference writes nothing.
    assert_eq!(change(bed, &update, wanted).await.unwrap(), update);
    assert_eq!(change(bed, &update, UpdateEdits::default()).await.unwrap(), update);
    let title = UpdateEdits { title: Some("Other news".to_owned()), ..UpdateEdits::default() };
    let titled = change(bed, &update, title).await.unwrap();
    assert_eq!(titled.title, "Other news");
    assert_eq!(
        CaseUpdate { title: update.title.clone(), revision: 0, updated_at: update.updated_at, ..titled.clone() },
        update
    );
    let timetable =
        UpdateEdits { details: Some(vec![detail(10, "waited"), detail(11, "left")]), ..UpdateEdits::default() };
    let timed = change(bed, &update, timetable).await.unwrap();
    assert_eq!(timed.details[0], update.details[1]);
    assert_eq!(found(bed, &update).await, timed);
    let time = Activity::At(day(2021, 6, 3).and_time(at(9, 30)).and_utc());
    let timed = change(bed, &update, UpdateEdits { activity: Some(time), ..UpdateEdits::default() }).await.unwrap();
    assert!(!timed.is_allday);
}

async fn replies_belong_to_the_thread_of_the_first_update(bed: &Bed) {
    let case = bed.create(named("watched")).await;
    let first = create(bed, edits(&case, INTERNAL)).await;
    let reply = create(bed, UpdateEdits { thread: Some(Some(first.id)), ..edits(&case, INTERNAL) }).await;
    let answer = create(bed, UpdateEdits { thread: Some(Some(reply.id)), ..edits(&case, INTERNAL) }).await;
    assert_eq!((first.thread, reply.thread, answer.thread), (first.id, first.id, first.id));
    let page = PageNumber { page: 1, per_page: 25 };
    let thread = UpdateFilter { thread: Some(first.id), ..UpdateFilter::default() };
    let listed = bed.store.list_updates(bed.account, &thread, false, page).await.unwrap();
    assert_eq!(listed, [first.clone(), reply.clone(), answer.clone()]);
    let alone = UpdateEdits { thread: Some(None), ..UpdateEdits::default() };
    assert_eq!(change(bed, &answer, alone).await.unwrap().thread, answer.id);
    let elsewhere = UpdateEdits { thread: Some(Some(answer.id)), ..UpdateEdits::default() };
    assert_eq!(faults(change(bed, &first, elsewhere).await), ["thread_id"]);
    let same = UpdateEdits { thread: Some(Some(first.id)), ..UpdateEdits::default() };
    assert_eq!(change(bed, &first, same.clone()).await.unwrap(), first);
    assert_eq!(change(bed, &reply, same).await.unwrap(), reply);
    let other = bed.create(named("other")).await;
    let refused = UpdateEdits { thread: Some(Some(first.id)), ..edits(&other, INTERNAL) };
    assert_eq!(faults(service::create_update(&bed.store, &bed.context(), refused).await), ["thread_id"]);
}

async fn every_reference_must_exist(bed: &Bed) {
    let nothing = service::create_update(&bed.store, &bed.context(), UpdateEdits::default()).await;
    assert_eq!(faults(nothing), ["case_id", "access_group_id", "title", "body"]);
    let case = bed.create(named("watched")).await;
    let elsewhere = bed.create(named("other")).await;
    let subject = SubjectEntry { which: WhichSubject::New, ..entry("Anna", None) };
    let subject = service::add_subject(&bed.store, &bed.context(), elsewhere.id.into(), subject).await.unwrap();
    let wrong = UpdateEdits {
        access_group: Some(AccessGroupId(99)),
        subject: Some(Some(subject.subject.id)),
        task: Some(Some(CaseTaskId(98))),
        behalf_of: Some(Some(PersonId(97))),
        thread: Some(Some(UpdateId(96))),
        ..edits(&case, PUBLIC)
    };
    let refused = service::create_update(&bed.store, &bed.context(), wrong.clone()).await;
    let expected = ["access_group_id", "task_id", "behalf_of_id", "subject_id", "thread_id"];
    assert_eq!(faults(refused), expected);
    let update = create(bed, edits(&case, PUBLIC)).await;
    assert_eq!(faults(change(bed, &update, wrong).await), expected);
    let no_case = UpdateEdits { case: Some(CaseRef::Number(docket_domain::id::CaseId(95))), ..edits(&case, PUBLIC) };
    assert_eq!(faults(service::create_update(&bed.store, &bed.context(), no_case.clone()).await), ["case_id"]);
    assert_eq!(faults(change(bed, &update, no_case).await), ["case_id"]);
    assert_eq!(found(bed, &update).await, update);
    let unknown = service::change_update(&bed.store, &bed.context(), UpdateId(94), UpdateEdits::default()).await;
    assert_eq!(unknown, Err(Error::not_found(Entity::Update)));
}

async fn an_update_without_replies_can_move_to_another_case(bed: &Bed) {
    let (case, target) = (bed.create(named("watched")).await, bed.create(named("target")).await);
    let update = create(bed, edits(&case, INTERNAL)).await;
    let to = |case: &Case| UpdateEdits { case: Some(case.id.into()), ..UpdateEdits::default() };
    let moved = change(bed, &update, to(&target)).await.unwrap();
    assert_eq!(moved.case, target.id);
    assert_eq!(kinds(bed, &case).await, ["update.added", "update.edited"]);
    assert_eq!(kinds(bed, &target).await, ["update.edited"]);
    create(bed, UpdateEdits { thread: Some(Some(update.id)), ..edits(&target, INTERNAL) }).await;
    assert_eq!(faults(change(bed, &update, to(&case)).await), ["case_id"]);
    let subject = SubjectEntry { which: WhichSubject::New, ..entry("Anna", None) };
    let subject = service::add_subject(&bed.store, &bed.context(), case.id.into(), subject).await.unwrap().subject;
    let bound = create(bed, UpdateEdits { subject: Some(Some(subject.id)), ..edits(&case, INTERNAL) }).await;
    assert_eq!(faults(change(bed, &bound, to(&target)).await), ["subject_id"]);
    let without: Option<SubjectId> = None;
    let freed = UpdateEdits { subject: Some(without), ..to(&target) };
    assert_eq!(change(bed, &bound, freed).await.unwrap().case, target.id);
}

const ROUNDS: usize = 60;

/// Runs the same rounds on two threads that begin each round together, and returns both results of each round. The work
/// must not panic, because the other thread would wait for the next round forever.
fn race<T: Send>(bed: &Bed, work: impl AsyncFn(&Database, usize, usize) -> T + Sync) -> Vec<(T, T)> {
    let start = Barrier::new(2);
    let done = bed.in_parallel(2, async |store, thread| {
        let mut done = Vec::with_capacity(ROUNDS);
        for round in 0..ROUNDS {
            start.wait();
            done.push(work(&store, thread, round).await);
        }
        done
    });
    let mut done = done.into_iter();
    done.next().unwrap().into_iter().zip(done.next().unwrap()).collect()
}

fn moved_to(case: &Case) -> UpdateEdits {
    UpdateEdits { case: Some(case.id.into()), ..UpdateEdits::default() }
}

async fn updates_on_new_cases(bed: &Bed) -> Vec<(Case, CaseUpdate)> {
    let mut all = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let case = bed.create(named("watched")).await;
        let update = create(bed, edits(&case, INTERNAL)).await;
        all.push((case, update));
    }
    all
}

async fn a_concurrent_move_and_deletion_of_the_case_are_serialised(bed: &Bed) {
    let target = bed.create(named("target")).await;
    let (updates, context) = (updates_on_new_cases(bed).await, bed.context());
    let done = race(bed, async |store, thread, round| {
        let (case, update) = &updates[round];
        if thread == 0 {
            service::change_update(store, &context, update.id, moved_to(&target)).await.map(|_| ())
        } else {
            let options = service::ChangeOptions::default();
            service::change_case(store, &context, case.id.into(), Command::Delete, options).await.map(|_| ())
        }
    });
    for ((case, update), (moved, deleted)) in updates.iter().zip(&done) {
        assert_eq!(deleted, &Ok(()));
        let kept = bed.store.find_update(bed.account, update.id).await.unwrap();
        let told = kinds(bed, case).await;
        if *moved == Ok(()) {
            assert_eq!(kept.unwrap().case, target.id);
            assert_eq!(told, ["update.added", "update.edited", "case.deleted"]);
        } else {
            assert_eq!((moved, kept), (&Err(Error::not_found(Entity::Update)), None));
            assert_eq!(told, ["update.added", "case.deleted"]);
        }
    }
    assert_eq!(kinds(bed, &target).await.len(), done.iter().filter(|(moved, _)| *moved == Ok(())).count());
}

async fn a_concurrent_move_and_reply_leave_the_thread_on_one_case(bed: &Bed) {
    let target = bed.create(named("target")).await;
    let (updates, context) = (updates_on_new_cases(bed).await, bed.context());
    let done = race(bed, async |store, thread, round| {
        let (case, update) = &updates[round];
        if thread == 0 {
            service::change_update(store, &context, update.id, moved_to(&target)).await
        } else {
            let reply = UpdateEdits { thread: Some(Some(update.id)), ..edits(case, INTERNAL) };
            service::create_update(store, &context, reply).await
        }
    });
    for ((case, update), both) in updates.iter().zip(done) {
        let filter = UpdateFilter { thread: Some(update.id), ..UpdateFilter::default() };
        let page = PageNumber { page: 1, per_page: 25 };
        let thread = bed.store.list_updates(bed.account, &filter, false, page).await.unwrap();
        let on = thread.iter().map(|update| update.case).collect::<Vec<_>>();
        match both {
            (Ok(_), replied @ Err(_)) => {
                assert_eq!((faults(replied), on), (vec!["thread_id".to_owned()], vec![target.id]))
            }
            (moved @ Err(_), Ok(_)) => assert_eq!((faults(moved), on), (vec!["case_id".to_owned()], vec![case.id; 2])),
            both => panic!("{both:?}"),
        }
    }
}

async fn concurrent_moves_in_opposite_directions_all_succeed(bed: &Bed) {
    let cases = [bed.create(named("one")).await, bed.create(named("other")).await];
    let updates = [create(bed, edits(&cases[0], INTERNAL)).await, create(bed, edits(&cases[1], INTERNAL)).await];
    let context = bed.context();
    // In even rounds the first update moves to the second case, in odd rounds back. The second update moves in the
    // opposite direction.
    let target = |thread: usize, round: usize| &cases[(thread + round + 1) % 2];
    let done = race(bed, async |store, thread, round| {
        service::change_update(store, &context, updates[thread].id, moved_to(target(thread, round))).await
    });
    for (round, (first, second)) in done.into_iter().enumerate() {
        assert_eq!((first.unwrap().case, second.unwrap().case), (target(0, round).id, target(1, round).id));
    }
    for case in &cases {
        assert_eq!(kinds(bed, case).await.len(), 1 + 2 * ROUNDS, "each move is told by both cases");
    }
}

async fn concurrent_edits_of_an_update_are_all_applied(bed: &Bed) {
    let (case, target) = (bed.create(named("watched")).await, bed.create(named("target")).await);
    let update = create(bed, edits(&case, PUBLIC)).await;
    let contexts = (0..8).map(|_| bed.context()).collect::<Vec<_>>();
    let done = bed.in_parallel(8, async |store, at| {
        let edits = match at {
            0 => UpdateEdits { case: Some(target.id.into()), ..UpdateEdits::default() },
            1 => UpdateEdits { validate: Some(true), ..UpdateEdits::default() },
            2 => UpdateEdits { title: Some("changed".to_owned()), ..UpdateEdits::default() },
            3 => UpdateEdits { body: Some("changed".to_owned()), ..UpdateEdits::default() },
            4 => UpdateEdits { is_allday: Some(true), ..UpdateEdits::default() },
            5 => UpdateEdits { access_group: Some(INTERNAL), ..UpdateEdits::default() },
            6 => UpdateEdits { details: Some(vec![detail(9, "arrived")]), ..UpdateEdits::default() },
            _ => UpdateEdits { activity: Some(Activity::Day(day(2020, 1, 1))), ..UpdateEdits::default() },
        };
        service::change_update(&store, &contexts[at], update.id, edits).await
    });
    for result in done {
        result.unwrap();
    }
    let after = found(bed, &update).await;
    assert_eq!((after.case, after.title.as_str(), after.body.as_str()), (target.id, "changed", "changed"));
    assert!(after.is_allday && after.validated_at.is_some() && after.access_group == INTERNAL);
    assert_eq!(after.details.len(), 1);
    assert_eq!(after.activity_at.date_naive(), day(2020, 1, 1));
}

async fn updates_can_be_filtered_by_validity(bed: &Bed) {
    let case = bed.create(named("watched")).await;
    let waiting = create(bed, edits(&case, PUBLIC)).await;
    let valid = create(bed, edits(&case, INTERNAL)).await;
    for update in [&waiting, &valid] {
        assert_eq!(service::load_update(&bed.store, bed.account, update.id).await.unwrap(), *update);
    }
    let filter = |is_valid| UpdateFilter { is_valid, ..UpdateFilter::default() };
    for (is_valid, expected) in
        [(None, vec![&valid, &waiting]), (Some(true), vec![&valid]), (Some(false), vec![&waiting])]
    {
        let page = PageNumber { page: 1, per_page: 25 };
        let listed = service::list_updates(&bed.store, bed.account, filter(is_valid), true, page).await.unwrap();
        assert_eq!(listed.iter().collect::<Vec<_>>(), expected);
        let count = service::count_updates(&bed.store, bed.account, filter(is_valid)).await.unwrap();
        assert_eq!(count, i64::try_from(expected.len()).unwrap());
    }
    // The log refers to an update without its text.
    for event in bed.store.list_events(bed.account, case.id, 0, 100).await.unwrap() {
        let text = serde_json::to_string(&event.data).unwrap();
        assert!(!text.contains("News") && !text.contains("All is well"), "{text}");
    }
}

async fn every_filter_of_updates_narrows_the_list(bed: &Bed) {
    let (case, other) = (bed.create(named("watched")).await, bed.create(named("other")).await);
    let (anna, ben) = (person(bed, bed.account, "Anna").await, person(bed, bed.account, "Ben").await);
    let subject = SubjectEntry { which: WhichSubject::New, ..entry("Anna", None) };
    let subject = service::add_subject(&bed.store, &bed.context(), case.id.into(), subject).await.unwrap().subject;
    let writer = as_person(bed, anna, &[Scope::CasesWrite]);
    let wanted = UpdateEdits {
        subject: Some(Some(subject.id)),
        activity: Some(Activity::Day(day(2021, 6, 3))),
        validate: Some(true),
        ..edits(&case, PUBLIC)
    };
    let first = service::create_update(&bed.store, &writer, wanted).await.unwrap();
    let second = create(bed, UpdateEdits { behalf_of: Some(Some(ben)), ..edits(&other, INTERNAL) }).await;
    let third = create(bed, UpdateEdits { thread: Some(Some(second.id)), ..edits(&other, PUBLIC) }).await;
    let all = UpdateFilter::default;
    let span = |at: docket_domain::time::Timestamp| TimeRange {
        from: Some(at),
        before: Some(at + TimeDelta::microseconds(1)),
    };
    let cases = [
        (all(), vec![&third, &second, &first]),
        (UpdateFilter { id: Some(second.id), ..all() }, vec![&second]),
        (UpdateFilter { cases: Some(vec![case.id]), ..all() }, vec![&first]),
        (UpdateFilter { access_group: Some(PUBLIC), ..all() }, vec![&third, &first]),
        (UpdateFilter { author: Some(anna), ..all() }, vec![&first]),
        (UpdateFilter { author: Some(ben), ..all() }, vec![&second]),
        (UpdateFilter { is_valid: Some(true), ..all() }, vec![&second, &first]),
        (UpdateFilter { is_valid: Some(false), ..all() }, vec![&third]),
        (UpdateFilter { subject: Some(subject.id), ..all() }, vec![&first]),
        (UpdateFilter { thread: Some(second.id), ..all() }, vec![&third, &second]),
        (UpdateFilter { activity: span(first.activity_at), ..all() }, vec![&first]),
        (UpdateFilter { created: span(second.created_at), ..all() }, vec![&second]),
        (UpdateFilter { updated: span(third.updated_at), ..all() }, vec![&third]),
        (UpdateFilter { validated: span(first.validated_at.unwrap()), ..all() }, vec![&first]),
        (UpdateFilter { cases: Some(vec![case.id]), is_valid: Some(false), ..all() }, vec![]),
    ];
    for (filter, expected) in cases {
        let page = PageNumber { page: 1, per_page: 25 };
        let listed = bed.store.list_updates(bed.account, &filter, true, page).await.unwrap();
        assert_eq!(listed.iter().collect::<Vec<_>>(), expected, "{filter:?}");
        let count = bed.store.count_updates(bed.account, &filter).await.unwrap();
        assert_eq!(count, i64::try_from(expected.len()).unwrap(), "{filter:?}");
        let mut paged = Vec::new();
        for page in 1..=4 {
            let page = PageNumber { page, per_page: 1 };
            paged.extend(bed.store.list_updates(bed.account, &filter, false, page).await.unwrap());
        }
        paged.reverse();
        assert_eq!(paged.iter().collect::<Vec<_>>(), expected, "{filter:?}");
    }
}

async fn updates_of_deleted_and_foreign_cases_are_not_found(bed: &Bed) {
    let case = bed.create(named("watched")).await;
    let update = create(bed, edits(&case, INTERNAL)).await;
    let other = bed.new_account("other").await;
    assert_eq!(bed.store.find_update(other, update.id).await.unwrap(), None);
    assert_eq!(bed.store.count_updates(other, &UpdateFilter::default()).await.unwrap(), 0);
    let foreign = service::create_update(&bed.store, &bed.context_of(other), edits(&case, INTERNAL)).await;
    assert_eq!(faults(foreign), ["case_id"]);
    bed.change(&case, Command::Delete).await.unwrap();
    assert_eq!(bed.store.find_update(bed.account, update.id).await.unwrap(), None);
    assert_eq!(bed.store.count_updates(bed.account, &UpdateFilter::default()).await.unwrap(), 0);
    let gone = change(bed, &update, UpdateEdits::default()).await;
    assert_eq!(gone, Err(Error::not_found(Entity::Update)));
}
