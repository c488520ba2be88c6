//! Primary people and locations of cases.
#![expect(clippy::unwrap_used, reason = "tests")]

use docket_domain::{
    account::ApiKey,
    actor::Actor,
    case::{Case, Edit},
    command::Command,
    error::{Error, FieldError, Rejection},
    id::{AccountId, ClientId, KeyId, PersonId, RegionId, SubjectId},
    party::{ParticipantKind, ParticipantsChange, ParticipantsCommand, Party},
    scope::Scopes,
    service::{self, CaseForm, ChangeOptions},
    store::{AccountStore, CaseStore},
};
use uuid::Uuid;

use crate::{
    bed::{Bed, named, on_both_databases},
    directories::{client, region},
};

on_both_databases! {
    a_primary_person_becomes_a_participant_of_the_case,
    a_person_removed_from_the_role_is_no_longer_primary,
    all_unknown_references_are_reported_together,
    a_location_sets_its_client_and_must_belong_to_it,
}

/// Creates a person through a new key.
pub(crate) async fn person(bed: &Bed, account: AccountId, name: &str) -> PersonId {
    let key = ApiKey {
        id: KeyId(0),
        account,
        actor: Actor { id: None, name: name.to_owned() },
        client_id: format!("dk_{}", Uuid::now_v7()),
        secret_hash: vec![0; 32],
        scopes: Scopes::all(),
        created_at: bed.now(),
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
        created_by: None,
        revoked_by: None,
    };
    bed.store.create_key(key, None).await.unwrap().actor.id.unwrap()
}

async fn create(bed: &Bed, edits: Vec<Edit>) -> Result<Case, Error> {
    let form = CaseForm { edits, subjects: Vec::new() };
    service::create_case_by_form(&bed.store, &bed.context(), Uuid::now_v7(), form).await
}

async fn change(bed: &Bed, case: &Case, edits: Vec<Edit>) -> Result<Case, Error> {
    let form = CaseForm { edits, subjects: Vec::new() };
    service::change_case_by_form(&bed.store, &bed.context(), case.id.into(), form, ChangeOptions::default()).await
}

fn faults(result: Result<Case, Error>) -> Vec<String> {
    let Err(Error::Rejected(Rejection::Invalid(faults))) = result else { panic!("{result:?}") };
    faults.into_iter().map(|FieldError { field, .. }| field).collect()
}

async fn people_of(bed: &Bed, case: &Case) -> (Vec<Party>, Vec<Party>) {
    let file = bed.store.find_case_file(bed.account, case.id.into()).await.unwrap().unwrap();
    (file.parties, file.staff)
}

fn roles(list: &[Party]) -> Vec<(PersonId, &str)> {
    list.iter().map(|party| (party.person, party.role.as_str())).collect()
}

async fn a_primary_person_becomes_a_participant_of_the_case(bed: &Bed) {
    let (anna, ben) = (person(bed, bed.account, "Anna").await, person(bed, bed.account, "Ben").await);
    let edits = vec![
        Edit::PrimaryContact(Some(anna)),
        Edit::PrimaryInvestigator(Some(ben)),
        Edit::PrimaryManager(Some(ben)),
        Edit::PrimarySalesperson(Some(anna)),
    ];
    let case = create(bed, edits.clone()).await.unwrap();
    let (parties, staff) = people_of(bed, &case).await;
    assert_eq!(roles(&parties), [(anna, "contact")]);
    let mut staff_roles = roles(&staff);
    staff_roles.sort_by_key(|(_, role)| role.to_owned());
    assert_eq!(staff_roles, [(ben, "case_manager"), (ben, "investigator"), (anna, "salesperson")]);
    assert_eq!(case.details.primary_manager, Some(ben));
    // Repeating the edit changes nothing. A new primary contact is added to the existing parties.
    assert_eq!(change(bed, &case, edits).await.unwrap().version, case.version);
    let case = change(bed, &case, vec![Edit::PrimaryContact(Some(ben))]).await.unwrap();
    assert_eq!(case.details.primary_contact, Some(ben));
    assert_eq!(roles(&people_of(bed, &case).await.0), [(anna, "contact"), (ben, "contact")]);
    let case = change(bed, &case, vec![Edit::PrimaryContact(None)]).await.unwrap();
    assert_eq!(case.details.primary_contact, None);
    assert_eq!(people_of(bed, &case).await.0.len(), 2);
}

async fn a_person_removed_from_the_role_is_no_longer_primary(bed: &Bed) {
    let (anna, ben) = (person(bed, bed.account, "Anna").await, person(bed, bed.account, "Ben").await);
    let edits =
        vec![Edit::PrimaryContact(Some(anna)), Edit::PrimaryInvestigator(Some(ben)), Edit::PrimaryManager(Some(ben))];
    let case = create(bed, edits).await.unwrap();
    let (parties, staff) = people_of(bed, &case).await;
    let remove = ParticipantsChange::Remove { people: vec![ben], role: Some("investigator".to_owned()) };
    let command = ParticipantsCommand { side: ParticipantKind::Staff, present: staff, change: remove };
    let case = bed.change(&case, Command::Participants(command)).await.unwrap();
    assert_eq!((case.details.primary_investigator, case.details.primary_manager), (None, Some(ben)));
    let clear = ParticipantsCommand {
        side: ParticipantKind::Party,
        present: parties,
        change: ParticipantsChange::Replace(vec![]),
    };
    let case = bed.change(&case, Command::Participants(clear)).await.unwrap();
    assert_eq!(case.details.primary_contact, None);
    assert_eq!(bed.store.find_case(bed.account, case.id.into()).await.unwrap(), Some(case));
}

async fn all_unknown_references_are_reported_together(bed: &Bed) {
    let other = bed.new_account("other").await;
    let stranger = person(bed, other, "Stranger").await;
    let edits = vec![
        Edit::Client(Some(ClientId(99))),
        Edit::Location(Some(ClientId(98))),
        Edit::Region(Some(RegionId(97))),
        Edit::PrimaryContact(Some(stranger)),
        Edit::PrimaryManager(Some(PersonId(96))),
        Edit::PrimarySubject(Some(SubjectId(95))),
    ];
    let expected =
        ["client_id", "location_id", "region_id", "primary_contact_id", "primary_manager_id", "primary_subject_id"];
    assert_eq!(faults(create(bed, edits.clone()).await), expected);
    let case = bed.create(named("plain")).await;
    assert_eq!(faults(change(bed, &case, edits).await), expected);
}

async fn a_location_sets_its_client_and_must_belong_to_it(bed: &Bed) {
    let (first, second) = (client(bed, "First", None).await, client(bed, "Second", None).await);
    let site = client(bed, "Site", Some(first.id)).await;
    let north = region(bed, bed.account, "North").await;
    let case = create(bed, vec![Edit::Location(Some(site.id)), Edit::Region(Some(north.id))]).await.unwrap();
    assert_eq!((case.details.client, case.details.location), (Some(first.id), Some(site.id)));
    assert_eq!(faults(change(bed, &case, vec![Edit::Client(Some(second.id))]).await), ["client_id"]);
    assert_eq!(faults(change(bed, &case, vec![Edit::Client(Some(site.id))]).await), ["client_id"]);
    let moved = vec![Edit::Client(Some(second.id)), Edit::Location(None)];
    let case = change(bed, &case, moved).await.unwrap();
    assert_eq!(faults(change(bed, &case, vec![Edit::Location(Some(site.id))]).await), ["location_id"]);
}
