//! Commands on a case.
//!
//! A command contains all data that its decision needs besides the case, such as the current parties or the note to
//! edit. The caller loads that data first: a decision never reads a store.

use uuid::Uuid;

use crate::{
    case::{Case, CasePhase, Details, Edit},
    conflict::CheckCommand,
    deadline::DeadlineCommand,
    document::DocumentCommand,
    id::CaseRef,
    link::LinkCommand,
    note::NoteCommand,
    party::ParticipantsCommand,
    subject::SubjectsCommand,
    update::WriteUpdate,
    workflow::{Move, StatusKey, WorkflowId},
};

/// A case to create.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCase {
    /// Its public id.
    pub uuid: Uuid,
    /// The fields that users write.
    pub details: Details,
    /// Initial status, which must not be terminal. Default: the initial status of the workflow.
    pub status: Option<StatusKey>,
    /// The case that it follows up. The new case joins the series of that case.
    pub parent: Option<Box<Case>>,
    /// Further commands on the new case, e.g. to add its parties.
    pub then: Vec<Command>,
}

impl NewCase {
    /// A new case with details only.
    #[must_use]
    pub const fn new(uuid: Uuid, details: Details) -> Self {
        Self { uuid, details, status: None, parent: None, then: Vec::new() }
    }
}

/// A command on a case.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Set fields. Edits that change nothing are left out.
    Edit(Vec<Edit>),
    /// Refuse unless this is the parent of the case, or the case has no parent. The parent is set at creation and stays.
    ExpectParent(Option<CaseRef>),
    /// Remove tags, then add tags at the end.
    Tag {
        /// The tags to add.
        add: Vec<String>,
        /// The tags to remove.
        remove: Vec<String>,
    },
    /// Change the status by a transition.
    Transition(TransitionRequest),
    /// Change the phase: close, reopen, archive or unarchive the case.
    EnterPhase {
        /// The new phase.
        phase: CasePhase,
        /// Reason, if the transition requires one.
        reason: Option<String>,
    },
    /// Archive a closed case.
    Archive,
    /// Unarchive a case.
    Unarchive,
    /// Delete the case. A deleted case is in no read, list or count.
    Delete,
    /// Restore a deleted case.
    Restore,
    /// Add, remove or replace parties or staff.
    Participants(ParticipantsCommand),
    /// Add or change subjects.
    Subjects(SubjectsCommand),
    /// Add or change a case update.
    Update(WriteUpdate),
    /// Add or remove a link to another case.
    Link(LinkCommand),
    /// Add, change or remove a note.
    Note(NoteCommand),
    /// Add or remove a document.
    Document(DocumentCommand),
    /// Add, change or remove a deadline.
    Deadline(DeadlineCommand),
    /// Keep a check for conflicts of interest, or decide a hit of one.
    ConflictCheck(CheckCommand),
    /// Several commands in one step: all or none.
    All(Vec<Command>),
}

impl Command {
    /// Whether it only changes or removes things that the case has, by their own ids.
    #[must_use]
    pub fn is_about_present_thing(&self) -> bool {
        match self {
            Self::All(commands) => !commands.is_empty() && commands.iter().all(Self::is_about_present_thing),
            Self::Update(write) => write.present.is_some(),
            Self::Note(NoteCommand::Edit { .. } | NoteCommand::Remove(_)) => true,
            Self::Document(DocumentCommand::Remove(_)) => true,
            Self::Deadline(DeadlineCommand::Change { .. } | DeadlineCommand::Remove(_)) => true,
            Self::ConflictCheck(CheckCommand::Decide { .. }) => true,
            Self::Note(NoteCommand::Add(_)) | Self::Document(DocumentCommand::Add(_)) => false,
            Self::Deadline(DeadlineCommand::Add { .. }) | Self::ConflictCheck(CheckCommand::Keep(_)) => false,
            Self::Edit(_) | Self::ExpectParent(_) | Self::Tag { .. } | Self::Participants(_) | Self::Subjects(_) => {
                false
            }
            Self::Transition(_) | Self::EnterPhase { .. } | Self::Link(_) => false,
            Self::Archive | Self::Unarchive | Self::Delete | Self::Restore => false,
        }
    }

    /// Whether the workflow may have to decide on it.
    #[must_use]
    pub fn may_change_status(&self) -> bool {
        match self {
            Self::All(commands) => commands.iter().any(Self::may_change_status),
            Self::Transition(_) | Self::EnterPhase { .. } => true,
            Self::Edit(_) | Self::ExpectParent(_) | Self::Tag { .. } | Self::Participants(_) | Self::Subjects(_) => {
                false
            }
            Self::Archive | Self::Unarchive | Self::Delete | Self::Restore => false,
            Self::Update(_) | Self::Link(_) | Self::Note(_) | Self::Document(_) | Self::Deadline(_) => false,
            Self::ConflictCheck(_) => false,
        }
    }
}

/// A request to change the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransitionRequest {
    /// The transition by name, or the target status.
    pub movement: Move,
    /// Reason. A blank text counts as none.
    pub reason: Option<String>,
    /// The workflow version that the caller expects; `None` accepts any version.
    pub workflow: Option<WorkflowId>,
}

impl TransitionRequest {
    /// A request for the transition with this name.
    #[must_use]
    pub fn named(name: impl Into<String>, reason: Option<String>) -> Self {
        Self { movement: Move::Named { name: name.into(), to: None }, reason, workflow: None }
    }

    /// A request for the transition to this status.
    #[must_use]
    pub const fn to(status: StatusKey, reason: Option<String>) -> Self {
        Self { movement: Move::To(status), reason, workflow: None }
    }
}
