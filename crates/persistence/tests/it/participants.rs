//! The people directory, and the participants of cases.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use docket_domain::{
    case::Case,
    error::{Error, Rejection},
    id::{AccountId, Entity, PersonId},
    party::{ParticipantKind, Party},
    person::{Person, PersonChanges, PersonFilter, PersonKind},
    service::{
        self, ParticipantRequest, add_participants, change_person, list_participants, remove_staff,
        replace_participants,
    },
    store::{CaseStore, PeopleStore},
};

use crate::{
    bed::{Bed, named, on_both_databases},
    commits::assert_folds_to,
};

on_both_databases! {
    people_are_found_and_listed_in_their_account,
    an_edit_of_a_person_changes_only_the_given_fields,
    concurrent_edits_of_a_person_are_all_applied,
    people_are_added_to_a_case_by_id_and_by_name,
    a_person_has_each_role_on_a_case_once,
    a_name_refers_to_the_person_with_that_name_on_the_case,
    replacing_parties_writes_only_the_differences,
    staff_are_removed_from_one_role_or_from_all,
    an_unknown_or_foreign_person_is_a_field_error,
}

pub(crate) async fn person(bed: &Bed, name: &str) -> Person {
    person_of(bed, bed.account, name).await
}

async fn person_of(bed: &Bed, account: AccountId, name: &str) -> Person {
    let new = Person::named(account, PersonKind::Contact, name, bed.now());
    service::create_person(&bed.store, &bed.context(), new).await.unwrap()
}

fn by_name(name: &str, role: &str) -> ParticipantRequest {
    ParticipantRequest::Named(name.to_owned(), role.to_owned())
}

fn by_id(person: PersonId, role: &str) -> ParticipantRequest {
    ParticipantRequest::Person(person, role.to_owned())
}

fn roles(list: &[Party]) -> Vec<(&str, &str)> {
    list.iter().map(|party| (&*party.name, &*party.role)).collect()
}

async fn staff_of(bed: &Bed, case: &Case) -> Vec<Party> {
    let (_, staff) = list_participants(&bed.store, bed.account, case.id.into(), ParticipantKind::Staff).await.unwrap();
    staff.into_iter().map(|(party, _)| party).collect()
}

async fn add(bed: &Bed, case: &Case, side: ParticipantKind, new: Vec<ParticipantRequest>) -> Result<Vec<Party>, Error> {
    add_participants(&bed.store, &bed.context(), case.id.into(), side, new)
        .await
        .map(|(_, all)| all.into_iter().map(|(party, _)| party).collect())
}

async fn kinds(bed: &Bed, case: &Case) -> Vec<&'static str> {
    let log = bed.store.list_events(bed.account, case.id, 1, 100).await.unwrap();
    log.iter().map(|event| event.data.kind()).collect()
}

/// The fields of the errors that a call was rejected with.
pub(crate) fn faults<T: std::fmt::Debug>(result: Result<T, Error>) -> Vec<String> {
    match result {
        Err(Error::Rejected(Rejection::Invalid(faults))) => faults.into_iter().map(|fault| fault.field).collect(),
        other => panic!("faults were expected: {other:?}"),
    }
}

async fn people_are_found_and_listed_in_their_account(bed: &Bed) {
    let (anna, john) = (person(bed, "Dr. Anna Müller").await, person(bed, "John Smith").await);
    assert_eq!(bed.store.find_people(bed.account, &[anna.id]).await.unwrap(), std::slice::from_ref(&anna));
    let list = async |filter, after| bed.store.list_people(bed.account, filter, after, 1).await.unwrap();
    let first = list(PersonFilter::default(), None).await;
    assert_eq!((first.rows, first.has_more), (vec![john.clone()], true));
    let second = list(PersonFilter::default(), Some(john.id)).await;
    assert_eq!((second.rows, second.has_more), (vec![anna], false));
    assert_eq!(list(PersonFilter { kind: Some(PersonKind::Staff) }, None).await.rows, []);
    let other = bed.new_account("other").await;
    assert_eq!(bed.store.find_people(other, &[john.id]).await.unwrap(), []);
    assert_eq!(bed.store.list_people(other, PersonFilter::default(), None, 10).await.unwrap().rows, []);
    let unknown = service::load_person(&bed.store, other, john.id).await.unwrap_err();
    assert_eq!(unknown, Error::not_found(Entity::Person));
}

async fn an_edit_of_a_person_changes_only_the_given_fields(bed: &Bed) {
    let john = person(bed, "John Smith").await;
    let change = async |changes| change_person(&bed.store, &bed.context(), john.id, changes).await;
    let email = PersonChanges { email: Some(Some("john@example.org".to_owned())), ..PersonChanges::default() };
    let changed = change(email.clone()).await.unwrap();
    assert_eq!(
        changed,
        Person { email: Some("john@example.org".to_owned()), updated_at: changed.updated_at, ..john.clone() }
    );
    assert_eq!(change(email).await.unwrap(), changed, "the same again changes nothing");
    let cleared =
        change(PersonChanges { email: Some(None), active: Some(false), ..PersonChanges::default() }).await.unwrap();
    assert_eq!((cleared.email.as_deref(), cleared.active), (None, false));
    assert_eq!(bed.store.find_people(bed.account, &[john.id]).await.unwrap(), [cleared]);
    let bad = PersonChanges {
        name: Some(" ".to_owned()),
        email: Some(Some("nobody".to_owned())),
        ..PersonChanges::default()
    };
    assert_eq!(faults(change(bad).await), ["name", "email"]);
}

async fn concurrent_edits_of_a_person_are_all_applied(bed: &Bed) {
    let john = person(bed, "John Smith").await;
    let text = |text: &str| Some(Some(text.to_owned()));
    let changes = [
        PersonChanges { email: text("a@b"), ..PersonChanges::default() },
        PersonChanges { phone: text("1"), ..PersonChanges::default() },
        PersonChanges { title: text("Dr."), ..PersonChanges::default() },
    ];
    let context = bed.context();
    bed.in_parallel(3, async |store, at| {
        change_person(&store, &context, john.id, changes.get(at).unwrap().clone()).await.unwrap();
    });
    let john = service::load_person(&bed.store, bed.account, john.id).await.unwrap();
    assert_eq!(
        (john.email.as_deref(), john.phone.as_deref(), john.title.as_deref()),
        (Some("a@b"), Some("1"), Some("Dr."))
    );
}

async fn people_are_added_to_a_case_by_id_and_by_name(bed: &Bed) {
    let case = bed.create(named("Smith v. Jones")).await;
    let anna = person(bed, "Dr. Anna Müller").await;
    let parties = add(
        bed,
        &case,
        ParticipantKind::Party,
        vec![by_name("John Smith", "client"), by_name("Jones Ltd", "opponent")],
    )
    .await;
    assert_eq!(roles(&parties.unwrap()), [("John Smith", "client"), ("Jones Ltd", "opponent")]);
    let staff = add(bed, &case, ParticipantKind::Staff, vec![by_id(anna.id, "lead_attorney")]).await.unwrap();
    assert_eq!(staff, [Party { person: anna.id, role: "lead_attorney".to_owned(), name: anna.name.clone() }]);
    assert_eq!(kinds(bed, &case).await, ["party.added", "party.added", "staff.added"]);
    let john = bed.store.list_people(bed.account, PersonFilter::default(), None, 10).await.unwrap().rows;
    let john = john.iter().find(|person| person.name == "John Smith").unwrap();
    assert_eq!(john.kind, PersonKind::Contact);
    let log = bed.store.list_events(bed.account, case.id, 0, 100).await.unwrap();
    let stored = bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap();
    assert_folds_to(&log, &stored);
    // A case shows the current names of its people.
    let renamed = PersonChanges { name: Some("Prof. Anna Müller".to_owned()), ..PersonChanges::default() };
    change_person(&bed.store, &bed.context(), anna.id, renamed).await.unwrap();
    let staff = staff_of(bed, &case).await;
    assert_eq!(roles(&staff), [("Prof. Anna Müller", "lead_attorney")]);
}

async fn a_person_has_each_role_on_a_case_once(bed: &Bed) {
    let case = bed.create(named("once")).await;
    let john = person(bed, "John Smith").await;
    let twice = vec![
        by_id(john.id, "client"),
        by_id(john.id, "client"),
        by_name("John Smith", "client"),
        by_id(john.id, "witness"),
    ];
    let list = add(bed, &case, ParticipantKind::Party, twice.clone()).await.unwrap();
    assert_eq!(roles(&list), [("John Smith", "client"), ("John Smith", "witness")]);
    let before = bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap();
    assert_eq!(add(bed, &case, ParticipantKind::Party, twice).await.unwrap(), list);
    assert_eq!(bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap(), before, "nothing was written");
}

async fn a_name_refers_to_the_person_with_that_name_on_the_case(bed: &Bed) {
    let case = bed.create(named("names")).await;
    let list = add(bed, &case, ParticipantKind::Party, vec![by_name("Ada", "client"), by_name("Ada", "witness")])
        .await
        .unwrap();
    let again = add(bed, &case, ParticipantKind::Party, vec![by_name("Ada", "expert")]).await.unwrap();
    let people = again.iter().map(|party| party.person).collect::<std::collections::HashSet<_>>();
    assert_eq!((list.len(), again.len(), people.len()), (2, 3, 1));
}

async fn replacing_parties_writes_only_the_differences(bed: &Bed) {
    let case = bed.create(named("replaced")).await;
    let list = add(bed, &case, ParticipantKind::Party, vec![by_name("Ada", "client"), by_name("Bob", "opponent")])
        .await
        .unwrap();
    let ada = list.first().unwrap().person;
    let replace = async |new| {
        let all = replace_participants(&bed.store, &bed.context(), case.id.into(), ParticipantKind::Party, new).await;
        all.map(|(_, all)| all.into_iter().map(|(party, _)| party).collect::<Vec<_>>())
    };
    let list = replace(vec![by_id(ada, "client"), by_name("Cleo", "witness")]).await.unwrap();
    assert_eq!(roles(&list), [("Ada", "client"), ("Cleo", "witness")]);
    assert_eq!(kinds(bed, &case).await, ["party.added", "party.added", "party.removed", "party.added"]);
    let version = bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap().version;
    replace(vec![by_name("Cleo", "witness"), by_name("Ada", "client")]).await.unwrap();
    assert_eq!(bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap().version, version);
    assert_eq!(replace(Vec::new()).await.unwrap(), []);
}

async fn staff_are_removed_from_one_role_or_from_all(bed: &Bed) {
    let case = bed.create(named("staffed")).await;
    let (anna, ben) = (person(bed, "Anna").await.id, person(bed, "Ben").await.id);
    let all = vec![by_id(anna, "lead"), by_id(anna, "reviewer"), by_id(ben, "paralegal")];
    add(bed, &case, ParticipantKind::Staff, all).await.unwrap();
    let remove = async |people, role: Option<&str>| {
        remove_staff(&bed.store, &bed.context(), case.id.into(), people, role.map(str::to_owned)).await
    };
    let absent = Error::not_found(Entity::Staff);
    assert_eq!(remove(vec![anna, PersonId(999)], None).await.unwrap_err(), absent, "all or nobody");
    assert_eq!(remove(vec![ben], Some("lead")).await.unwrap_err(), absent);
    assert_eq!(faults(remove(Vec::new(), None).await), ["staff_ids"]);
    remove(vec![anna], Some("lead")).await.unwrap();
    let left = staff_of(bed, &case).await;
    assert_eq!(roles(&left), [("Anna", "reviewer"), ("Ben", "paralegal")]);
    remove(vec![anna, ben], None).await.unwrap();
    assert_eq!(staff_of(bed, &case).await, []);
}

async fn an_unknown_or_foreign_person_is_a_field_error(bed: &Bed) {
    let case = bed.create(named("unknown")).await;
    let other = bed.new_account("other").await;
    let foreign = person_of(bed, other, "Foreign").await.id;
    let new = vec![by_name("", "client"), by_id(foreign, "client"), by_id(PersonId(999_999), " ")];
    let expected = ["parties[0].name", "parties[1].id", "parties[2].role", "parties[2].id"];
    assert_eq!(faults(add(bed, &case, ParticipantKind::Party, new).await), expected);
    let unknown =
        add_participants(&bed.store, &bed.context_of(other), case.id.into(), ParticipantKind::Party, Vec::new()).await;
    assert_eq!(unknown.unwrap_err(), Error::not_found(Entity::Case));
}
