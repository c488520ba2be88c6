//! Idempotency keys and their attempts.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use chrono::TimeDelta;
use docket_domain::{
    actor::Context,
    case::Case,
    command::NewCase,
    deadline::{DeadlineKind, NewDeadline, When},
    directory::Region,
    document::{NewDocument, Sha256Hash},
    error::{Error, FieldErrors, StoreError},
    filter::CaseFilter,
    id::{AccessGroupId, CaseRef, RegionId},
    idempotency::{Attempt, CaseEffect, Effect, IdempotencyKey, NewAttempt, StoredResponse, Verdict},
    link::LinkKind,
    person::{Person, PersonChanges, PersonFilter, PersonKind},
    revision::{Precondition, Revised, Revisions},
    service::{self, Basis, OpenCase},
    source::{NewSource, SourceChange, SourceEdit, SourceId, SourceKind},
    store::{AccountStore, CaseStore, IdempotencyStore, PeopleStore},
    time::Timestamp,
    update::UpdateEdits,
};
use docket_persistence::{Database, attempt};
use uuid::Uuid;

use crate::{
    bed::{Bed, named, on_both_databases, to_status},
    sources::new_inquiry,
    subjects::entry,
    tokens::new_key,
};

on_both_databases! {
    a_retry_gets_the_stored_answer_and_another_request_is_refused,
    keys_are_separate_per_caller,
    a_lost_answer_about_a_case_is_built_again,
    lost_answers_about_parts_of_a_case_are_built_again,
    lost_answers_about_entities_outside_cases_are_built_again,
    an_attempt_replaced_after_its_lease_has_no_effect,
    a_released_attempt_has_no_effect,
    an_effect_that_belongs_to_no_case_is_recorded,
    building_an_answer_again_writes_nothing,
    a_key_expires_after_24_hours,
    expired_keys_are_swept,
    only_one_of_many_concurrent_attempts_is_carried_out,
}

const REQUEST: [u8; 32] = [1; 32];

async fn attempt_of(bed: &Bed, key: &str) -> Attempt {
    let caller = new_key(bed, bed.account).await.id;
    Attempt { account: bed.account, caller, key: IdempotencyKey::parse(key).unwrap(), id: Uuid::now_v7() }
}

fn again(attempt: &Attempt) -> Attempt {
    Attempt { id: Uuid::now_v7(), ..attempt.clone() }
}

async fn begin(store: &Database, attempt: &Attempt, now: Timestamp) -> Verdict {
    begin_with(store, attempt, REQUEST, now).await
}

async fn begin_with(store: &Database, attempt: &Attempt, fingerprint: [u8; 32], now: Timestamp) -> Verdict {
    let (attempt, lease_until) = (attempt.clone(), now + TimeDelta::seconds(30));
    store.begin_attempt(NewAttempt { attempt, fingerprint: fingerprint.to_vec(), now, lease_until }).await.unwrap()
}

fn answer() -> StoredResponse {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    StoredResponse { status: 201, headers, body: b"{\"id\":1}\0\xff".to_vec() }
}

async fn create(bed: &Bed, context: &Context) -> Result<Case, Error> {
    service::create_case(&bed.store, context, NewCase::new(Uuid::now_v7(), named("once"))).await
}

async fn cases(bed: &Bed) -> i64 {
    bed.store.count_cases(bed.account, &CaseFilter::default()).await.unwrap()
}

async fn a_retry_gets_the_stored_answer_and_another_request_is_refused(bed: &Bed) {
    let (first, now) = (attempt_of(bed, "k").await, bed.now());
    assert_eq!(begin(&bed.store, &first, now).await, Verdict::CarryOut);
    assert_eq!(begin(&bed.store, &again(&first), now).await, Verdict::InFlight(31));
    let context = bed.context();
    attempt::carry_out(first.clone(), create(bed, &context)).await.unwrap();
    bed.store.finish_attempt(first.clone(), answer()).await.unwrap();
    assert_eq!(begin(&bed.store, &again(&first), now).await, Verdict::Replay(answer()));
    assert_eq!(begin_with(&bed.store, &again(&first), [2; 32], now).await, Verdict::OtherRequest);
    assert_eq!(cases(bed).await, 1);
}

async fn keys_are_separate_per_caller(bed: &Bed) {
    let (first, now) = (attempt_of(bed, "k").await, bed.now());
    assert_eq!(begin(&bed.store, &first, now).await, Verdict::CarryOut);
    let other = attempt_of(bed, "k").await;
    assert_eq!(begin_with(&bed.store, &other, [2; 32], now).await, Verdict::CarryOut);
}

/// Simulates a crash between commit and response.
async fn a_lost_answer_about_a_case_is_built_again(bed: &Bed) {
    let (first, now) = (attempt_of(bed, "k").await, bed.now());
    begin(&bed.store, &first, now).await;
    let case = attempt::carry_out(first.clone(), create(bed, &bed.context())).await.unwrap();
    let effect = Effect::Case(CaseEffect { case: case.id, version: 1 });
    assert_eq!(begin(&bed.store, &again(&first), now).await, Verdict::Rebuild { effect, under_way: Some(31) });
    // The first attempt may still finish, so a response of another attempt is not stored.
    let (late, answered) = (again(&first), answer());
    bed.store.finish_attempt(late, StoredResponse { status: 500, ..answer() }).await.unwrap();
    let later = now + TimeDelta::seconds(30);
    let heir = again(&first);
    assert_eq!(begin(&bed.store, &heir, later).await, Verdict::Rebuild { effect, under_way: None });
    bed.store.finish_attempt(heir, answered.clone()).await.unwrap();
    assert_eq!(begin(&bed.store, &again(&first), later).await, Verdict::Replay(answered));

    bed.change(&case, to_status("in_progress")).await.unwrap();
    let context = Context { effect: Some(effect), ..bed.context() };
    let made_again = attempt::answer_again(create(bed, &context)).await.unwrap();
    assert_eq!((made_again.uuid, made_again.version, made_again.status), (case.uuid, 1, case.status));
    assert_eq!(cases(bed).await, 1);
}

/// Requires the revision that was read.
fn only(thing: &impl Revised) -> Precondition {
    let read = Revisions::These(vec![thing.revision().as_str().to_owned()]);
    Precondition { required: Some(read), excluded: None }
}

/// Carries out a request, loses its response, and builds it again.
async fn lost_and_made_again<T: PartialEq + std::fmt::Debug>(
    bed: &Bed,
    key: &str,
    make: impl AsyncFn(Context) -> Result<T, Error>,
) {
    let (first, now) = (attempt_of(bed, key).await, bed.now());
    begin(&bed.store, &first, now).await;
    let made = attempt::carry_out(first.clone(), make(bed.context())).await.unwrap();
    let verdict = begin(&bed.store, &again(&first), now).await;
    let Verdict::Rebuild { effect, .. } = verdict else { panic!("{key}: {verdict:?}") };
    let context = Context { effect: Some(effect), ..bed.context() };
    assert_eq!(attempt::answer_again(make(context)).await.unwrap(), made, "{key}");
}

async fn lost_answers_about_parts_of_a_case_are_built_again(bed: &Bed) {
    let (store, case, other) = (&bed.store, bed.create(named("one")).await, bed.create(named("other")).await);
    let at = CaseRef::from(case.id);
    lost_and_made_again(bed, "note", async |context| service::add_note(store, &context, at, "a note".to_owned()).await)
        .await;
    lost_and_made_again(bed, "link", async |context| {
        service::create_link(store, &context, at, other.id.into(), LinkKind::related()).await
    })
    .await;
    lost_and_made_again(bed, "document", async |context| {
        let (file_name, media_type) = ("a.txt".to_owned(), "text/plain".to_owned());
        let new = NewDocument { title: None, file_name, media_type, size: 1, sha256: Sha256Hash::new([7; 32]) };
        service::add_document(store, &context, at, new).await
    })
    .await;
    lost_and_made_again(bed, "deadline", async |context| {
        let (kind, when) = (DeadlineKind::Court, When::At("2026-08-07".parse().unwrap()));
        let new = NewDeadline { title: "respond".to_owned(), kind, when, assigned_to: None, warn_on: None };
        service::add_deadline(store, &context, at, new).await
    })
    .await;
    lost_and_made_again(bed, "subject", async |context| {
        service::add_subject(store, &context, at, entry("Anna", Some(true))).await
    })
    .await;
    lost_and_made_again(bed, "update", async |context| {
        let edits = UpdateEdits {
            case: Some(at),
            access_group: Some(AccessGroupId(1)),
            title: Some("News".to_owned()),
            body: Some("All is well".to_owned()),
            ..UpdateEdits::default()
        };
        service::create_update(store, &context, edits).await
    })
    .await;
    lost_and_made_again(bed, "follow-up", async |context| {
        let (uuid, edits, faults) = (Uuid::now_v7(), Vec::new(), FieldErrors::default());
        let request = OpenCase { uuid, basis: Basis::FollowUp(at), edits, workflow: None, status: None, faults };
        service::open_case(store, &context, request).await
    })
    .await;
    assert_eq!(cases(bed).await, 3);
}

async fn lost_answers_about_entities_outside_cases_are_built_again(bed: &Bed) {
    let (store, now) = (&bed.store, bed.now());
    let anna = Person::named(bed.account, PersonKind::Contact, "Anna", now);
    lost_and_made_again(bed, "person", async |context| service::create_person(store, &context, anna.clone()).await)
        .await;
    let anna = store.list_people(bed.account, PersonFilter::default(), None, 10).await.unwrap().rows.remove(0);
    lost_and_made_again(bed, "person-changed", async |context| {
        let changes = PersonChanges { phone: Some(Some("1".to_owned())), ..PersonChanges::default() };
        // Requires the revision that the first attempt found, which is no longer current.
        let context = Context { precondition: only(&anna), ..context };
        service::change_person(store, &context, anna.id, changes).await
    })
    .await;
    lost_and_made_again(bed, "client", async |context| {
        service::create_client(store, &context, "Acme".to_owned(), None).await
    })
    .await;
    lost_and_made_again(bed, "region", async |context| {
        let region = Region { account: bed.account, id: RegionId(0), name: "North".to_owned(), created_at: now };
        service::create_entry(store, &context, region).await
    })
    .await;
    let id = SourceId { kind: SourceKind::Inquiry, id: 7 };
    lost_and_made_again(bed, "inquiry", async |context| {
        let new = NewSource { id: Some(7), ..new_inquiry(1) };
        service::create_source(store, &context, new, FieldErrors::default()).await
    })
    .await;
    lost_and_made_again(bed, "inquiry-changed", async |context| {
        let change = SourceChange { edits: vec![SourceEdit::Title(Some("changed".to_owned()))], transition: None };
        service::change_source(store, &context, id, change).await
    })
    .await;
    let key = new_key(bed, bed.account).await.id;
    lost_and_made_again(bed, "key", async |context| service::revoke_key(store, &context, key).await).await;
}

async fn an_attempt_replaced_after_its_lease_has_no_effect(bed: &Bed) {
    let (slow, now) = (attempt_of(bed, "k").await, bed.now());
    begin(&bed.store, &slow, now).await;
    let later = now + TimeDelta::seconds(30);
    assert_eq!(begin(&bed.store, &again(&slow), later).await, Verdict::CarryOut);
    let refused = attempt::carry_out(slow.clone(), create(bed, &bed.context())).await;
    assert!(matches!(refused, Err(Error::Store(StoreError::Unavailable(_)))), "{refused:?}");
    assert_eq!(cases(bed).await, 0);
    bed.store.finish_attempt(slow.clone(), answer()).await.unwrap();
    assert_eq!(begin(&bed.store, &again(&slow), later).await, Verdict::InFlight(31));
}

async fn a_released_attempt_has_no_effect(bed: &Bed) {
    let (first, now) = (attempt_of(bed, "k").await, bed.now());
    begin(&bed.store, &first, now).await;
    assert!(bed.store.release_attempt(first.clone()).await.unwrap());
    assert!(attempt::carry_out(first.clone(), create(bed, &bed.context())).await.is_err());
    assert_eq!(begin(&bed.store, &again(&first), now).await, Verdict::CarryOut);

    let second = Attempt { key: IdempotencyKey::parse("l").unwrap(), ..again(&first) };
    begin(&bed.store, &second, now).await;
    attempt::carry_out(second.clone(), create(bed, &bed.context())).await.unwrap();
    assert!(!bed.store.release_attempt(second.clone()).await.unwrap());
    assert!(matches!(begin(&bed.store, &again(&second), now).await, Verdict::Rebuild { .. }));
    assert_eq!(cases(bed).await, 1);
}

async fn an_effect_that_belongs_to_no_case_is_recorded(bed: &Bed) {
    let (first, now) = (attempt_of(bed, "k").await, bed.now());
    begin(&bed.store, &first, now).await;
    attempt::carry_out(first.clone(), bed.store.create_account("another", now)).await.unwrap();
    bed.store.release_attempt(first.clone()).await.unwrap();
    let much_later = now + TimeDelta::hours(23);
    assert_eq!(begin(&bed.store, &again(&first), much_later).await, Verdict::ResponseLost);
}

async fn building_an_answer_again_writes_nothing(bed: &Bed) {
    let refused = attempt::answer_again(bed.store.create_account("another", bed.now())).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))));
    assert_eq!(bed.store.find_account("another").await.unwrap(), None);
}

async fn a_key_expires_after_24_hours(bed: &Bed) {
    let (first, now) = (attempt_of(bed, "k").await, bed.now());
    begin(&bed.store, &first, now).await;
    bed.store.finish_attempt(first.clone(), answer()).await.unwrap();
    let day = now + TimeDelta::hours(24);
    assert_eq!(begin(&bed.store, &again(&first), day - TimeDelta::seconds(1)).await, Verdict::Replay(answer()));
    assert_eq!(begin_with(&bed.store, &again(&first), [2; 32], day).await, Verdict::CarryOut);
}

async fn expired_keys_are_swept(bed: &Bed) {
    let (first, now) = (attempt_of(bed, "k").await, bed.now());
    begin(&bed.store, &first, now).await;
    begin(&bed.store, &Attempt { key: IdempotencyKey::parse("l").unwrap(), ..again(&first) }, now).await;
    let late = Attempt { key: IdempotencyKey::parse("m").unwrap(), ..again(&first) };
    begin(&bed.store, &late, now + TimeDelta::hours(1)).await;
    let day = now + TimeDelta::hours(24);
    assert_eq!(bed.store.sweep_attempts(bed.account, day - TimeDelta::seconds(1)).await.unwrap(), 0);
    assert_eq!(bed.store.sweep_attempts(bed.account, day).await.unwrap(), 2);
    assert_eq!(bed.store.sweep_attempts(bed.account, day).await.unwrap(), 0);
    assert_eq!(begin_with(&bed.store, &again(&late), [2; 32], day).await, Verdict::OtherRequest);
}

async fn only_one_of_many_concurrent_attempts_is_carried_out(bed: &Bed) {
    let (first, now, context) = (attempt_of(bed, "k").await, bed.now(), bed.context());
    let carried_out = bed.in_parallel(8, async |store, _| {
        let mine = again(&first);
        match begin(&store, &mine, now).await {
            Verdict::CarryOut => {
                let new = NewCase::new(Uuid::now_v7(), named("once"));
                attempt::carry_out(mine, service::create_case(&store, &context, new)).await.unwrap();
                true
            }
            Verdict::InFlight(_) | Verdict::Rebuild { .. } => false,
            other @ (Verdict::Replay(_) | Verdict::ResponseLost | Verdict::OtherRequest) => panic!("{other:?}"),
        }
    });
    assert_eq!(carried_out.into_iter().filter(|carried_out| *carried_out).count(), 1);
    assert_eq!(cases(bed).await, 1);
}
