//! What a command leads to, as data: the case after it, what happened, and what hangs on it.
//!
//! A decision is made before the store has numbered anything, so that new things carry provisional (negative) ids.
//! [`Decision::number`] puts in the ids that the store gives and seals the log; a [`Commit`] is complete and can be
//! written, sent or replayed as it stands.

use std::collections::BTreeMap;

use crate::{
    case::{Case, Series},
    deadline::DeadlineChange,
    digest::{Proved as _, participant_digest},
    document::{DocumentChange, Sha256Hash},
    event::{CaseEvent, Created, EventData, LogEntry, Thing},
    id::{CaseId, Entity, PersonId},
    link::LinkChange,
    note::NoteChange,
    numbers::{Numbering, Numbers},
    party::Side,
    person::Person,
    subject::Subject,
    tally::{self, TallyChange},
    update::CaseUpdate,
};

/// The outcome of a command that was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The case on which it was made; none for a creation. Its version guards the commit.
    pub before: Option<Case>,
    /// The case after it.
    pub case: Case,
    /// What happened, in order. Empty where the command changes nothing: then there is nothing to commit.
    pub events: Vec<CaseEvent>,
    /// What else is to be written.
    pub changes: Vec<Change>,
    /// What the store has to number.
    pub needs: Needs,
}

/// What a decision needs numbers for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// The instances that are needed of a series: one of the parent's for a follow-up, one of the case's own for each
    /// time that it is reopened.
    pub instances: Option<Instances>,
    /// The new things, in the order of their provisional ids.
    pub entities: Vec<Entity>,
}

/// How many instances a decision needs of which series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instances {
    /// The number of the series.
    pub of: i64,
    /// At least 1.
    pub count: i32,
}

/// One row to write beside the case and its log.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Somebody new in the directory.
    PersonAdded(Person),
    /// A party or a member of the staff to add.
    ParticipantAdded {
        /// To which list.
        side: Side,
        /// Who.
        person: PersonId,
        /// Role on the case.
        role: String,
        /// The version that brings them: lists are in the order in which people came.
        since: i64,
    },
    /// A party or a member of the staff to remove.
    ParticipantRemoved {
        /// From which list.
        side: Side,
        /// Who.
        person: PersonId,
        /// Role on the case.
        role: String,
    },
    /// A new subject.
    SubjectAdded(Subject),
    /// A subject as it is from now on.
    SubjectChanged(Subject),
    /// A new case update.
    UpdateAdded(Box<CaseUpdate>),
    /// A case update as it is from now on; it holds only if the kept one is still of the revision before.
    UpdateChanged(Box<CaseUpdate>),
    /// A link to another case.
    Link(LinkChange),
    /// A note.
    Note(NoteChange),
    /// A document.
    Document(DocumentChange),
    /// A deadline.
    Deadline(DeadlineChange),
}

impl Change {
    /// The thing whose row it writes, with the digest of the row; none where it deletes one, or writes no thing of a case.
    fn proof(&self) -> Option<(Thing, Sha256Hash)> {
        Some(match self {
            Self::ParticipantAdded { side, person, role, since } => {
                let thing = Thing::Participant { side: *side, person: *person, role: role.clone() };
                (thing, participant_digest(*side, *person, role, *since))
            }
            Self::SubjectAdded(subject) | Self::SubjectChanged(subject) => {
                (Thing::Subject(subject.id), subject.digest())
            }
            Self::UpdateAdded(update) | Self::UpdateChanged(update) => (Thing::Update(update.id), update.digest()),
            Self::Link(LinkChange::Added(link)) => (Thing::Link(link.id), link.digest()),
            Self::Note(NoteChange::Added(note) | NoteChange::Updated(note)) => (Thing::Note(note.id), note.digest()),
            Self::Document(DocumentChange::Added(document)) => (Thing::Document(document.id), document.digest()),
            Self::Deadline(DeadlineChange::Added(deadline) | DeadlineChange::Updated(deadline)) => {
                (Thing::Deadline(deadline.id), deadline.digest())
            }
            Self::PersonAdded(_) | Self::ParticipantRemoved { .. } => return None,
            Self::Link(LinkChange::Removed(_)) | Self::Note(NoteChange::Removed(_)) => return None,
            Self::Document(DocumentChange::Removed(_)) | Self::Deadline(DeadlineChange::Removed(_)) => return None,
        })
    }
}

impl Numbering for Change {
    fn number(&mut self, numbers: &Numbers) {
        match self {
            Self::PersonAdded(person) => numbers.replace(&mut person.id),
            Self::ParticipantAdded { person, .. } | Self::ParticipantRemoved { person, .. } => numbers.replace(person),
            Self::SubjectAdded(subject) | Self::SubjectChanged(subject) => numbers.replace(&mut subject.id),
            Self::UpdateAdded(update) | Self::UpdateChanged(update) => update.number(numbers),
            Self::Link(change) => change.number(numbers),
            Self::Note(change) => change.number(numbers),
            Self::Document(change) => change.number(numbers),
            Self::Deadline(change) => change.number(numbers),
        }
    }
}

/// A decision that is ready to be written, in one atomic step.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    /// The case on which the decision was made: what is written holds only if the case is still at this version.
    pub before: Option<Case>,
    /// The case to keep.
    pub case: Case,
    /// The entries to append to its log, never empty.
    pub entries: Vec<LogEntry>,
    /// What else to write, in order.
    pub changes: Vec<Change>,
    /// What the counts gain and lose.
    pub tallies: Vec<TallyChange>,
}

impl Decision {
    /// Whether there is nothing to write.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// This decision and one that was made on its outcome, as one.
    ///
    /// # Errors
    /// This decision again, where the other one needs numbers: those are given on what is stored.
    pub fn then(mut self, next: Self) -> Result<Self, Box<Self>> {
        if next.needs != Needs::default() || self.case.version + events_in(&next) != next.case.version {
            return Err(Box::new(self));
        }
        self.case = next.case;
        self.events.extend(next.events);
        self.changes.extend(next.changes);
        Ok(self)
    }

    /// Puts in the numbers that the store gave and seals the log.
    #[must_use]
    pub fn number(mut self, numbers: &Numbers) -> Commit {
        for event in &mut self.events {
            event.data.number(numbers);
        }
        for change in &mut self.changes {
            change.number(numbers);
        }
        if let Some(id) = numbers.case {
            self.number_case(id, numbers);
        }
        if numbers.case.is_some() || self.needs != Needs::default() {
            // What the events were numbered with has its effect on the case as well.
            self.case = match &self.before {
                Some(before) => self.events.iter().fold(before.clone(), Case::evolve),
                None => Case::fold(&self.events).unwrap_or(self.case),
            };
        }
        // Of several changes of one thing, the last one holds.
        let proofs = self.changes.iter().filter_map(Change::proof).collect::<BTreeMap<_, _>>();
        for event in &mut self.events {
            event.proof = event.data.thing().and_then(|(thing, _)| proofs.get(&thing).copied());
        }
        let mut head = self.before.as_ref().map_or_else(Default::default, |before| before.log_head);
        let mut entries = Vec::with_capacity(self.events.len());
        for event in self.events {
            let entry = LogEntry::chain(head, event);
            head = entry.hash;
            entries.push(entry);
        }
        self.case.log_head = head;
        let tallies = tally::changes(self.before.as_ref(), &self.case);
        Commit { before: self.before, case: self.case, entries, changes: self.changes, tallies }
    }

    fn number_case(&mut self, id: CaseId, numbers: &Numbers) {
        let is_follow_up = self.case.parent.is_some();
        for event in &mut self.events {
            event.case = id;
            if let EventData::Created(created) = &mut event.data {
                let Created { case } = created.as_mut();
                case.id = id;
                if case.series == Series::NEW {
                    case.series.number = id.0;
                }
                if is_follow_up {
                    numbers.set_instance(&mut case.series.instance);
                }
            }
        }
    }
}

fn events_in(decision: &Decision) -> i64 {
    i64::try_from(decision.events.len()).unwrap_or(i64::MAX)
}
