//! The data of case events.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    moved::{MoveEvent, SplitEvent},
    sla::SlaEvent,
};
use crate::{
    case::{Case, Edit},
    conflict::CheckEvent,
    deadline::DeadlineEvent,
    document::DocumentEvent,
    link::LinkEvent,
    merge::MergeEvent,
    note::NoteEvent,
    numbers::{Numbering, Numbers},
    party::ParticipantEvent,
    subject::SubjectEvent,
    update::UpdateEvent,
    workflow::{Outcome, Phase, StatusKey, WorkflowId},
};

/// Data of an event. Log format: `{"<kind>": …}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventData {
    /// The case was created.
    Created(Box<Created>),
    /// Fields were set.
    Edited(Vec<Edit>),
    /// The status changed along a transition of the workflow.
    StatusChanged(StatusChange),
    /// The case moved to another version of its workflow, or to another workflow.
    WorkflowMigrated(WorkflowMigrated),
    /// The case was archived.
    Archived,
    /// The case was unarchived.
    Unarchived,
    /// The case was deleted.
    Deleted,
    /// The case was restored after a deletion.
    Restored,
    /// A party or staff member was added or removed.
    Participant(ParticipantEvent),
    /// A subject was added or changed.
    Subject(SubjectEvent),
    /// A case update was added or changed.
    Update(UpdateEvent),
    /// A link to another case was added or removed.
    Link(LinkEvent),
    /// A note was added, changed or removed.
    Note(NoteEvent),
    /// A document was added or removed.
    Document(DocumentEvent),
    /// A deadline was added, changed or removed.
    Deadline(DeadlineEvent),
    /// The parties were checked for conflicts of interest, or a hit was decided.
    ConflictCheck(CheckEvent),
    /// Cases were merged, or a merge was undone.
    Merge(Box<MergeEvent>),
    /// The case was split, or is new from a split.
    Split(SplitEvent),
    /// A thing moved between this case and another.
    Moved(MoveEvent),
    /// A clock of the case reached a moment.
    Sla(SlaEvent),
}

/// Data of a creation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Created {
    /// The new case.
    pub case: Case,
}

/// A change of status. It includes the properties of the new status, so that the log can be folded without the
/// workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// Name of the transition.
    pub transition: String,
    /// The status before.
    pub from: StatusKey,
    /// The status after.
    pub to: StatusKey,
    /// Reason that the actor gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The phase of the new status.
    pub phase: Phase,
    /// How the matter ended, if the new status says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Whether it undoes a resolution.
    #[serde(default)]
    pub reworks: bool,
    /// The new instance in the series, if the case was reopened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series_instance: Option<i32>,
}

/// A move to another workflow version. Like a change of status, it includes the properties of the new status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowMigrated {
    /// The version before.
    pub from: WorkflowId,
    /// The version after.
    pub to: WorkflowId,
    /// The status in the version before.
    pub from_status: StatusKey,
    /// The status in the version after.
    pub to_status: StatusKey,
    /// Reason for the migration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The phase of the new status.
    pub phase: Phase,
    /// How the matter ended, if the new status says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// A step in the status history of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusStep {
    /// The status before; none for the creation.
    pub from: Option<StatusKey>,
    /// The status after.
    pub to: StatusKey,
    /// Reason that the actor gave.
    pub reason: Option<String>,
}

/// Names of all events of a case ([`EventData::kind`]).
pub const EVENT_TYPES: [&str; 44] = [
    "case.created",
    "case.updated",
    "case.tagged",
    "case.priority_changed",
    "case.status_changed",
    "case.workflow_migrated",
    "case.archived",
    "case.unarchived",
    "case.deleted",
    "case.restored",
    "case.merged",
    "case.unmerged",
    "case.split",
    "case.item_moved",
    "party.added",
    "party.removed",
    "staff.added",
    "staff.removed",
    "subject.added",
    "subject.changed",
    "update.added",
    "update.edited",
    "update.validated",
    "update.invalidated",
    "link.created",
    "link.removed",
    "note.added",
    "note.updated",
    "note.removed",
    "document.added",
    "document.removed",
    "deadline.added",
    "deadline.updated",
    "deadline.met",
    "deadline.cancelled",
    "deadline.reopened",
    "deadline.verified",
    "deadline.removed",
    "deadline.warning",
    "deadline.missed",
    "conflict_check.run",
    "conflict_check.decided",
    "sla.warning",
    "sla.breached",
];

impl EventData {
    /// The status step of the event; `None` if the status did not change.
    #[must_use]
    pub fn into_status_step(self) -> Option<StatusStep> {
        match self {
            Self::Created(created) => Some(StatusStep { from: None, to: created.case.status, reason: None }),
            Self::StatusChanged(StatusChange { from, to, reason, .. }) => {
                Some(StatusStep { from: Some(from), to, reason })
            }
            Self::WorkflowMigrated(WorkflowMigrated { from_status, to_status, reason, .. }) => {
                (from_status != to_status).then_some(StatusStep { from: Some(from_status), to: to_status, reason })
            }
            Self::Edited(_) | Self::Archived | Self::Unarchived | Self::Deleted | Self::Restored => None,
            Self::Participant(_) | Self::Subject(_) | Self::Update(_) => None,
            Self::Link(_) | Self::Note(_) | Self::Document(_) | Self::Deadline(_) => None,
            Self::ConflictCheck(_) | Self::Merge(_) | Self::Split(_) | Self::Moved(_) | Self::Sla(_) => None,
        }
    }

    /// Whether it changes nothing of the case itself: a merge, which is undone without a trace, or the passing of time.
    #[must_use]
    pub const fn leaves_case_as_it_was(&self) -> bool {
        match self {
            Self::Merge(_) | Self::Sla(_) => true,
            Self::Deadline(event) => event.is_of_time(),
            Self::Created(_) | Self::Edited(_) | Self::StatusChanged(_) | Self::WorkflowMigrated(_) => false,
            Self::Archived | Self::Unarchived | Self::Deleted | Self::Restored => false,
            Self::Participant(_) | Self::Subject(_) | Self::Update(_) | Self::Link(_) | Self::Note(_) => false,
            Self::Document(_) | Self::ConflictCheck(_) | Self::Split(_) | Self::Moved(_) => false,
        }
    }

    /// Stable name of the event, e.g. `case.status_changed`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        let kind = match self {
            Self::Created(_) => "case.created",
            Self::Edited(edits) if edits.iter().all(|edit| matches!(edit, Edit::Tags(_))) => "case.tagged",
            Self::Edited(edits) if edits.iter().all(|edit| matches!(edit, Edit::Priority(_))) => {
                "case.priority_changed"
            }
            Self::Edited(_) => "case.updated",
            Self::StatusChanged(_) => "case.status_changed",
            Self::WorkflowMigrated(_) => "case.workflow_migrated",
            Self::Archived => "case.archived",
            Self::Unarchived => "case.unarchived",
            Self::Deleted => "case.deleted",
            Self::Restored => "case.restored",
            Self::Participant(event) => event.kind(),
            Self::Subject(event) => event.kind(),
            Self::Update(event) => event.kind(),
            Self::Link(event) => event.kind(),
            Self::Note(event) => event.kind(),
            Self::Document(event) => event.kind(),
            Self::Deadline(event) => event.kind(),
            Self::ConflictCheck(event) => event.kind(),
            Self::Merge(event) => event.kind(),
            Self::Split(_) => "case.split",
            Self::Moved(_) => "case.item_moved",
            Self::Sla(event) => event.kind(),
        };
        debug_assert!(EVENT_TYPES.contains(&kind), "{kind} is not in the list of event types");
        kind
    }

    /// One-line summary for people.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Created(_) => "Case created".to_owned(),
            Self::Edited(edits) => {
                let fields = edits.iter().map(Edit::field).collect::<Vec<_>>().join(", ");
                format!("Changed {fields}")
            }
            Self::StatusChanged(change) => format!("Status changed from {} to {}", change.from, change.to),
            Self::WorkflowMigrated(migrated) if migrated.from_status == migrated.to_status => {
                "Moved to another version of the workflow".to_owned()
            }
            Self::WorkflowMigrated(WorkflowMigrated { from_status, to_status, .. }) => {
                format!("Moved to another version of the workflow, from {from_status} to {to_status}")
            }
            Self::Archived => "Case archived".to_owned(),
            Self::Unarchived => "Case taken out of the archive".to_owned(),
            Self::Deleted => "Case deleted".to_owned(),
            Self::Restored => "Case restored".to_owned(),
            Self::Participant(event) => event.title(),
            Self::Subject(event) => event.title(),
            Self::Update(event) => event.title(),
            Self::Link(event) => event.title(),
            Self::Note(event) => event.title(),
            Self::Document(event) => event.title(),
            Self::Deadline(event) => event.title(),
            Self::ConflictCheck(event) => event.title(),
            Self::Merge(event) => event.title(),
            Self::Split(event) => event.title(),
            Self::Moved(event) => event.title(),
            Self::Sla(event) => event.title(),
        }
    }

    /// Details of the event, as a JSON object.
    #[must_use]
    pub fn metadata(&self) -> Value {
        match self {
            Self::Created(created) => json!({ "status": created.case.status, "source": created.case.source }),
            Self::Edited(edits) => json!({ "changes": edits }),
            Self::StatusChanged(change) => json!(change),
            Self::WorkflowMigrated(migrated) => json!(migrated),
            Self::Archived | Self::Unarchived | Self::Deleted | Self::Restored => json!({}),
            Self::Participant(event) => event.metadata(),
            Self::Subject(event) => event.metadata(),
            Self::Update(event) => event.metadata(),
            Self::Link(event) => event.metadata(),
            Self::Note(event) => event.metadata(),
            Self::Document(event) => event.metadata(),
            Self::Deadline(event) => event.metadata(),
            Self::ConflictCheck(event) => event.metadata(),
            Self::Merge(event) => event.metadata(),
            Self::Split(event) => event.metadata(),
            Self::Moved(event) => event.metadata(),
            Self::Sla(event) => event.metadata(),
        }
    }
}

impl Numbering for EventData {
    fn number(&mut self, numbers: &Numbers) {
        match self {
            // The decision numbers the case of a creation.
            Self::Created(_) | Self::Archived | Self::Unarchived | Self::Deleted | Self::Restored => {}
            Self::WorkflowMigrated(_) | Self::Merge(_) | Self::Split(_) | Self::Moved(_) | Self::Sla(_) => {}
            Self::Edited(edits) => edits.iter_mut().for_each(|edit| edit.number(numbers)),
            Self::StatusChanged(change) => {
                if let Some(instance) = &mut change.series_instance {
                    numbers.set_instance(instance);
                }
            }
            Self::Participant(event) => event.number(numbers),
            Self::Subject(event) => event.number(numbers),
            Self::Update(event) => event.number(numbers),
            Self::Link(event) => event.number(numbers),
            Self::Note(event) => event.number(numbers),
            Self::Document(event) => event.number(numbers),
            Self::Deadline(event) => event.number(numbers),
            Self::ConflictCheck(event) => event.number(numbers),
        }
    }
}
