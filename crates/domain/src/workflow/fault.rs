//! Faults of a workflow definition.

mod advice;

use std::fmt;

use super::{
    entity_type::EntityType,
    status::{Outcome, Phase, StatusKey},
    text::{listed, quoted},
};

/// One end of a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TransitionEnd {
    /// The start statuses.
    From,
    /// The target statuses.
    To,
}

impl fmt::Display for TransitionEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::From => "from",
            Self::To => "to",
        })
    }
}

/// A fault of a workflow definition. The message names the place; [`code`](Self::code) is stable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the fields are the places and words that the message shows")]
pub enum Fault {
    /// The text is not JSON, or not in the format of a definition. Nothing else is checked then.
    #[error("not a workflow definition: {message}")]
    Malformed { message: String },
    /// A field that must be given is missing.
    #[error("{}: the field {field} is missing", place(.path))]
    MissingField { path: String, field: &'static str, expected: &'static str },
    /// A field has a value of the wrong type, or a word that is not one of its words.
    #[error("{}: expected {expected}", place(.path))]
    WrongType { path: String, expected: &'static str },
    /// A field has no meaning.
    #[error("{}: unknown field", place(.path))]
    UnknownField { path: String, known: &'static [&'static str] },
    /// A guard cannot be read.
    #[error("{}: not a guard: {message}", place(.path))]
    InvalidGuard { path: String, message: String },
    /// There is more than a workflow may have.
    #[error("{found} {what}, more than {most}")]
    TooMany { what: &'static str, found: usize, most: usize },
    /// The name of the workflow is blank, too long or has control characters.
    #[error("the workflow has an empty or unprintable name")]
    InvalidName,
    /// The workflow has no statuses.
    #[error("the workflow has no statuses")]
    NoStatuses,
    /// A status key is not a lower-case word.
    #[error("status number {position}: key {} is not a lower-case word (a-z, 0-9, _; at most 64)", quoted(.key.as_str()))]
    InvalidStatusKey { position: usize, key: StatusKey },
    /// Two statuses have the same key.
    #[error("status {key}: defined more than once")]
    DuplicateStatusKey { key: StatusKey },
    /// A status id is not positive.
    #[error("status {status}: id {id} is not positive")]
    InvalidStatusId { status: StatusKey, id: i64 },
    /// Two statuses have the same id.
    #[error("status {second}: has id {id}, which is that of status {first}")]
    DuplicateStatusId { id: i64, first: StatusKey, second: StatusKey },
    /// A status label is blank.
    #[error("status {status}: the label is empty")]
    EmptyStatusLabel { status: StatusKey },
    /// A status label is too long or has control characters.
    #[error("status {status}: the label is longer than 100 characters or has control characters")]
    UnprintableStatusLabel { status: StatusKey },
    /// Two statuses have the same label; case is ignored.
    #[error("status {second}: has label {}, which is that of status {first}", quoted(.label))]
    DuplicateStatusLabel { label: String, first: StatusKey, second: StatusKey },
    /// A colour is not `#RRGGBB`.
    #[error("status {status}: color {} is not of the form #RRGGBB", quoted(.color))]
    InvalidColor { status: StatusKey, color: String },
    /// A terminal status is not in the closed phase.
    #[error("status {status}: is terminal, so its phase must be closed, not active")]
    TerminalNotClosed { status: StatusKey },
    /// The outcome does not fit the phase.
    #[error("status {status}: outcome {outcome} is not valid in phase {phase}")]
    OutcomeOutsidePhase { status: StatusKey, outcome: Outcome, phase: Phase },
    /// No status is the initial one.
    #[error("no status is initial: exactly one must be")]
    NoInitialStatus,
    /// Several statuses are initial.
    #[error("statuses {} are all initial: exactly one must be", listed(.statuses, "and"))]
    SeveralInitialStatuses { statuses: Vec<StatusKey> },
    /// The initial status is terminal.
    #[error("status {status}: is both initial and terminal")]
    TerminalInitial { status: StatusKey },
    /// A transition name is not a lower-case word.
    #[error("transition number {position}: name {} is not a lower-case word (a-z, 0-9, _; at most 64)", quoted(.name))]
    InvalidTransitionName { position: usize, name: String },
    /// Two transitions have the same name.
    #[error("transition {name}: defined more than once; one transition may have several from and to statuses")]
    DuplicateTransitionName { name: String },
    /// A transition label is blank.
    #[error("transition {transition}: the label is empty")]
    EmptyTransitionLabel { transition: String },
    /// A transition label is too long or has control characters.
    #[error("transition {transition}: the label is longer than 100 characters or has control characters")]
    UnprintableTransitionLabel { transition: String },
    /// A name or label of a transition is also one of another transition; case is ignored.
    #[error("transition {second}: its name or label {} is also that of transition {first}", quoted(.word))]
    DuplicateTransitionLabel { word: String, first: String, second: String },
    /// A transition has no start status or no target.
    #[error("transition {transition}: `{side}` names no status")]
    NoEnd { transition: String, side: TransitionEnd },
    /// A transition names an undefined status.
    #[error("transition {transition}: `{side}` names the unknown status {}", quoted(.status.as_str()))]
    UnknownStatus { transition: String, side: TransitionEnd, status: StatusKey },
    /// One end of a transition names a status twice.
    #[error("transition {transition}: `{side}` names status {status} more than once")]
    RepeatedStatus { transition: String, side: TransitionEnd, status: StatusKey },
    /// A transition leads from a status to itself.
    #[error("transition {transition}: leads from status {status} to itself, which is no change")]
    SelfTransition { transition: String, status: StatusKey },
    /// Two transitions make the same change, so a request for the target status would be ambiguous.
    #[error("transitions {first} and {second}: both lead from status {from} to status {to}; only one may")]
    AmbiguousTransitions { from: StatusKey, to: StatusKey, first: String, second: String },
    /// A transition leaves a terminal status and is not of kind reopen.
    #[error("transition {transition}: leaves the terminal status {status}; only a transition of kind reopen may do so")]
    TerminalWayOut { transition: String, status: StatusKey },
    /// A change from the closed to the active phase is not of kind reopen.
    #[error("transition {transition}: leads from {from} (closed) to {to} (active), so its kind must be reopen")]
    UnmarkedReopen { transition: String, from: StatusKey, to: StatusKey },
    /// A reopening does not lead from the closed to the active phase.
    #[error("transition {transition}: is of kind reopen but leads from {from} to {to}, not from closed to active")]
    MisplacedReopen { transition: String, from: StatusKey, to: StatusKey },
    /// A reopening does not require a reason.
    #[error("transition {transition}: is of kind reopen, so requires_reason must be true")]
    ReopenWithoutReason { transition: String },
    /// A change from a resolved status back to active work is not of kind rework.
    #[error("transition {transition}: leads from {from} (resolved) back to {to}, so its kind must be rework")]
    UnmarkedRework { transition: String, from: StatusKey, to: StatusKey },
    /// A rework does not lead from a resolved status back to active work.
    #[error(
        "transition {transition}: is of kind rework but leads from {from} to {to}, not from resolved to active work"
    )]
    MisplacedRework { transition: String, from: StatusKey, to: StatusKey },
    /// A transition names an unknown scope.
    #[error("transition {transition}: unknown scope {}, expected one of {}", quoted(.scope), listed(.known.iter(), "or"))]
    UnknownScope { transition: String, scope: String, known: &'static [&'static str] },
    /// A guard names a field that the entity does not have.
    #[error("transition {transition}: a guard names {}, which is not a field of {entity_type}", quoted(.field))]
    UnknownGuardField { transition: String, field: String, entity_type: EntityType },
    /// A guard has no values and can never hold.
    #[error("transition {transition}: the guard on {field} has no values, so it can never be met")]
    EmptyGuard { transition: String, field: String },
    /// A guard asks for something that entities of this type do not have.
    #[error("transition {transition}: the guard {guard} is for cases only, not for {entity_type}")]
    GuardOfCases { transition: String, guard: &'static str, entity_type: EntityType },
    /// A guard has alternatives but none is given, so it can never hold.
    #[error("transition {transition}: any_of has no guards, so it can never be met")]
    NoAlternatives { transition: String },
    /// A guard names a transition that the workflow does not have.
    #[error("transition {transition}: a guard names the unknown transition {}", quoted(.named))]
    UnknownGuardTransition { transition: String, named: String },
    /// A guard names a role that is blank or too long.
    #[error("transition {transition}: the guard {guard} names no role")]
    EmptyGuardRole { transition: String, guard: &'static str },
    /// A status cannot be reached from the initial status.
    #[error("status {status}: cannot be reached from the initial status {initial}")]
    UnreachableStatus { status: StatusKey, initial: StatusKey },
    /// A status that is not terminal has no way out.
    #[error("status {status}: has no outgoing transition; add one or make the status terminal")]
    DeadEnd { status: StatusKey },
}

/// A place in a definition, for messages.
fn place(path: &str) -> &str {
    if path.is_empty() { "the definition" } else { path }
}

impl Fault {
    /// Stable code of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed { .. } => "malformed",
            Self::MissingField { .. } => "missing_field",
            Self::WrongType { .. } => "wrong_type",
            Self::UnknownField { .. } => "unknown_field",
            Self::InvalidGuard { .. } => "invalid_guard",
            Self::TooMany { .. } => "too_many",
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
            Self::GuardOfCases { .. } => "guard_of_cases",
            Self::NoAlternatives { .. } => "no_alternatives",
            Self::UnknownGuardTransition { .. } => "unknown_guard_transition",
            Self::EmptyGuardRole { .. } => "empty_guard_role",
            Self::UnreachableStatus { .. } => "unreachable_status",
            Self::DeadEnd { .. } => "dead_end",
        }
    }
}

/// All faults of a definition; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowFaults(Vec<Fault>);

impl WorkflowFaults {
    /// The faults, of which there is at least one.
    pub(super) const fn new(faults: Vec<Fault>) -> Self {
        Self(faults)
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

/// One line per fault.
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
