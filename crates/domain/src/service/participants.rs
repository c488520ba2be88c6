//! Parties and staff of cases: read, add, replace, remove.

use uuid::Uuid;

use crate::{
    actor::Context,
    command::Command,
    error::Error,
    id::{AccountId, CaseRef, PersonId},
    party::{NewParticipant, ParticipantKind, ParticipantsChange, ParticipantsCommand, Party, Who},
    revision::{Revised as _, Revision},
    service::{ChangeOptions, change_case_with, load_case_file},
    store::{CaseStore, PeopleStore, Store},
};

/// The people on one list, each with the part that it is from, and the revision of the case.
pub type Listed = (Revision, Vec<(Party, Option<Uuid>)>);

/// A participant to add, as the caller names the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParticipantRequest {
    /// A person of the directory, and the role.
    Person(PersonId, String),
    /// A new person by name, and the role.
    Named(String, String),
}

/// The people on one list of a case and of its parts, each with the part that it is from, and the revision of the case.
///
/// # Errors
/// Not found, or a [`StoreError`](crate::error::StoreError).
pub async fn list_participants<S: CaseStore>(
    store: &S,
    account: AccountId,
    case: CaseRef,
    side: ParticipantKind,
) -> Result<Listed, Error> {
    let file = load_case_file(store, account, case).await?;
    Ok((file.case.revision(), file.whole(side)))
}

/// Adds people to a list. Returns the whole list after that, and the revision of the case.
///
/// # Errors
/// As [`change_case_with`]. A person who is not in the directory is a fault of `parties[…].id`.
pub async fn add_participants<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    side: ParticipantKind,
    new: Vec<ParticipantRequest>,
) -> Result<Listed, Error> {
    let change = ParticipantsChange::Add(look_up(store, context.account, new).await?);
    change_participants(store, context, case, side, change).await
}

/// Replaces a list by these people. Only the differences are written.
///
/// # Errors
/// As [`add_participants`].
pub async fn replace_participants<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    side: ParticipantKind,
    new: Vec<ParticipantRequest>,
) -> Result<Listed, Error> {
    let change = ParticipantsChange::Replace(look_up(store, context.account, new).await?);
    change_participants(store, context, case, side, change).await
}

/// Removes members of the staff: from one role, or from all their roles.
///
/// # Errors
/// As [`change_case_with`]. Not found if one of them is not on the staff, or not in that role.
pub async fn remove_staff<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    people: Vec<PersonId>,
    role: Option<String>,
) -> Result<(), Error> {
    let change = ParticipantsChange::Remove { people, role };
    change_participants(store, context, case, ParticipantKind::Staff, change).await.map(|_| ())
}

async fn change_participants<S: Store>(
    store: &S,
    context: &Context,
    case: CaseRef,
    side: ParticipantKind,
    change: ParticipantsChange,
) -> Result<Listed, Error> {
    let prepare = async |case: &crate::case::Case| {
        let present = load_case_file(store, context.account, case.id.into()).await?.into_own(side);
        Ok(Command::Participants(ParticipantsCommand { side, present, change: change.clone() }))
    };
    let (case, _) = change_case_with(store, context, case, prepare, ChangeOptions::default()).await?;
    list_participants(store, context.account, case.id.into(), side).await
}

async fn look_up<S: PeopleStore>(
    store: &S,
    account: AccountId,
    new: Vec<ParticipantRequest>,
) -> Result<Vec<NewParticipant>, Error> {
    let ids = new.iter().filter_map(|new| match new {
        ParticipantRequest::Person(person, _) => Some(*person),
        ParticipantRequest::Named(..) => None,
    });
    let mut ids = ids.collect::<Vec<_>>();
    ids.sort_unstable();
    ids.dedup();
    let found = if ids.is_empty() { Vec::new() } else { store.find_people(account, &ids).await? };
    let participant = |new| match new {
        ParticipantRequest::Named(name, role) => NewParticipant { who: Who::New(name), role },
        ParticipantRequest::Person(id, role) => {
            let known = found.iter().find(|person| person.id == id);
            NewParticipant { who: known.map_or(Who::Unknown, |person| Who::Known(id, person.name.clone())), role }
        }
    };
    Ok(new.into_iter().map(participant).collect())
}
