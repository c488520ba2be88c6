//! Documents of a case: what is known of them. Their bytes lie elsewhere, under their hash.

mod file_name;
mod media_type;
mod sha256;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

pub use self::{
    file_name::{content_disposition, safe_file_name},
    media_type::safe_media_type,
    sha256::Sha256Hash,
};
use crate::{
    actor::Actor,
    error::FieldErrors,
    id::{AccountId, CaseId, DocumentId},
    numbers::{Numbering, Numbers},
    revision::{Revised, Revision},
    text,
    time::Timestamp,
};

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The account of its case.
    pub account: AccountId,
    /// Its id.
    pub id: DocumentId,
    /// The case that it belongs to.
    pub case: CaseId,
    /// The public id of that case.
    pub case_uuid: Uuid,
    /// What it is called on the case.
    pub title: String,
    /// The name of its file, safe to show and to save under.
    pub file_name: String,
    /// What its uploader says that it is; always a well-formed media type.
    pub media_type: String,
    /// How many bytes it has.
    pub size: i64,
    /// The hash of its bytes, under which they are kept once for each account.
    pub sha256: Sha256Hash,
    /// When it was put on the case.
    pub created_at: Timestamp,
    /// Who put it there.
    pub created_by: Actor,
}

/// A document to put on a case, whose bytes are already kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// What it is to be called; by the name of its file where nothing is given.
    pub title: Option<String>,
    /// The name of its file, as [`safe_file_name`] gives it.
    pub file_name: String,
    /// As [`safe_media_type`] gives it.
    pub media_type: String,
    /// How many bytes it has.
    pub size: i64,
    /// The hash of its bytes.
    pub sha256: Sha256Hash,
}

impl NewDocument {
    /// Notes what is not accepted.
    pub fn check(&self, faults: &mut FieldErrors) {
        if let Some(title) = &self.title {
            faults.keep(text::check_line("title", title, text::NAME_MAX));
        }
    }
}

/// What is asked of the documents of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentCommand {
    /// Put one there.
    Add(NewDocument),
    /// Take one away.
    Remove(Document),
}

/// A document came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentEvent {
    /// Whether it came.
    pub added: bool,
    /// Its id.
    pub id: DocumentId,
    /// What it was called.
    pub title: String,
    /// The name of its file.
    pub file_name: String,
    /// How many bytes it had.
    pub size: i64,
    /// Their hash.
    pub sha256: Sha256Hash,
}

impl DocumentEvent {
    pub(crate) fn new(added: bool, document: &Document) -> Self {
        Self {
            added,
            id: document.id,
            title: document.title.clone(),
            file_name: document.file_name.clone(),
            size: document.size,
            sha256: document.sha256,
        }
    }

    /// The stable name of what happened.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        if self.added { "document.added" } else { "document.removed" }
    }

    /// One line for people.
    #[must_use]
    pub fn title(&self) -> String {
        format!("Document {}: {}", if self.added { "added" } else { "removed" }, self.title)
    }

    /// The particulars.
    #[must_use]
    pub fn metadata(&self) -> Value {
        json!({
            "document_id": self.id.to_string(),
            "title": self.title,
            "file_name": self.file_name,
            "size": self.size,
            "sha256": self.sha256,
        })
    }
}

impl Numbering for DocumentEvent {
    fn number(&mut self, numbers: &Numbers) {
        numbers.replace(&mut self.id);
    }
}

/// A document to write or to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentChange {
    /// Keep it.
    Added(Document),
    /// Forget it; its bytes are swept where nothing else has them.
    Removed(DocumentId),
}

impl Numbering for DocumentChange {
    fn number(&mut self, numbers: &Numbers) {
        match self {
            Self::Added(document) => numbers.replace(&mut document.id),
            Self::Removed(_) => {}
        }
    }
}

/// Documents never change.
impl Revised for Document {
    fn revision(&self) -> Revision {
        Revision::of_content(self.sha256.to_string())
    }
}
