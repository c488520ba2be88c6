//! Splitting a case: a new case takes over some of its things.

use crate::{
    command::NewCase,
    deadline::Deadline,
    digest::Proved as _,
    document::{Document, Sha256Hash},
    event::MovedItem,
    id::{DeadlineId, DocumentId, NoteId, PersonId, SubjectId, UpdateId},
    note::Note,
    party::Party,
    subject::Subject,
    update::CaseUpdate,
};

/// Maximum length of each list of a split.
pub const MOVED_MAX: usize = 200;

/// Ids of the things that move.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MovedIds {
    /// Notes.
    pub notes: Vec<NoteId>,
    /// Documents.
    pub documents: Vec<DocumentId>,
    /// Deadlines.
    pub deadlines: Vec<DeadlineId>,
    /// Case updates.
    pub updates: Vec<UpdateId>,
    /// Subjects.
    pub subjects: Vec<SubjectId>,
    /// Parties, in all their roles.
    pub parties: Vec<PersonId>,
}

/// Ids of the people who are on both cases afterwards, in all their roles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CopiedIds {
    /// Parties.
    pub parties: Vec<PersonId>,
    /// Staff.
    pub staff: Vec<PersonId>,
}

/// A row that moves to another case. It keeps its id and everything else.
#[derive(Debug, Clone, PartialEq)]
pub enum MovedRow {
    /// A note.
    Note(Note),
    /// A document.
    Document(Document),
    /// A deadline.
    Deadline(Box<Deadline>),
    /// A case update.
    Update(Box<CaseUpdate>),
    /// A subject.
    Subject(Subject),
}

impl MovedRow {
    /// What it is.
    #[must_use]
    pub const fn item(&self) -> MovedItem {
        match self {
            Self::Note(note) => MovedItem::Note(note.id),
            Self::Document(document) => MovedItem::Document(document.id),
            Self::Deadline(deadline) => MovedItem::Deadline(deadline.id),
            Self::Update(update) => MovedItem::Update(update.id),
            Self::Subject(subject) => MovedItem::Subject(subject.id),
        }
    }

    /// Digest of the row.
    #[must_use]
    pub fn digest(&self) -> Sha256Hash {
        match self {
            Self::Note(note) => note.digest(),
            Self::Document(document) => document.digest(),
            Self::Deadline(deadline) => deadline.digest(),
            Self::Update(update) => update.digest(),
            Self::Subject(subject) => subject.digest(),
        }
    }
}

/// A split to decide.
#[derive(Debug, Clone, PartialEq)]
pub struct Split {
    /// The new case, which follows up the case that is split.
    pub new: NewCase,
    /// The rows that move.
    pub rows: Vec<MovedRow>,
    /// The parties that move.
    pub parties: Vec<Party>,
    /// The parties that are copied.
    pub copied_parties: Vec<Party>,
    /// The staff that is copied.
    pub copied_staff: Vec<Party>,
    /// Why.
    pub reason: String,
}
