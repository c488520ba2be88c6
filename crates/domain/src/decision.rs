//! The result of a command, as data: the case after it, its events, and the other rows to write.
//!
//! A decision is made before the store assigns ids, so new rows have provisional (negative) ids. [`Decision::number`]
//! replaces them with the ids of the store and chains the log entries. A [`Commit`] is complete: it can be written,
//! sent or replayed.

use std::collections::BTreeMap;

use crate::{
    case::{Case, Series},
    conflict::CheckChange,
    deadline::{DeadlineChange, DeadlineMoment},
    digest::{Proved as _, participant_digest},
    document::{DocumentChange, Sha256Hash},
    event::{CaseEvent, Created, EventData, LogEntry, Thing},
    id::{CaseId, Entity, PersonId},
    link::LinkChange,
    merge::MergeChange,
    note::NoteChange,
    numbers::{Numbering, Numbers},
    party::ParticipantKind,
    person::Person,
    service_level::StoredClock,
    split::MovedRow,
    subject::Subject,
    tally::{self, HistogramChange, TallyChange},
    update::CaseUpdate,
};

/// The result of an accepted command.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The case before the command; none for a creation. Its version guards the commit.
    pub before: Option<Case>,
    /// The case after the command.
    pub case: Case,
    /// The events, in order. Empty if the command changes nothing; then there is nothing to commit.
    pub events: Vec<CaseEvent>,
    /// The other rows to write.
    pub changes: Vec<Change>,
    /// The numbers that the store has to assign.
    pub needs: Needs,
}

/// The numbers that a decision needs from the store.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Needs {
    /// Instance numbers of a series: one of the parent's series for a follow-up, one of the case's series for each
    /// reopening.
    pub instances: Option<Instances>,
    /// The kinds of the new rows, in the order of their provisional ids.
    pub entities: Vec<Entity>,
}

/// Instance numbers needed of one series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instances {
    /// Number of the series.
    pub of: i64,
    /// How many, at least 1.
    pub count: i32,
}

/// A row to write with the case and its log.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// A new person in the directory.
    PersonAdded(Person),
    /// A party or staff member to add.
    ParticipantAdded {
        /// The list.
        side: ParticipantKind,
        /// The person.
        person: PersonId,
        /// Role on the case.
        role: String,
        /// Case version that adds the person. Lists are in the order of this version.
        since: i64,
    },
    /// A party or staff member to remove.
    ParticipantRemoved {
        /// The list.
        side: ParticipantKind,
        /// The person.
        person: PersonId,
        /// Role on the case.
        role: String,
    },
    /// A new subject.
    SubjectAdded(Subject),
    /// A changed subject.
    SubjectChanged(Subject),
    /// A new case update.
    UpdateAdded(Box<CaseUpdate>),
    /// A changed case update. The commit fails unless the stored update has the previous revision.
    UpdateChanged(Box<CaseUpdate>),
    /// A link to another case.
    Link(LinkChange),
    /// A note.
    Note(NoteChange),
    /// A document.
    Document(DocumentChange),
    /// A deadline.
    Deadline(DeadlineChange),
    /// A check for conflicts of interest.
    ConflictCheck(CheckChange),
    /// A merge.
    Merge(MergeChange),
    /// A moment of a deadline that an event tells of. The commit fails if another one has told it.
    DeadlineTold(DeadlineMoment),
    /// The stored clocks of the case, in place of those before.
    Clocks(Vec<StoredClock>),
    /// A row that moves to this case. The commit fails unless that case still has it.
    Moved {
        /// The case that has the row.
        from: CaseId,
        /// The row.
        row: Box<MovedRow>,
    },
}

impl Change {
    /// The row that it writes and the digest of that row; none for a deletion, and for a row that does not belong to a
    /// case.
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
            Self::Moved { row, .. } => (row.item().into(), row.digest()),
            Self::PersonAdded(_) | Self::ParticipantRemoved { .. } => return None,
            Self::ConflictCheck(_) | Self::Merge(_) | Self::Clocks(_) | Self::DeadlineTold(_) => return None,
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
            Self::ConflictCheck(change) => change.number(numbers),
            // Their ids are not given by the store.
            Self::Merge(_) | Self::Moved { .. } | Self::Clocks(_) | Self::DeadlineTold(_) => {}
        }
    }
}

/// A complete decision, to be written in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub struct Commit {
    /// The case before the command; none for a creation. The commit fails unless the stored case still has this
    /// version.
    pub before: Option<Case>,
    /// The case to store.
    pub case: Case,
    /// The entries to append to its log; never empty.
    pub entries: Vec<LogEntry>,
    /// The other rows to write, in order.
    pub changes: Vec<Change>,
    /// Changes of the stored counts.
    pub tallies: Vec<TallyChange>,
    /// Changes of the stored histograms.
    pub histograms: Vec<HistogramChange>,
}

impl Decision {
    /// Whether there is nothing to write.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Joins this decision and `next`, which was made on its result.
    ///
    /// # Errors
    /// This decision, unchanged, if `next` needs numbers from the store or was not made on this result.
    pub fn then(mut self, next: Self) -> Result<Self, Box<Self>> {
        if next.needs != Needs::default() || self.case.version + events_in(&next) != next.case.version {
            return Err(Box::new(self));
        }
        self.case = next.case;
        self.events.extend(next.events);
        self.changes.extend(next.changes);
        Ok(self)
    }

    /// Replaces provisional ids with the numbers of the store, and chains the log entries.
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
            // The new numbers in the events also change the case, but not its clocks.
            let sla_due_at = self.case.sla_due_at;
            self.case = match &self.before {
                Some(before) => self.events.iter().fold(before.clone(), Case::evolve),
                None => Case::fold(&self.events).unwrap_or(self.case),
            };
            self.case.sla_due_at = sla_due_at;
        }
        // Of several changes of one row, the last one counts.
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
        let histograms = tally::histogram_changes(self.before.as_ref(), &self.case);
        Commit { before: self.before, case: self.case, entries, changes: self.changes, tallies, histograms }
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
