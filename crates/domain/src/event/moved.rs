//! Events of a split: the split itself, and each thing that moved.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::id::{DeadlineId, DocumentId, NoteId, SubjectId, UpdateId};

/// A thing that moved, by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovedItem {
    /// A note.
    Note(NoteId),
    /// A document.
    Document(DocumentId),
    /// A deadline.
    Deadline(DeadlineId),
    /// A case update.
    Update(UpdateId),
    /// A subject.
    Subject(SubjectId),
}

impl MovedItem {
    /// Its id as an integer.
    #[must_use]
    pub const fn integer(self) -> i64 {
        match self {
            Self::Note(id) => id.0,
            Self::Document(id) => id.0,
            Self::Deadline(id) => id.0,
            Self::Update(id) => id.0,
            Self::Subject(id) => id.0,
        }
    }

    /// Its kind, and its public id.
    #[must_use]
    pub fn words(self) -> (&'static str, String) {
        match self {
            Self::Note(id) => ("note", id.to_string()),
            Self::Document(id) => ("document", id.to_string()),
            Self::Deadline(id) => ("deadline", id.to_string()),
            Self::Update(id) => ("update", id.to_string()),
            Self::Subject(id) => ("subject", id.to_string()),
        }
    }
}

/// Event: a case was split. Both logs have one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SplitEvent {
    /// Public id of the case that was split.
    pub from: Uuid,
    /// Public id of the new case.
    pub into: Uuid,
    /// Why.
    pub reason: String,
}

impl SplitEvent {
    /// One-line title for display.
    #[must_use]
    pub fn title(&self) -> String {
        format!("Case {} split from {}", self.into, self.from)
    }

    /// Event details as a JSON object.
    #[must_use]
    pub fn metadata(&self) -> Value {
        json!({ "from": self.from, "into": self.into, "reason": self.reason })
    }
}

/// Event: a thing moved from one case to another. Both logs have one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveEvent {
    /// What moved.
    pub item: MovedItem,
    /// Public id of the case that had it.
    pub from: Uuid,
    /// Public id of the case that has it.
    pub into: Uuid,
}

impl MoveEvent {
    /// One-line title for display.
    #[must_use]
    pub fn title(&self) -> String {
        let (kind, id) = self.item.words();
        format!("Moved {kind} {id} from {} to {}", self.from, self.into)
    }

    /// Event details as a JSON object.
    #[must_use]
    pub fn metadata(&self) -> Value {
        let (kind, id) = self.item.words();
        json!({ "item": kind, "item_id": id, "from": self.from, "into": self.into })
    }
}
