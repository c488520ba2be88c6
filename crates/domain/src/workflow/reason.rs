//! Why a move is refused, in words and in stable codes.

use std::fmt;

use serde::Serialize;

use crate::error::FieldError;

/// What an actor may do, as the engine asks it.
pub trait Grants {
    /// Whether the actor holds the scope of this word.
    fn has_scope(&self, scope: &str) -> bool;
}

/// An actor who may do everything: the operator, an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unrestricted;

impl Grants for Unrestricted {
    fn has_scope(&self, _scope: &str) -> bool {
        true
    }
}

/// Why a move is refused. The words are part of the API and never change their meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// No transition has this name.
    UnknownTransition,
    /// The workflow has no such status.
    UnknownStatus,
    /// The transition never leads to the status that was asked for.
    NotATarget,
    /// The move needs a reason and none was given.
    ReasonRequired,
    /// Nothing may be created in a terminal status.
    TerminalAtCreation,
    /// The move does not start from the present status.
    NotFromHere,
    /// The thing is in a status that this workflow does not have.
    PresentStatusUnknown,
    /// A field that the move needs is empty.
    FieldMissing,
    /// A field that has to be empty is not.
    FieldNotEmpty,
    /// A field does not have the value that the move needs.
    FieldMismatch,
    /// The actor does not hold the scope that the move needs.
    ScopeMissing,
}

/// What sort of answer a reason calls for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// The actor lacks a scope.
    Forbidden,
    /// The request is wrong in itself, on the field that the reason names: an unknown word, a missing reason.
    Invalid,
    /// The request is fine; the move is not allowed as things stand.
    NotAllowed,
}

impl ReasonCode {
    /// Every code there is.
    pub const ALL: [Self; 11] = [
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
            Self::ScopeMissing => "scope_missing",
        }
    }

    /// What sort of answer it calls for.
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
            | Self::FieldMismatch => ReasonKind::NotAllowed,
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
    /// For programs.
    pub code: ReasonCode,
    /// For people: lower case, safe to show.
    pub message: String,
    /// The field it is about: for an [`Invalid`](ReasonKind::Invalid) one the part of the request (`transition`, `to`,
    /// `reason`, or `status` at creation), for a guard the field of the thing.
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
    /// What sort of answer it calls for.
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
