//! Notes on a case. The log keeps every version of a note's text.

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

/// A note on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Account of the case.
    pub account: AccountId,
    /// Id of the note.
    pub id: NoteId,
    /// Case of the note.
    pub case: CaseId,
    /// Public id of the case.
    pub case_uuid: Uuid,
    /// Text of the note.
    pub body: String,
    /// Author.
    pub author: Actor,
    /// Creation time.
    pub created_at: Timestamp,
    /// Time of the last change to the text.
    pub updated_at: Timestamp,
}

/// Checks the text of a note.
///
/// # Errors
/// A [`FieldError`] if the text is blank, too long or has control characters other than tabs and line breaks.
pub fn check_body(body: &str) -> Result<(), FieldError> {
    if body.trim().is_empty() {
        return Err(FieldError::new("body", "must not be empty"));
    }
    text::check_lines("body", body, text::LONG_MAX)
}

/// A command on the notes of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteCommand {
    /// Adds a note with this text.
    Add(String),
    /// Changes the text of a note.
    Edit {
        /// Current note.
        note: Note,
        /// New text.
        body: String,
    },
    /// Removes a note.
    Remove(Note),
}

/// Event of a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteEvent {
    /// Id of the note.
    pub id: NoteId,
    /// What happened.
    pub what: NoteHappening,
}

/// What can happen to a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteHappening {
    /// The note was added with this text.
    Added(String),
    /// The text was changed to this one.
    Updated(String),
    /// The note was removed.
    Removed,
}

impl NoteEvent {
    /// Stable name of the event.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.what {
            NoteHappening::Added(_) => "note.added",
            NoteHappening::Updated(_) => "note.updated",
            NoteHappening::Removed => "note.removed",
        }
    }

    /// One-line title for display.
    #[must_use]
    pub fn title(&self) -> String {
        match self.what {
            NoteHappening::Added(_) => "Note added".to_owned(),
            NoteHappening::Updated(_) => "Note changed".to_owned(),
            NoteHappening::Removed => "Note removed".to_owned(),
        }
    }

    /// Event details as a JSON object.
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

/// A note row to insert, update or delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteChange {
    /// Insert the note.
    Added(Note),
    /// Update the note.
    Updated(Note),
    /// Delete the note.
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
