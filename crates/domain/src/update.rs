//! Case updates: messages between staff and clients about a case.
//!
//! An update is meant for an access group. Some groups require validation: an update for them is valid only after it is
//! validated. An update and its replies form a thread. The id of its first update identifies the thread.

mod edits;
mod facts;

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub(crate) use self::edits::UpdateContent;
pub use self::{
    edits::{Activity, NewDetail, UpdateEdits},
    facts::{ThreadUpdate, UpdateFacts},
};
use crate::{
    id::{AccessGroupId, AccountId, CaseId, CaseTaskId, PersonId, SubjectId, UpdateDetailId, UpdateId},
    numbers::{Numbering, Numbers},
    revision::{Revised, Revision},
    time::{TimeRange, Timestamp},
};

/// Maximum number of entries in the timetable of an update.
pub const DETAILS_MAX: usize = 500;

/// A case update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseUpdate {
    /// Account of the case.
    pub account: AccountId,
    /// Id of the update.
    pub id: UpdateId,
    /// Number of changes since the creation. A change is written only if the stored revision is the one before.
    pub revision: i64,
    /// Case that the update is about.
    pub case: CaseId,
    /// Subject of the case that the update is about.
    pub subject: Option<SubjectId>,
    /// Event or task that the update reports on.
    pub task: Option<CaseTaskId>,
    /// Group of readers that the update is meant for.
    pub access_group: AccessGroupId,
    /// First update of the thread: the update itself if it is not a reply.
    pub thread: UpdateId,
    /// Subject line, plain text.
    pub title: String,
    /// Message, as HTML with the few elements that the server allows.
    pub body: String,
    /// Time of the reported activity; midnight if only a day was given.
    pub activity_at: Timestamp,
    /// Whether only the day of `activity_at` is meaningful.
    pub is_allday: bool,
    /// Validation time. `None`: not validated.
    pub validated_at: Option<Timestamp>,
    /// Person who validated the update.
    pub validated_by: Option<PersonId>,
    /// Whether the update is valid: it is validated, or its group requires no validation.
    pub is_valid: bool,
    /// Person whose key wrote the update.
    pub created_by: Option<PersonId>,
    /// Person on whose behalf the update was written.
    pub behalf_of: Option<PersonId>,
    /// Creation time.
    pub created_at: Timestamp,
    /// Time of the last change.
    pub updated_at: Timestamp,
    /// Timetable, in the order in which it was sent.
    pub details: Vec<UpdateDetail>,
}

impl Revised for CaseUpdate {
    fn revision(&self) -> Revision {
        Revision::of_version(self.revision)
    }
}

impl CaseUpdate {
    /// The author: the person on whose behalf the update was written, else the person who wrote it.
    #[must_use]
    pub const fn author(&self) -> Option<PersonId> {
        match self.behalf_of {
            Some(person) => Some(person),
            None => self.created_by,
        }
    }
}

impl Numbering for CaseUpdate {
    fn number(&mut self, numbers: &Numbers) {
        numbers.replace(&mut self.id);
        numbers.replace(&mut self.thread);
        self.details.iter_mut().for_each(|detail| numbers.replace(&mut detail.id));
    }
}

/// An entry in the timetable of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateDetail {
    /// Id of the entry.
    pub id: UpdateDetailId,
    /// Time of day, to the minute.
    pub start_at: NaiveTime,
    /// What happened at that time.
    pub notes: String,
}

/// A command to add or change a case update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteUpdate {
    /// The stored update. `None` for a new one.
    pub present: Option<Box<CaseUpdate>>,
    /// The changes.
    pub edits: Box<UpdateEdits>,
    /// The stored things that the edits refer to.
    pub facts: Box<UpdateFacts>,
}

/// Event of an update. It does not contain the text: a reader of the timeline may not be allowed to read an update that
/// is not validated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateEvent {
    /// What happened.
    pub action: UpdateAction,
    /// Id of the update.
    pub update: UpdateId,
    /// First update of the thread.
    pub thread: UpdateId,
    /// Group of readers that the update is meant for.
    pub access_group: AccessGroupId,
    /// Names of the changed fields.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// For a move between cases: the other case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_case: Option<CaseId>,
}

/// What can happen to an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateAction {
    /// The update was added.
    Added,
    /// The update was changed.
    Edited,
    /// The update was validated.
    Validated,
    /// The validation was withdrawn.
    Invalidated,
}

impl UpdateEvent {
    /// Stable name of the event.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.action {
            UpdateAction::Added => "update.added",
            UpdateAction::Edited => "update.edited",
            UpdateAction::Validated => "update.validated",
            UpdateAction::Invalidated => "update.invalidated",
        }
    }

    /// One-line title for display.
    #[must_use]
    pub fn title(&self) -> String {
        let verb = match self.action {
            UpdateAction::Added if self.update != self.thread => return "Reply to an update added".to_owned(),
            UpdateAction::Added => "added",
            UpdateAction::Edited => "edited",
            UpdateAction::Validated => "validated",
            UpdateAction::Invalidated => "invalidated",
        };
        format!("Update {verb}")
    }
}

impl UpdateEvent {
    /// Event details as a JSON object.
    #[must_use]
    pub fn metadata(&self) -> Value {
        json!({
            "update_id": self.update.to_string(),
            "thread_id": self.thread.to_string(),
            "access_group_id": self.access_group.to_string(),
            "fields": self.fields,
        })
    }
}

impl Numbering for UpdateEvent {
    fn number(&mut self, numbers: &Numbers) {
        numbers.replace(&mut self.update);
        numbers.replace(&mut self.thread);
    }
}

/// Filter of a list of updates. All conditions must hold. Updates of deleted cases never match.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateFilter {
    /// Id of the update.
    pub id: Option<UpdateId>,
    /// Cases that the update is about; `None` for any.
    pub cases: Option<Vec<CaseId>>,
    /// Group of readers that the update is meant for.
    pub access_group: Option<AccessGroupId>,
    /// Author; see [`CaseUpdate::author`].
    pub author: Option<PersonId>,
    /// Whether the update is valid.
    pub is_valid: Option<bool>,
    /// Subject that the update is about.
    pub subject: Option<SubjectId>,
    /// Thread, by its first update.
    pub thread: Option<UpdateId>,
    /// Time of the reported activity.
    pub activity: TimeRange,
    /// Creation time.
    pub created: TimeRange,
    /// Time of the last change.
    pub updated: TimeRange,
    /// Validation time.
    pub validated: TimeRange,
}
