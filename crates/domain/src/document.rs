//! Metadata of the documents of a case. The bytes are stored elsewhere, under their hash.

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

/// A document of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Account of the case.
    pub account: AccountId,
    /// Id of the document.
    pub id: DocumentId,
    /// Case that the document belongs to.
    pub case: CaseId,
    /// Public id of the case.
    pub case_uuid: Uuid,
    /// Title on the case.
    pub title: String,
    /// File name; safe to display and to save under.
    pub file_name: String,
    /// Media type as declared by the uploader; always well-formed.
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// Hash of the bytes. An account stores equal bytes once, under their hash.
    pub sha256: Sha256Hash,
    /// When the document was added to the case.
    pub created_at: Timestamp,
    /// Actor who added the document.
    pub created_by: Actor,
}

/// A document to add to a case. Its bytes are already stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// Title. Default: the file name.
    pub title: Option<String>,
    /// File name, from [`safe_file_name`].
    pub file_name: String,
    /// Media type, from [`safe_media_type`].
    pub media_type: String,
    /// Size in bytes.
    pub size: i64,
    /// Hash of the bytes.
    pub sha256: Sha256Hash,
}

impl NewDocument {
    /// Reports a title that is not accepted.
    pub fn check(&self, faults: &mut FieldErrors) {
        if let Some(title) = &self.title {
            faults.keep(text::check_line("title", title, text::NAME_MAX));
        }
    }
}

/// A command on the documents of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentCommand {
    /// Adds a document.
    Add(NewDocument),
    /// Removes a document.
    Remove(Document),
}

/// Event: a document was added or removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentEvent {
    /// `true` if the document was added, `false` if it was removed.
    pub added: bool,
    /// Id of the document.
    pub id: DocumentId,
    /// Title of the document.
    pub title: String,
    /// File name.
    pub file_name: String,
    /// Size in bytes.
    pub size: i64,
    /// Hash of the bytes.
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

    /// Stable name of the event.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        if self.added { "document.added" } else { "document.removed" }
    }

    /// One-line title for display.
    #[must_use]
    pub fn title(&self) -> String {
        format!("Document {}: {}", if self.added { "added" } else { "removed" }, self.title)
    }

    /// Event details as a JSON object.
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

/// A document row to insert or delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentChange {
    /// Insert the document.
    Added(Document),
    /// Delete the document. Its bytes are deleted later, once no document has them.
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

/// A document never changes, so its hash is its revision.
impl Revised for Document {
    fn revision(&self) -> Revision {
        Revision::of_content(self.sha256.to_string())
    }
}
