//! Deadline events in the log of a case.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Deadline, Due};
use crate::{
    id::{AccountId, DeadlineId},
    numbers::{Numbering, Numbers},
    time::Timestamp,
};

/// A deadline event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeadlineEvent {
    /// The deadline.
    pub id: DeadlineId,
    /// What happened.
    pub what: DeadlineHappening,
    /// Title of the deadline after the event.
    pub title: String,
    /// Due date after the event.
    pub due_at: Due,
    /// New values by their public field names; `late` if the deadline was met.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
}

crate::deadline::words::words! {
    /// Kinds of deadline events.
    DeadlineHappening, "what" {
        /// The deadline was added to the case.
        Added = "added",
        /// Fields of the deadline changed.
        Updated = "updated",
        /// The deadline was met, in time or late.
        Met = "met",
        /// The deadline was cancelled.
        Cancelled = "cancelled",
        /// The deadline is open again.
        Reopened = "reopened",
        /// A second person verified the deadline.
        Verified = "verified",
        /// The deadline was removed.
        Removed = "removed",
        /// The first day on which to warn about the open deadline has come.
        Warning = "warning",
        /// The open deadline has passed.
        Missed = "missed",
    }
}

/// A moment of an open deadline that no event tells of yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeadlineMoment {
    /// Account of the deadline.
    pub account: AccountId,
    /// The deadline.
    pub deadline: DeadlineId,
    /// What it is: [`DeadlineHappening::Warning`] or [`DeadlineHappening::Missed`].
    pub what: DeadlineHappening,
    /// When.
    pub at: Timestamp,
}

impl DeadlineEvent {
    /// Whether only the passing of time brought it about.
    #[must_use]
    pub const fn is_of_time(&self) -> bool {
        matches!(self.what, DeadlineHappening::Warning | DeadlineHappening::Missed)
    }

    pub(crate) fn new(what: DeadlineHappening, deadline: &Deadline, fields: Map<String, Value>) -> Self {
        Self { id: deadline.id, what, title: deadline.title.clone(), due_at: deadline.due, fields }
    }

    /// Stable name of the event, e.g. `deadline.added`.
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
            DeadlineHappening::Warning => "deadline.warning",
            DeadlineHappening::Missed => "deadline.missed",
        }
    }

    /// One-line summary for people.
    #[must_use]
    pub fn title(&self) -> String {
        format!("Deadline {}: {} ({})", self.what, self.title, self.due_at)
    }

    /// Details of the event, as a JSON object.
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
