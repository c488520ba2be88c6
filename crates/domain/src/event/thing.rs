//! What belongs to a case, as its log tells: people, subjects, updates, notes, documents, deadlines, links.
//!
//! An event says that a thing came, changed or went; its proof is the digest of the thing's row afterwards. So the log
//! gives those rows, too: a row that was changed, added or deleted without an event is found.

use std::{collections::BTreeMap, fmt};

use super::{CaseEvent, EventData};
use crate::{
    deadline::DeadlineHappening,
    document::Sha256Hash,
    id::{DeadlineId, DocumentId, LinkId, NoteId, PersonId, SubjectId, UpdateId},
    note::NoteHappening,
    party::Side,
    update::UpdateEvent,
};

/// Something that belongs to a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// A party or a member of the staff, in a role.
    Participant {
        /// In which list.
        side: Side,
        /// Who.
        person: PersonId,
        /// The role.
        role: String,
    },
    /// A subject.
    Subject(SubjectId),
    /// A case update.
    Update(UpdateId),
    /// A note.
    Note(NoteId),
    /// A document.
    Document(DocumentId),
    /// A deadline.
    Deadline(DeadlineId),
    /// A link, which belongs to two cases: its coming and its going may be in the logs of different ones.
    Link(LinkId),
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Participant { side, person, role } => write!(f, "{} {} as {role:?}", side.as_str(), person.0),
            Self::Subject(id) => write!(f, "subject {}", id.0),
            Self::Update(id) => write!(f, "update {}", id.0),
            Self::Note(id) => write!(f, "note {}", id.0),
            Self::Document(id) => write!(f, "document {}", id.0),
            Self::Deadline(id) => write!(f, "deadline {}", id.0),
            Self::Link(id) => write!(f, "link {}", id.0),
        }
    }
}

/// What an event does to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The case has it afterwards, as the proof says.
    Has,
    /// The case does not have it afterwards.
    Lost,
    /// It was moved between this case and another: this one has it afterwards if it did not have it before.
    Moved,
}

impl EventData {
    /// The thing that the event is about; none where it is about the case itself.
    #[must_use]
    pub fn thing(&self) -> Option<(Thing, Effect)> {
        let effect = |has| if has { Effect::Has } else { Effect::Lost };
        Some(match self {
            Self::Participant(event) => {
                let (side, person, role) = (event.side, event.person, event.role.clone());
                (Thing::Participant { side, person, role }, effect(event.added))
            }
            Self::Subject(event) => (Thing::Subject(event.subject), Effect::Has),
            Self::Update(UpdateEvent { update, other_case, .. }) => {
                (Thing::Update(*update), if other_case.is_some() { Effect::Moved } else { Effect::Has })
            }
            Self::Link(event) => (Thing::Link(event.id), effect(event.created)),
            Self::Note(event) => (Thing::Note(event.id), effect(event.what != NoteHappening::Removed)),
            Self::Document(event) => (Thing::Document(event.id), effect(event.added)),
            Self::Deadline(event) => (Thing::Deadline(event.id), effect(event.what != DeadlineHappening::Removed)),
            Self::Created(_) | Self::Edited(_) | Self::StatusChanged(_) => return None,
            Self::Archived | Self::Unarchived | Self::Deleted | Self::Restored => return None,
        })
    }
}

/// The things of a case with the digests of their rows; none where an event has no proof, as older ones do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Things(BTreeMap<Thing, Option<Sha256Hash>>);

impl Things {
    /// Takes an event into account.
    pub fn take(&mut self, event: &CaseEvent) {
        let Some((thing, effect)) = event.data.thing() else { return };
        match effect {
            Effect::Has => {
                self.0.insert(thing, event.proof);
            }
            Effect::Moved if !self.0.contains_key(&thing) => {
                self.0.insert(thing, event.proof);
            }
            Effect::Moved | Effect::Lost => {
                self.0.remove(&thing);
            }
        }
    }

    /// What differs between the things that the log gives and those that are kept, beside links.
    #[must_use]
    pub fn differences(&self, kept: &BTreeMap<Thing, Sha256Hash>) -> Vec<ThingFault> {
        let of_case = |thing: &&Thing| !matches!(thing, Thing::Link(_));
        let mut faults = Vec::new();
        for (thing, proof) in self.0.iter().filter(|(thing, _)| of_case(thing)) {
            match kept.get(thing) {
                None => faults.push(ThingFault::Missing(thing.clone())),
                Some(digest) if proof.is_some_and(|proof| proof != *digest) => {
                    faults.push(ThingFault::Changed(thing.clone()));
                }
                Some(_) => {}
            }
        }
        let unknown = kept.keys().filter(|thing| !self.0.contains_key(*thing));
        faults.extend(unknown.cloned().map(ThingFault::Added));
        faults
    }
}

/// A row that the logs do not give.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ThingFault {
    /// The row is not the one that was written.
    #[error("{0} was changed")]
    Changed(Thing),
    /// There is no row.
    #[error("{0} is missing")]
    Missing(Thing),
    /// No event tells of the row.
    #[error("{0} is in no event")]
    Added(Thing),
}
