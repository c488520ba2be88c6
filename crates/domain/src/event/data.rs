//! What can happen to a case.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    case::{Case, Edit},
    deadline::DeadlineEvent,
    document::DocumentEvent,
    link::LinkEvent,
    note::NoteEvent,
    numbers::{Numbering, Numbers},
    party::ParticipantEvent,
    subject::SubjectEvent,
    update::UpdateEvent,
    workflow::{Outcome, Phase, StatusKey},
};

/// What an event says. In the log it stands as `{"<kind>": …}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventData {
    /// The case came into being.
    Created(Box<Created>),
    /// Fields were set.
    Edited(Vec<Edit>),
    /// The status changed along a transition of the workflow.
    StatusChanged(StatusChange),
    /// The closed case was put away.
    Archived,
    /// The case was taken out of the archive.
    Unarchived,
    /// The case was deleted.
    Deleted,
    /// The deleted case was brought back.
    Restored,
    /// A party or a member of the staff came or went.
    Participant(ParticipantEvent),
    /// A subject came or changed.
    Subject(SubjectEvent),
    /// A case update came or changed.
    Update(UpdateEvent),
    /// A link to another case came or went.
    Link(LinkEvent),
    /// A note was written, changed or removed.
    Note(NoteEvent),
    /// A document came or went.
    Document(DocumentEvent),
    /// Something happened to a deadline.
    Deadline(DeadlineEvent),
}

/// The case as it came into being.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Created {
    /// The case at its first version.
    pub case: Case,
}

/// A change of status, with what of the workflow it depended on, so that the log can be folded without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatusChange {
    /// The transition by its name.
    pub transition: String,
    /// The status before.
    pub from: StatusKey,
    /// The status after.
    pub to: StatusKey,
    /// Why, as the actor put it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The phase of the new status.
    pub phase: Phase,
    /// What the new status says of the matter's end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    /// Whether it takes a resolution back.
    #[serde(default)]
    pub reworks: bool,
    /// The new instance in the series, where the case was re-opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series_instance: Option<i32>,
}

/// A step of a case from status to status: what its history is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusStep {
    /// The status before; none where the case came into being.
    pub from: Option<StatusKey>,
    /// The status after.
    pub to: StatusKey,
    /// Why, as the actor put it.
    pub reason: Option<String>,
}

impl EventData {
    /// The step of status that it was; none where the status stayed.
    #[must_use]
    pub fn into_status_step(self) -> Option<StatusStep> {
        match self {
            Self::Created(created) => Some(StatusStep { from: None, to: created.case.status, reason: None }),
            Self::StatusChanged(StatusChange { from, to, reason, .. }) => {
                Some(StatusStep { from: Some(from), to, reason })
            }
            Self::Edited(_) | Self::Archived | Self::Unarchived | Self::Deleted | Self::Restored => None,
            Self::Participant(_) | Self::Subject(_) | Self::Update(_) => None,
            Self::Link(_) | Self::Note(_) | Self::Document(_) | Self::Deadline(_) => None,
        }
    }

    /// The stable name of what happened, e.g. `case.status_changed`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Created(_) => "case.created",
            Self::Edited(edits) if edits.iter().all(|edit| matches!(edit, Edit::Tags(_))) => "case.tagged",
            Self::Edited(edits) if edits.iter().all(|edit| matches!(edit, Edit::Priority(_))) => {
                "case.priority_changed"
            }
            Self::Edited(_) => "case.updated",
            Self::StatusChanged(_) => "case.status_changed",
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
        }
    }

    /// One line for people.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Created(_) => "Case created".to_owned(),
            Self::Edited(edits) => {
                let fields = edits.iter().map(Edit::field).collect::<Vec<_>>().join(", ");
                format!("Changed {fields}")
            }
            Self::StatusChanged(change) => format!("Status changed from {} to {}", change.from, change.to),
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
        }
    }

    /// The particulars, as a JSON object.
    #[must_use]
    pub fn metadata(&self) -> Value {
        match self {
            Self::Created(created) => json!({ "status": created.case.status, "source": created.case.source }),
            Self::Edited(edits) => json!({ "changes": edits }),
            Self::StatusChanged(change) => json!(change),
            Self::Archived | Self::Unarchived | Self::Deleted | Self::Restored => json!({}),
            Self::Participant(event) => event.metadata(),
            Self::Subject(event) => event.metadata(),
            Self::Update(event) => event.metadata(),
            Self::Link(event) => event.metadata(),
            Self::Note(event) => event.metadata(),
            Self::Document(event) => event.metadata(),
            Self::Deadline(event) => event.metadata(),
        }
    }
}

impl Numbering for EventData {
    fn number(&mut self, numbers: &Numbers) {
        match self {
            // The case of a creation is numbered as a whole by the decision.
            Self::Created(_) | Self::Archived | Self::Unarchived | Self::Deleted | Self::Restored => {}
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
        }
    }
}
