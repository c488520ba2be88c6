//! What can be asked of a case.
//!
//! A command carries whatever its decision needs beyond the case itself (the parties that are there, the note that is
//! to be edited), loaded beforehand: a decision looks nothing up.

use uuid::Uuid;

use crate::{
    case::{Case, CasePhase, Details, Edit},
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
    /// What its users write.
    pub details: Details,
    /// Its first status, which must not be terminal; the workflow's initial one where none is given.
    pub status: Option<StatusKey>,
    /// The case that it follows up. It takes that case's series.
    pub parent: Option<Box<Case>>,
    /// What else is asked of it at once, e.g. its parties.
    pub then: Vec<Command>,
}

impl NewCase {
    /// A case with nothing but its details.
    #[must_use]
    pub const fn new(uuid: Uuid, details: Details) -> Self {
        Self { uuid, details, status: None, parent: None, then: Vec::new() }
    }
}

/// A change that is asked of an existing case.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Set fields. Those that already have the value are left out.
    Edit(Vec<Edit>),
    /// Refuse unless this is the parent of the case, or the case has no parent. The parent is set at creation and stays.
    ExpectParent(Option<CaseRef>),
    /// Put tags behind those that are there, or take some away.
    Tag {
        /// The tags to add.
        add: Vec<String>,
        /// The tags to remove.
        remove: Vec<String>,
    },
    /// Move along the workflow.
    Transition(TransitionRequest),
    /// Bring into a phase: close, re-open, archive or take out of the archive, whichever leads there.
    EnterPhase {
        /// The phase to be in.
        phase: CasePhase,
        /// Why, where the move needs a reason.
        reason: Option<String>,
    },
    /// Put a closed case away.
    Archive,
    /// Take an archived case out again.
    Unarchive,
    /// Delete it: gone from every read, list and count.
    Delete,
    /// Bring a deleted case back.
    Restore,
    /// Add, remove or replace parties or staff.
    Participants(ParticipantsCommand),
    /// Add subjects or change those that are there.
    Subjects(SubjectsCommand),
    /// Add a case update or change one.
    Update(WriteUpdate),
    /// Link it to another case, or take a link away.
    Link(LinkCommand),
    /// Write, change or remove a note.
    Note(NoteCommand),
    /// Add or remove a document.
    Document(DocumentCommand),
    /// Add, change or remove a deadline.
    Deadline(DeadlineCommand),
    /// Several of these in one step: all of them, or none.
    All(Vec<Command>),
}

/// A request to change the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransitionRequest {
    /// By name or to a status.
    pub movement: Move,
    /// Why. A blank one counts as none.
    pub reason: Option<String>,
    /// The workflow version that the caller believes the case to be in, if it says so.
    pub workflow: Option<WorkflowId>,
}

impl TransitionRequest {
    /// The transition of that name.
    #[must_use]
    pub fn named(name: impl Into<String>, reason: Option<String>) -> Self {
        Self { movement: Move::Named { name: name.into(), to: None }, reason, workflow: None }
    }

    /// The transition that leads to that status, if one does.
    #[must_use]
    pub const fn to(status: StatusKey, reason: Option<String>) -> Self {
        Self { movement: Move::To(status), reason, workflow: None }
    }
}
