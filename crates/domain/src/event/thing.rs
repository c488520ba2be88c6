//! Rows that belong to a case, as its log proves them: participants, subjects, updates, notes, documents, deadlines,
//! links.
//!
//! An event adds, changes or removes a row; its proof is the digest of the row after the event. So a row that was
//! changed, added or deleted without an event is detected.

use std::{collections::BTreeMap, fmt};

use super::{CaseEvent, EventData, MovedItem};
use crate::{
    deadline::DeadlineHappening,
    document::Sha256Hash,
    id::{DeadlineId, DocumentId, LinkId, NoteId, PersonId, SubjectId, UpdateId},
    note::NoteHappening,
    party::ParticipantKind,
    update::UpdateEvent,
};

/// A row that belongs to a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Thing {
    /// A party or staff member, in a role.
    Participant {
        /// The list.
        side: ParticipantKind,
        /// The person.
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
    /// A link. It belongs to two cases: its creation and its removal can be in different logs.
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

impl From<MovedItem> for Thing {
    fn from(item: MovedItem) -> Self {
        match item {
            MovedItem::Note(id) => Self::Note(id),
            MovedItem::Document(id) => Self::Document(id),
            MovedItem::Deadline(id) => Self::Deadline(id),
            MovedItem::Update(id) => Self::Update(id),
            MovedItem::Subject(id) => Self::Subject(id),
        }
    }
}

/// Effect of an event on a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The case has the row afterwards, with the digest in the proof.
    Has,
    /// The case does not have the row afterwards.
    Lost,
    /// The row moved between this case and another. This case has it afterwards if it did not have it before.
    Moved,
}

impl EventData {
    /// The row that the event is about; `None` if it is about the case itself.
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
            // The row is as it was.
            Self::Deadline(event) if event.is_of_time() => return None,
            Self::Deadline(event) => (Thing::Deadline(event.id), effect(event.what != DeadlineHappening::Removed)),
            Self::Created(_) | Self::Edited(_) | Self::StatusChanged(_) | Self::ConflictCheck(_) => return None,
            Self::Moved(event) => (event.item.into(), Effect::Moved),
            Self::Merge(_) | Self::Split(_) | Self::Sla(_) => return None,
            Self::WorkflowMigrated(_) | Self::Archived | Self::Unarchived | Self::Deleted | Self::Restored => {
                return None;
            }
        })
    }
}

/// The rows of a case with their digests; none if the last event has no proof, as in older logs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Things(BTreeMap<Thing, Option<Sha256Hash>>);

impl Things {
    /// Applies an event.
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

    /// Differences between the rows that the log gives and the stored rows in `kept`. Links are left out.
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

/// A row that does not follow from the logs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ThingFault {
    /// The row differs from its last event.
    #[error("{0} was changed")]
    Changed(Thing),
    /// The row is missing.
    #[error("{0} is missing")]
    Missing(Thing),
    /// No event adds the row.
    #[error("{0} is in no event")]
    Added(Thing),
}
