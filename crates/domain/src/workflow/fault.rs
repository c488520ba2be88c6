//! What can be wrong with a workflow definition.

use std::fmt;

use super::{
    entity_type::EntityType,
    status::{Outcome, Phase, StatusKey},
    text::{listed, quoted},
};

/// Which end of a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// Where it starts.
    From,
    /// Where it leads.
    To,
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::From => "from",
            Self::To => "to",
        })
    }
}

/// One fault of a workflow definition. Its message names the place; [`code`](Self::code) is for programs and stable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are the places and words that the message shows")]
pub enum Fault {
    /// The text is not JSON, or not of the format's shape; then nothing else can be said.
    #[error("not a workflow definition: {message}")]
    Malformed { message: String },
    /// The workflow has no name.
    #[error("the workflow has an empty or unprintable name")]
    InvalidName,
    /// There is no status at all.
    #[error("the workflow has no statuses")]
    NoStatuses,
    /// A key is not a lower-case word.
    #[error("status number {position}: key {} is not a lower-case word (a-z, 0-9, _; at most 64)", quoted(.key.as_str()))]
    InvalidStatusKey { position: usize, key: StatusKey },
    /// Two statuses have one key.
    #[error("status {key}: defined more than once")]
    DuplicateStatusKey { key: StatusKey },
    /// An id is not positive.
    #[error("status {status}: id {id} is not positive")]
    InvalidStatusId { status: StatusKey, id: i64 },
    /// Two statuses have one id.
    #[error("status {second}: has id {id}, which is that of status {first}")]
    DuplicateStatusId { id: i64, first: StatusKey, second: StatusKey },
    /// A label is blank.
    #[error("status {status}: the label is empty")]
    EmptyStatusLabel { status: StatusKey },
    /// A label is too long for a label, or not one line of text.
    #[error("status {status}: the label is longer than 100 characters or has control characters")]
    UnprintableStatusLabel { status: StatusKey },
    /// Two statuses have one label, whatever their letters' case.
    #[error("status {second}: has label {}, which is that of status {first}", quoted(.label))]
    DuplicateStatusLabel { label: String, first: StatusKey, second: StatusKey },
    /// A colour is not `#RRGGBB`.
    #[error("status {status}: color {} is not of the form #RRGGBB", quoted(.color))]
    InvalidColor { status: StatusKey, color: String },
    /// A terminal status is not of the closed phase.
    #[error("status {status}: is terminal, so its phase has to be closed, not active")]
    TerminalNotClosed { status: StatusKey },
    /// The outcome belongs to the other phase.
    #[error("status {status}: outcome {outcome} does not go with phase {phase}")]
    OutcomeOutsidePhase { status: StatusKey, outcome: Outcome, phase: Phase },
    /// No status is the initial one.
    #[error("no status is initial: exactly one has to be")]
    NoInitialStatus,
    /// Several statuses are initial.
    #[error("statuses {} are all initial: exactly one has to be", listed(.statuses, "and"))]
    SeveralInitialStatuses { statuses: Vec<StatusKey> },
    /// The initial status is terminal.
    #[error("status {status}: is both initial and terminal")]
    TerminalInitial { status: StatusKey },
    /// A name is not a lower-case word.
    #[error("transition number {position}: name {} is not a lower-case word (a-z, 0-9, _; at most 64)", quoted(.name))]
    InvalidTransitionName { position: usize, name: String },
    /// Two transitions have one name.
    #[error("transition {name}: defined more than once; one transition may have several from and to statuses")]
    DuplicateTransitionName { name: String },
    /// A label is blank.
    #[error("transition {transition}: the label is empty")]
    EmptyTransitionLabel { transition: String },
    /// A label is too long for a label, or not one line of text.
    #[error("transition {transition}: the label is longer than 100 characters or has control characters")]
    UnprintableTransitionLabel { transition: String },
    /// A label is also the label or the name of another transition, whatever their letters' case.
    #[error("transition {second}: its name or label {} is also that of transition {first}", quoted(.word))]
    DuplicateTransitionLabel { word: String, first: String, second: String },
    /// A transition starts nowhere, or leads nowhere.
    #[error("transition {transition}: `{side}` names no status")]
    NoEnd { transition: String, side: Side },
    /// A transition speaks of a status that is not defined.
    #[error("transition {transition}: `{side}` names the unknown status {}", quoted(.status.as_str()))]
    UnknownStatus { transition: String, side: Side, status: StatusKey },
    /// One end names a status twice.
    #[error("transition {transition}: `{side}` names status {status} more than once")]
    RepeatedStatus { transition: String, side: Side, status: StatusKey },
    /// A transition leads from a status to itself.
    #[error("transition {transition}: leads from status {status} to itself, which is no change")]
    SelfTransition { transition: String, status: StatusKey },
    /// Two transitions make the same change, so that a change to a status does not say which.
    #[error("transitions {first} and {second}: both lead from status {from} to status {to}; only one may")]
    AmbiguousTransitions { from: StatusKey, to: StatusKey, first: String, second: String },
    /// A terminal status has a way out that is no reopening.
    #[error("transition {transition}: leaves the terminal status {status}, which only a transition of kind reopen may")]
    TerminalWayOut { transition: String, status: StatusKey },
    /// A change from the closed to the active phase that is not of kind reopen.
    #[error("transition {transition}: leads from {from} (closed) to {to} (active), so its kind has to be reopen")]
    UnmarkedReopen { transition: String, from: StatusKey, to: StatusKey },
    /// A reopening that does not lead from the closed to the active phase.
    #[error("transition {transition}: is of kind reopen but leads from {from} to {to}, not from closed to active")]
    MisplacedReopen { transition: String, from: StatusKey, to: StatusKey },
    /// A reopening that asks for no reason.
    #[error("transition {transition}: is of kind reopen, so requires_reason has to be true")]
    ReopenWithoutReason { transition: String },
    /// A change from a resolved status back to active work that is not of kind rework.
    #[error("transition {transition}: leads from {from} (resolved) back to {to}, so its kind has to be rework")]
    UnmarkedRework { transition: String, from: StatusKey, to: StatusKey },
    /// A rework that does not lead from a resolved status back to active work.
    #[error(
        "transition {transition}: is of kind rework but leads from {from} to {to}, not from resolved to active work"
    )]
    MisplacedRework { transition: String, from: StatusKey, to: StatusKey },
    /// A scope that no key can hold.
    #[error("transition {transition}: unknown scope {}, expected one of {}", quoted(.scope), listed(.known.iter(), "or"))]
    UnknownScope { transition: String, scope: String, known: &'static [&'static str] },
    /// A guard speaks of a field that the thing does not have.
    #[error("transition {transition}: a guard names {}, which is no field of {entity_type}", quoted(.field))]
    UnknownGuardField { transition: String, field: String, entity_type: EntityType },
    /// A guard that nothing can meet.
    #[error("transition {transition}: the guard on {field} offers no values, so nothing can meet it")]
    EmptyGuard { transition: String, field: String },
    /// No way leads from the initial status to this one.
    #[error("status {status}: cannot be reached from the initial status {initial}")]
    UnreachableStatus { status: StatusKey, initial: StatusKey },
    /// A status that is not terminal has no way out.
    #[error("status {status}: is a dead end; give it a way out or make it terminal")]
    DeadEnd { status: StatusKey },
}

impl Fault {
    /// The stable word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::InvalidName => "invalid_name",
            Self::NoStatuses => "no_statuses",
            Self::InvalidStatusKey { .. } => "invalid_status_key",
            Self::DuplicateStatusKey { .. } => "duplicate_status_key",
            Self::InvalidStatusId { .. } => "invalid_status_id",
            Self::DuplicateStatusId { .. } => "duplicate_status_id",
            Self::EmptyStatusLabel { .. } => "empty_status_label",
            Self::UnprintableStatusLabel { .. } => "unprintable_status_label",
            Self::DuplicateStatusLabel { .. } => "duplicate_status_label",
            Self::InvalidColor { .. } => "invalid_color",
            Self::TerminalNotClosed { .. } => "terminal_not_closed",
            Self::OutcomeOutsidePhase { .. } => "outcome_outside_phase",
            Self::NoInitialStatus => "no_initial_status",
            Self::SeveralInitialStatuses { .. } => "several_initial_statuses",
            Self::TerminalInitial { .. } => "terminal_initial",
            Self::InvalidTransitionName { .. } => "invalid_transition_name",
            Self::DuplicateTransitionName { .. } => "duplicate_transition_name",
            Self::EmptyTransitionLabel { .. } => "empty_transition_label",
            Self::UnprintableTransitionLabel { .. } => "unprintable_transition_label",
            Self::DuplicateTransitionLabel { .. } => "duplicate_transition_label",
            Self::NoEnd { .. } => "no_end",
            Self::UnknownStatus { .. } => "unknown_status",
            Self::RepeatedStatus { .. } => "repeated_status",
            Self::SelfTransition { .. } => "self_transition",
            Self::AmbiguousTransitions { .. } => "ambiguous_transitions",
            Self::TerminalWayOut { .. } => "terminal_way_out",
            Self::UnmarkedReopen { .. } => "unmarked_reopen",
            Self::MisplacedReopen { .. } => "misplaced_reopen",
            Self::ReopenWithoutReason { .. } => "reopen_without_reason",
            Self::UnmarkedRework { .. } => "unmarked_rework",
            Self::MisplacedRework { .. } => "misplaced_rework",
            Self::UnknownScope { .. } => "unknown_scope",
            Self::UnknownGuardField { .. } => "unknown_guard_field",
            Self::EmptyGuard { .. } => "empty_guard",
            Self::UnreachableStatus { .. } => "unreachable_status",
            Self::DeadEnd { .. } => "dead_end",
        }
    }
}

/// Every fault of a definition; never none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowFaults(Vec<Fault>);

impl WorkflowFaults {
    /// The faults, unless there are none.
    pub(super) fn some(faults: Vec<Fault>) -> Option<Self> {
        (!faults.is_empty()).then_some(Self(faults))
    }

    /// The faults, in the order of the definition.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.0
    }
}

impl From<Fault> for WorkflowFaults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl IntoIterator for WorkflowFaults {
    type Item = Fault;
    type IntoIter = std::vec::IntoIter<Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// One line for each fault.
impl fmt::Display for WorkflowFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for WorkflowFaults {}
