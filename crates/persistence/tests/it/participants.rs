//! Parties and staff of a case.
#![expect(clippy::unwrap_used, reason = "tests")]

use docket_domain::{
    case::Case,
    command::Command,
    id::{CaseRef, PersonId},
    party::{NewParticipant, ParticipantsChange, ParticipantsCommand, Party, Side, Who},
    service::{self, Terms},
    store::{CaseStore, PeopleStore},
};

use crate::bed::{Bed, named, on_both_databases};

on_both_databases! {
    people_come_and_go_in_order,
    somebody_known_is_found_by_name_on_the_case,
}

fn new(name: &str, role: &str) -> NewParticipant {
    NewParticipant { who: Who::New(name.to_owned()), role: role.to_owned() }
}

async fn change(bed: &Bed, case: &Case, side: Side, change: ParticipantsChange) -> (Vec<Party>, Vec<Party>) {
    let prepare = async |case: &Case| {
        let file = bed.store.find_case_file(bed.account, case.id.into()).await?.unwrap();
        let present = if side == Side::Party { file.parties } else { file.staff };
        Ok(Command::Participants(ParticipantsCommand { side, present, change: change.clone() }))
    };
    let by = CaseRef::from(case.id);
    service::change_case_with(&bed.store, &bed.context(), by, prepare, Terms::default()).await.unwrap();
    let file = bed.store.find_case_file(bed.account, by).await.unwrap().unwrap();
    (file.parties, file.staff)
}

fn names(people: &[Party]) -> Vec<(&str, &str)> {
    people.iter().map(|party| (party.name.as_str(), party.role.as_str())).collect()
}

async fn people_come_and_go_in_order(bed: &Bed) {
    let case = bed.create(named("crowded")).await;
    let zoe = ParticipantsChange::Add(vec![new("Zoe", "witness"), new("Adam", "client"), new("Zoe", "witness")]);
    let (parties, staff) = change(bed, &case, Side::Party, zoe).await;
    assert_eq!(names(&parties), [("Zoe", "witness"), ("Adam", "client")]);
    assert_eq!(staff, []);
    let (_, staff) = change(bed, &case, Side::Staff, ParticipantsChange::Add(vec![new("Ines", "lead")])).await;
    assert_eq!(names(&staff), [("Ines", "lead")]);
    let bea = ParticipantsChange::Replace(vec![new("Bea", "opponent"), new("Adam", "client")]);
    let (parties, staff) = change(bed, &case, Side::Party, bea).await;
    assert_eq!(names(&parties), [("Adam", "client"), ("Bea", "opponent")]);
    assert_eq!(names(&staff), [("Ines", "lead")]);
    let adam = parties.first().unwrap().person;
    let gone = ParticipantsChange::Remove { people: vec![adam], role: None };
    let (parties, _) = change(bed, &case, Side::Party, gone).await;
    assert_eq!(names(&parties), [("Bea", "opponent")]);
    let stored = bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap();
    let log = bed.store.list_events(bed.account, case.id, 0, 100).await.unwrap();
    crate::commits::assert_folds_to(&log, &stored);
}

async fn somebody_known_is_found_by_name_on_the_case(bed: &Bed) {
    let case = bed.create(named("first")).await;
    let (parties, _) = change(bed, &case, Side::Party, ParticipantsChange::Add(vec![new("Zoe", "client")])).await;
    let zoe = parties.first().unwrap().person;
    let found = bed.store.find_people(bed.account, &[zoe, PersonId(99)]).await.unwrap();
    assert_eq!(found.iter().map(|person| (person.id, person.name.as_str())).collect::<Vec<_>>(), [(zoe, "Zoe")]);
    let second = bed.create(named("second")).await;
    let known = NewParticipant { who: Who::Known(zoe, "Zoe".to_owned()), role: "witness".to_owned() };
    let (parties, _) = change(bed, &second, Side::Party, ParticipantsChange::Add(vec![known])).await;
    assert_eq!(parties, [Party { person: zoe, role: "witness".to_owned(), name: "Zoe".to_owned() }]);
}
