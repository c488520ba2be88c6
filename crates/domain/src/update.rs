//! Case updates: how staff and clients tell each other of a case.
//!
//! An update is meant for an access group. Some groups take every update as it is; for others it counts only once
//! somebody has validated it. Updates and their replies make a thread, which goes by the id of its first update.

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

/// The most entries in an update's own timetable.
pub const DETAILS_MAX: usize = 500;

/// A case update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseUpdate {
    /// The account that owns the case.
    pub account: AccountId,
    /// Its id.
    pub id: UpdateId,
    /// How often it was written: what guards a write against another one.
    pub revision: i64,
    /// The case that it is about.
    pub case: CaseId,
    /// The subject of the case that it is about, if it is about one.
    pub subject: Option<SubjectId>,
    /// The event or task that it reports on.
    pub task: Option<CaseTaskId>,
    /// Those for whom it is meant.
    pub access_group: AccessGroupId,
    /// The first update of its thread: itself, where it is no reply.
    pub thread: UpdateId,
    /// Its subject line, plain text.
    pub title: String,
    /// Its message, HTML of the few elements that the server lets through.
    pub body: String,
    /// When that happened of which it tells; midnight where only the day counts.
    pub activity_at: Timestamp,
    /// Whether only the day of that counts.
    pub is_allday: bool,
    /// Since when it is validated.
    pub validated_at: Option<Timestamp>,
    /// Who validated it.
    pub validated_by: Option<PersonId>,
    /// Whether it counts: validated, or for a group that requires no validation.
    pub is_valid: bool,
    /// Who wrote it into the system.
    pub created_by: Option<PersonId>,
    /// On whose behalf that was.
    pub behalf_of: Option<PersonId>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Its own timetable, in the order in which it was given.
    pub details: Vec<UpdateDetail>,
}

impl Revised for CaseUpdate {
    fn revision(&self) -> Revision {
        Revision::of_version(self.revision)
    }
}

impl CaseUpdate {
    /// Its author: the one on whose behalf it was written, else the one who wrote it.
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

/// One entry of an update's timetable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpdateDetail {
    /// Its id.
    pub id: UpdateDetailId,
    /// The time of the day, to the minute.
    pub start_at: NaiveTime,
    /// What happened then.
    pub notes: String,
}

/// A case update to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WriteUpdate {
    /// The update as it is; none for a new one.
    pub present: Option<Box<CaseUpdate>>,
    /// What is to be changed about it.
    pub edits: Box<UpdateEdits>,
    /// What the edits refer to.
    pub facts: Box<UpdateFacts>,
}

/// Something happened to an update. What the update says is left out: not everybody who may read the timeline may
/// read an update that nobody has validated yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateEvent {
    /// What happened.
    pub action: UpdateAction,
    /// The update.
    pub update: UpdateId,
    /// The first update of its thread.
    pub thread: UpdateId,
    /// Those for whom it is meant.
    pub access_group: AccessGroupId,
    /// The fields that changed, by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The case to which or from which it was moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_case: Option<CaseId>,
}

/// What can happen to an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateAction {
    /// It was written.
    Added,
    /// It was changed.
    Edited,
    /// It was validated.
    Validated,
    /// Its validation was taken back.
    Invalidated,
}

impl UpdateEvent {
    /// The stable name of what happened.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.action {
            UpdateAction::Added => "update.added",
            UpdateAction::Edited => "update.edited",
            UpdateAction::Validated => "update.validated",
            UpdateAction::Invalidated => "update.invalidated",
        }
    }

    /// One line for people.
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
    /// The particulars, as a JSON object.
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

/// Which updates a list shows. Those of deleted cases never match.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateFilter {
    /// It is this update.
    pub id: Option<UpdateId>,
    /// It is about this case.
    pub case: Option<CaseId>,
    /// It is meant for this group.
    pub access_group: Option<AccessGroupId>,
    /// This is its author; see [`CaseUpdate::author`].
    pub author: Option<PersonId>,
    /// It counts, or does not.
    pub is_valid: Option<bool>,
    /// It is about this subject.
    pub subject: Option<SubjectId>,
    /// It belongs to the thread that begins with this update.
    pub thread: Option<UpdateId>,
    /// When that happened of which it tells.
    pub activity: TimeRange,
    /// When it was written.
    pub created: TimeRange,
    /// When it last changed.
    pub updated: TimeRange,
    /// When it was validated.
    pub validated: TimeRange,
}
