//! What the log says of deadlines.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Deadline, Due};
use crate::{
    id::DeadlineId,
    numbers::{Numbering, Numbers},
};

/// Something happened to a deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineEvent {
    /// The deadline.
    pub id: DeadlineId,
    /// What happened.
    pub what: DeadlineHappening,
    /// What it was called.
    pub title: String,
    /// When it was due.
    pub due_at: Due,
    /// What it was given, field by field, as the public sees it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
}

crate::deadline::words::words! {
    /// What can happen to a deadline.
    DeadlineHappening, "what" {
        /// It was put on the case.
        Added = "added",
        /// Fields changed.
        Updated = "updated",
        /// It was kept, in time or late.
        Met = "met",
        /// It was called off.
        Cancelled = "cancelled",
        /// It counts again.
        Reopened = "reopened",
        /// A second person checked it.
        Verified = "verified",
        /// It was taken away.
        Removed = "removed",
    }
}

impl DeadlineEvent {
    pub(crate) fn new(what: DeadlineHappening, deadline: &Deadline, fields: Map<String, Value>) -> Self {
        Self { id: deadline.id, what, title: deadline.title.clone(), due_at: deadline.due, fields }
    }

    /// The stable name of what happened.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.what {
            DeadlineHappening::Added => "deadline.added",
            DeadlineHappening::Updated => "deadline.updated",
            DeadlineHappening::Met => "deadline.met",
            DeadlineHappening::Cancelled => "deadline.cancelled",
            DeadlineHappening::Reopened => "deadline.reopened",
            DeadlineHappening::Verified => "deadline.verified",
            DeadlineHappening::Removed => "deadline.removed",
        }
    }

    /// One line for people.
    #[must_use]
    pub fn title(&self) -> String {
        format!("Deadline {}: {} ({})", self.what, self.title, self.due_at)
    }

    /// The particulars.
    #[must_use]
    pub fn metadata(&self) -> Value {
        let mut metadata = json!({ "deadline_id": self.id.to_string(), "title": self.title, "due_at": self.due_at });
        if let Some(metadata) = metadata.as_object_mut() {
            metadata.extend(self.fields.clone());
        }
        metadata
    }
}

impl Numbering for DeadlineEvent {
    fn number(&mut self, numbers: &Numbers) {
        numbers.replace(&mut self.id);
    }
}
