//! Parties and staff: who is on a case, in which role.

use super::Draft;
use crate::{
    decision::Change,
    error::{FieldErrors, Rejection},
    event::EventData,
    id::{Entity, PersonId},
    party::{NewParticipant, ParticipantEvent, ParticipantsChange, ParticipantsCommand, Party, Side, Who},
    person::{Person, PersonKind},
    primary::PrimaryRole,
    text,
};

pub(super) fn participants(draft: &mut Draft<'_>, command: ParticipantsCommand) -> Result<(), Rejection> {
    let ParticipantsCommand { side, present, change } = command;
    match change {
        ParticipantsChange::Add(new) => {
            check(side, &new)?;
            add(draft, side, &present, new);
        }
        ParticipantsChange::Replace(new) => {
            check(side, &new)?;
            for party in &present {
                if !new.iter().any(|new| new.is(party)) {
                    remove(draft, side, party);
                }
            }
            add(draft, side, &present, new);
        }
        ParticipantsChange::Remove { people, role } => {
            let goes =
                |party: &&Party| people.contains(&party.person) && role.as_ref().is_none_or(|role| *role == party.role);
            let leaving = present.iter().filter(goes).collect::<Vec<_>>();
            if people.iter().any(|person| !leaving.iter().any(|party| party.person == *person)) {
                return Err(Rejection::NotFound(Entity::Staff));
            }
            for party in leaving {
                remove(draft, side, party);
            }
        }
    }
    Ok(())
}

fn check(side: Side, new: &[NewParticipant]) -> Result<(), Rejection> {
    let list = side.list_name();
    let mut faults = FieldErrors::default();
    for (at, new) in new.iter().enumerate() {
        faults.keep(text::check_line(&format!("{list}[{at}].role"), &new.role, text::SHORT_MAX));
        if let Who::New(name) = &new.who {
            faults.keep(text::check_line(&format!("{list}[{at}].name"), name, text::NAME_MAX));
        }
    }
    Ok(faults.finish()?)
}

fn add(draft: &mut Draft<'_>, side: Side, present: &[Party], new: Vec<NewParticipant>) {
    let mut added: Vec<NewParticipant> = Vec::new();
    for new in new {
        if present.iter().any(|party| new.is(party)) || added.contains(&new) {
            continue;
        }
        let (person, name) = match &new.who {
            Who::Known(person, name) => (*person, name.clone()),
            Who::New(name) => (add_person(draft, side, name), name.clone()),
        };
        let role = new.role.clone();
        draft.change(Change::ParticipantAdded { side, person, role: role.clone() });
        draft.record(EventData::Participant(ParticipantEvent { added: true, side, person, role, name }));
        added.push(new);
    }
}

/// Somebody who is given by name alone becomes a person of the directory.
fn add_person(draft: &mut Draft<'_>, side: Side, name: &str) -> PersonId {
    let kind = match side {
        Side::Party => PersonKind::Contact,
        Side::Staff => PersonKind::Staff,
    };
    let id = draft.new_id();
    let person = Person { id, ..Person::named(draft.case.account, kind, name, draft.context.now) };
    draft.change(Change::PersonAdded(person));
    id
}

fn remove(draft: &mut Draft<'_>, side: Side, party: &Party) {
    let Party { person, role, name } = party.clone();
    draft.change(Change::ParticipantRemoved { side, person, role: role.clone() });
    draft.record(EventData::Participant(ParticipantEvent { added: false, side, person, role: role.clone(), name }));
    let details = &draft.case.details;
    let primary = PrimaryRole::ALL.into_iter().filter(|primary| primary.is(side, &role));
    let lost = primary.filter(|primary| primary.of(details) == Some(person)).map(|primary| primary.edit(None));
    let lost = lost.collect::<Vec<_>>();
    // Nobody is the primary one of a list that they are not on.
    if !lost.is_empty() {
        draft.record(EventData::Edited(lost));
    }
}
