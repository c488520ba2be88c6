//! Reasons why a move is refused: stable codes and messages.

use std::fmt;

use serde::Serialize;

use crate::error::FieldError;

/// The scopes of an actor.
pub trait Grants {
    /// Whether the actor has the scope.
    fn has_scope(&self, scope: &str) -> bool;

    /// Who the actor is, in a form that can be compared; `None` if nobody in particular.
    fn actor(&self) -> Option<String> {
        None
    }
}

/// An actor with every scope, such as the operator or an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unrestricted;

impl Grants for Unrestricted {
    fn has_scope(&self, _scope: &str) -> bool {
        true
    }
}

/// Why a move is refused. The codes are part of the API and never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// No transition has this name.
    UnknownTransition,
    /// The workflow has no such status.
    UnknownStatus,
    /// The requested status is not a target of the transition.
    NotATarget,
    /// The move requires a reason and none was given.
    ReasonRequired,
    /// An entity cannot be created in a terminal status.
    TerminalAtCreation,
    /// The move does not start from the current status.
    NotFromHere,
    /// The workflow does not have the current status of the entity.
    PresentStatusUnknown,
    /// A field that the move requires is empty.
    FieldMissing,
    /// A field that must be empty is not.
    FieldNotEmpty,
    /// A field does not have the value that the move requires.
    FieldMismatch,
    /// No staff is assigned in a role that the move requires.
    StaffRoleMissing,
    /// No party has a role that the move requires.
    PartyRoleMissing,
    /// A deadline is open.
    DeadlinesOpen,
    /// An update waits for its validation.
    UpdatesUnvalidated,
    /// A document that the move requires is missing.
    DocumentMissing,
    /// The actor also made the transition that another actor must have made.
    SameActor,
    /// No conflict check has cleared the people on the case.
    ConflictsNotCleared,
    /// None of several conditions is met.
    NoAlternative,
    /// A condition that must not be met is met.
    ConditionExcluded,
    /// The actor does not have the scope that the move requires.
    ScopeMissing,
}

/// Class of a reason; it decides the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// The actor lacks a scope.
    Forbidden,
    /// The request is invalid in the field that the reason names: an unknown word or a missing reason.
    Invalid,
    /// The request is valid, but the current state does not allow the move.
    NotAllowed,
}

impl ReasonCode {
    /// Every code.
    pub const ALL: [Self; 20] = [
        Self::UnknownTransition,
        Self::UnknownStatus,
        Self::NotATarget,
        Self::ReasonRequired,
        Self::TerminalAtCreation,
        Self::NotFromHere,
        Self::PresentStatusUnknown,
        Self::FieldMissing,
        Self::FieldNotEmpty,
        Self::FieldMismatch,
        Self::StaffRoleMissing,
        Self::PartyRoleMissing,
        Self::DeadlinesOpen,
        Self::UpdatesUnvalidated,
        Self::DocumentMissing,
        Self::SameActor,
        Self::ConflictsNotCleared,
        Self::NoAlternative,
        Self::ConditionExcluded,
        Self::ScopeMissing,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownTransition => "unknown_transition",
            Self::UnknownStatus => "unknown_status",
            Self::NotATarget => "not_a_target",
            Self::ReasonRequired => "reason_required",
            Self::TerminalAtCreation => "terminal_at_creation",
            Self::NotFromHere => "not_from_here",
            Self::PresentStatusUnknown => "present_status_unknown",
            Self::FieldMissing => "field_missing",
            Self::FieldNotEmpty => "field_not_empty",
            Self::FieldMismatch => "field_mismatch",
            Self::StaffRoleMissing => "staff_role_missing",
            Self::PartyRoleMissing => "party_role_missing",
            Self::DeadlinesOpen => "deadlines_open",
            Self::UpdatesUnvalidated => "updates_unvalidated",
            Self::DocumentMissing => "document_missing",
            Self::SameActor => "same_actor",
            Self::ConflictsNotCleared => "conflicts_not_cleared",
            Self::NoAlternative => "no_alternative",
            Self::ConditionExcluded => "condition_excluded",
            Self::ScopeMissing => "scope_missing",
        }
    }

    /// Class of the reason.
    #[must_use]
    pub const fn kind(self) -> ReasonKind {
        match self {
            Self::ScopeMissing => ReasonKind::Forbidden,
            Self::UnknownTransition
            | Self::UnknownStatus
            | Self::NotATarget
            | Self::ReasonRequired
            | Self::TerminalAtCreation => ReasonKind::Invalid,
            Self::NotFromHere
            | Self::PresentStatusUnknown
            | Self::FieldMissing
            | Self::FieldNotEmpty
            | Self::FieldMismatch
            | Self::StaffRoleMissing
            | Self::PartyRoleMissing
            | Self::DeadlinesOpen
            | Self::UpdatesUnvalidated
            | Self::DocumentMissing
            | Self::SameActor
            | Self::ConflictsNotCleared
            | Self::NoAlternative
            | Self::ConditionExcluded => ReasonKind::NotAllowed,
        }
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One reason against a move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// Stable code.
    pub code: ReasonCode,
    /// Message in lower case, safe to show.
    pub message: String,
    /// The field of the reason. For [`Invalid`](ReasonKind::Invalid) it is a field of the request (`transition`, `to`,
    /// `reason`, or `status` at creation), for a guard a field of the entity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// A reason that names no field is about the transition.
impl From<Reason> for FieldError {
    fn from(reason: Reason) -> Self {
        Self::new(reason.field.unwrap_or_else(|| "transition".to_owned()), reason.message)
    }
}

impl Reason {
    /// Class of the reason.
    #[must_use]
    pub const fn kind(&self) -> ReasonKind {
        self.code.kind()
    }

    pub(super) fn new(code: ReasonCode, message: String) -> Self {
        Self { code, message, field: None }
    }

    pub(super) fn on_field(code: ReasonCode, field: &str, message: String) -> Self {
        Self { code, message, field: Some(field.to_owned()) }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
