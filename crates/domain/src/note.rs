//! Notes on a case. The log keeps every wording that a note ever had.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    actor::Actor,
    error::FieldError,
    id::{AccountId, CaseId, NoteId},
    numbers::{Numbering, Numbers},
    revision::{Revised, Revision},
    text,
    time::Timestamp,
};

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The account of its case.
    pub account: AccountId,
    /// Its id.
    pub id: NoteId,
    /// The case that it is on.
    pub case: CaseId,
    /// The public id of that case.
    pub case_uuid: Uuid,
    /// What it says.
    pub body: String,
    /// Who wrote it.
    pub author: Actor,
    /// When it was written.
    pub created_at: Timestamp,
    /// When its wording last changed.
    pub updated_at: Timestamp,
}

/// Checks the wording of a note.
///
/// # Errors
/// Where it is blank, too long or holds control characters.
pub fn check_body(body: &str) -> Result<(), FieldError> {
    if body.trim().is_empty() {
        return Err(FieldError::new("body", "must not be empty"));
    }
    text::check_lines("body", body, text::LONG_MAX)
}

/// What is asked of the notes of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteCommand {
    /// Write one.
    Add(String),
    /// Give one another wording.
    Edit {
        /// The note as it is.
        note: Note,
        /// The new wording.
        body: String,
    },
    /// Take one away.
    Remove(Note),
}

/// Something happened to a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteEvent {
    /// The note.
    pub id: NoteId,
    /// What happened.
    pub what: NoteHappening,
}

/// What can happen to a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteHappening {
    /// It was written, with this wording.
    Added(String),
    /// It got this wording.
    Updated(String),
    /// It was taken away.
    Removed,
}

impl NoteEvent {
    /// The stable name of what happened.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.what {
            NoteHappening::Added(_) => "note.added",
            NoteHappening::Updated(_) => "note.updated",
            NoteHappening::Removed => "note.removed",
        }
    }

    /// One line for people.
    #[must_use]
    pub fn title(&self) -> String {
        match self.what {
            NoteHappening::Added(_) => "Note added".to_owned(),
            NoteHappening::Updated(_) => "Note changed".to_owned(),
            NoteHappening::Removed => "Note removed".to_owned(),
        }
    }

    /// The particulars.
    #[must_use]
    pub fn metadata(&self) -> Value {
        let id = self.id.to_string();
        match &self.what {
            NoteHappening::Added(body) | NoteHappening::Updated(body) => json!({ "note_id": id, "body": body }),
            NoteHappening::Removed => json!({ "note_id": id }),
        }
    }
}

impl Numbering for NoteEvent {
    fn number(&mut self, numbers: &Numbers) {
        numbers.replace(&mut self.id);
    }
}

/// A note to write or to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteChange {
    /// A new one.
    Added(Note),
    /// One with another wording.
    Updated(Note),
    /// Forget it.
    Removed(NoteId),
}

impl Numbering for NoteChange {
    fn number(&mut self, numbers: &Numbers) {
        match self {
            Self::Added(note) => numbers.replace(&mut note.id),
            Self::Updated(_) | Self::Removed(_) => {}
        }
    }
}

impl Revised for Note {
    fn revision(&self) -> Revision {
        Revision::of_time(self.updated_at)
    }
}
