//! Adding, replacing and removing the parties and staff of a case.

use super::DecisionBuilder;
use crate::{
    decision::Change,
    error::{FieldErrors, Rejection},
    event::EventData,
    id::{Entity, PersonId},
    party::{
        NewParticipant, PARTICIPANTS_MAX, ParticipantEvent, ParticipantKind, ParticipantsChange, ParticipantsCommand,
        Party, Who,
    },
    person::{Person, PersonKind},
    primary::PrimaryRole,
    text,
};

pub(super) fn participants(builder: &mut DecisionBuilder<'_>, command: ParticipantsCommand) -> Result<(), Rejection> {
    let ParticipantsCommand { side, present, change } = command;
    let change = change.cleaned();
    match change {
        ParticipantsChange::Add(new) => {
            check(side, &new, present.len())?;
            add(builder, side, &present, meant(&present, new));
        }
        ParticipantsChange::Replace(new) => {
            check(side, &new, 0)?;
            let wanted = meant(&present, new);
            for party in present.iter().filter(|party| !wanted.iter().any(|new| new.is(party))) {
                remove(builder, side, party);
            }
            add(builder, side, &present, wanted);
        }
        ParticipantsChange::Remove { people, role } => {
            if people.is_empty() {
                return Err(crate::error::FieldError::new("staff_ids", "must name at least one person").into());
            }
            let goes =
                |party: &&Party| people.contains(&party.person) && role.as_ref().is_none_or(|role| *role == party.role);
            let leaving = present.iter().filter(goes).collect::<Vec<_>>();
            if people.iter().any(|person| !leaving.iter().any(|party| party.person == *person)) {
                return Err(Rejection::NotFound(Entity::Staff));
            }
            for party in leaving {
                remove(builder, side, party);
            }
        }
    }
    Ok(())
}

fn check(side: ParticipantKind, new: &[NewParticipant], present: usize) -> Result<(), Rejection> {
    let list = side.list_name();
    let mut faults = FieldErrors::default();
    if present + new.len() > PARTICIPANTS_MAX {
        faults.add(list, format!("must be at most {PARTICIPANTS_MAX} on a case"));
    }
    for (at, new) in new.iter().enumerate() {
        faults.keep(text::check_line(&format!("{list}[{at}].role"), &new.role, text::SHORT_MAX));
        match &new.who {
            Who::Known(..) => {}
            Who::Unknown => faults.add(format!("{list}[{at}].id"), "must be an existing person"),
            Who::New(name) => {
                faults.keep(text::check_line(&format!("{list}[{at}].name"), name, text::NAME_MAX));
            }
        }
    }
    Ok(faults.finish()?)
}

/// Resolves names to persons and removes duplicates. A name without an id means the person with that name on the list
/// (with the same role first), or else in the request: one person can have several roles.
fn meant(present: &[Party], new: Vec<NewParticipant>) -> Vec<NewParticipant> {
    let given = new.iter().filter_map(|new| match &new.who {
        Who::Known(person, name) => Some((*person, name.clone())),
        Who::Unknown | Who::New(_) => None,
    });
    let given = given.collect::<Vec<_>>();
    let mut meant: Vec<NewParticipant> = Vec::new();
    for NewParticipant { who, role } in new {
        let who = match who {
            Who::New(name) => {
                let named = |party: &&Party| party.name == name;
                let same_role = present.iter().filter(named).find(|party| party.role == role);
                let there = same_role.or_else(|| present.iter().find(named)).map(|party| party.person);
                let there = there.or_else(|| given.iter().find(|(_, given)| *given == name).map(|(person, _)| *person));
                match there {
                    Some(person) => Who::Known(person, name),
                    None => Who::New(name),
                }
            }
            other @ (Who::Known(..) | Who::Unknown) => other,
        };
        let new = NewParticipant { who, role };
        if !meant.iter().any(|known| known.is_same(&new)) {
            meant.push(new);
        }
    }
    meant
}

pub(super) fn add(
    builder: &mut DecisionBuilder<'_>,
    side: ParticipantKind,
    present: &[Party],
    wanted: Vec<NewParticipant>,
) {
    let mut made: Vec<(String, PersonId)> = Vec::new();
    for new in wanted {
        if present.iter().any(|party| new.is(party)) {
            continue;
        }
        let (person, name) = match new.who {
            Who::Known(person, name) => (person, name),
            // `check` refuses it.
            Who::Unknown => continue,
            Who::New(name) => match made.iter().find(|(known, _)| *known == name) {
                Some((_, person)) => (*person, name),
                None => {
                    let person = add_person(builder, side, &name);
                    made.push((name.clone(), person));
                    (person, name)
                }
            },
        };
        let role = new.role;
        let since = builder.case.version + 1;
        builder.change(Change::ParticipantAdded { side, person, role: role.clone(), since });
        builder.record(EventData::Participant(ParticipantEvent { added: true, side, person, role, name }));
    }
}

/// Adds a person who is given by name only to the directory.
fn add_person(builder: &mut DecisionBuilder<'_>, side: ParticipantKind, name: &str) -> PersonId {
    let kind = match side {
        ParticipantKind::Party => PersonKind::Contact,
        ParticipantKind::Staff => PersonKind::Staff,
    };
    let id = builder.new_id();
    let person = Person { id, ..Person::named(builder.case.account, kind, name, builder.context.now) };
    builder.change(Change::PersonAdded(person));
    id
}

pub(super) fn remove(builder: &mut DecisionBuilder<'_>, side: ParticipantKind, party: &Party) {
    let Party { person, role, name } = party.clone();
    builder.change(Change::ParticipantRemoved { side, person, role: role.clone() });
    builder.record(EventData::Participant(ParticipantEvent { added: false, side, person, role: role.clone(), name }));
    let details = &builder.case.details;
    let primary = PrimaryRole::ALL.into_iter().filter(|primary| primary.is(side, &role));
    let lost = primary.filter(|primary| primary.of(details) == Some(person)).map(|primary| primary.edit(None));
    let lost = lost.collect::<Vec<_>>();
    // A person who leaves the list cannot stay the primary one.
    if !lost.is_empty() {
        builder.record(EventData::Edited(lost));
    }
}
