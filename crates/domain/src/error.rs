//! Why something was not done. One enum for every layer above the store; nobody here knows of HTTP.

pub use crate::fault::{FAULTS_MAX, FieldError, FieldErrors};
use crate::{
    account::MintingRefusal,
    id::Entity,
    revision::{PreconditionFailed, Revision},
    scope::Scope,
    workflow::{Refusal, WorkflowId},
};

/// Why a command was not accepted: a decision's other outcome.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// The request in itself is wrong.
    #[error("the request is not valid")]
    Invalid(Vec<FieldError>),
    /// The actor lacks a scope that the transition needs.
    #[error("the transition needs a scope that the key does not have")]
    Forbidden(Refusal),
    /// The workflow does not allow the move; the refusal lists every reason and what is allowed instead.
    #[error("the transition is not allowed")]
    NotAllowed(Refusal),
    /// Only a closed case can be archived.
    #[error("the case is not closed")]
    CaseNotClosed,
    /// Only a deleted case can be restored.
    #[error("the case is not deleted")]
    CaseNotDeleted,
    /// The person who entered or last changed a deadline cannot verify it.
    #[error("the deadline must be verified by another person than the one who entered or last changed it")]
    FourEyes,
    /// The caller spoke of another workflow version than the one the case is in.
    #[error("the case is in workflow {holds}")]
    WorkflowMismatch {
        /// The workflow version that holds.
        holds: WorkflowId,
    },
    /// What the command speaks of does not exist (any more).
    #[error("{} not found", .0.noun())]
    NotFound(Entity),
}

impl From<Vec<FieldError>> for Rejection {
    fn from(faults: Vec<FieldError>) -> Self {
        Self::Invalid(faults)
    }
}

impl From<FieldError> for Rejection {
    fn from(fault: FieldError) -> Self {
        Self::Invalid(vec![fault])
    }
}

/// Why a store did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The case has another version than the decision was made on: reload and decide again.
    #[error("the case was changed by somebody else")]
    Stale,
    /// Something with this name or key exists already.
    #[error("{0} is taken")]
    Taken(&'static str),
    /// The database cannot be reached, is full or did not answer in time.
    #[error("the database is not available")]
    Unavailable(String),
    /// The rows of a numbered page have more text than a page may hold.
    #[error("the page has too much text")]
    PageTooLarge,
    /// A defect of ours; the text is for the log, never for a caller.
    #[error("the store failed")]
    Defect(String),
}

/// Why a use case did not end as asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// The decision was a rejection.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The actor lacks a scope.
    #[error("this needs the scope {0}")]
    ScopeMissing(Scope),
    /// The caller's credential may not create that key.
    #[error(transparent)]
    MintingRefused(#[from] MintingRefusal),
    /// The caller's precondition does not hold.
    #[error("the precondition does not hold: the current revision is {holds}")]
    PreconditionFailed {
        /// The present revision.
        holds: Revision,
    },
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

/// A page that is too large is the caller's to mend.
impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::PageTooLarge => {
                FieldError::new("per_page", "the rows of this page have more than 16 MiB of text; ask for fewer").into()
            }
            StoreError::Stale | StoreError::Taken(_) | StoreError::Unavailable(_) | StoreError::Defect(_) => {
                Self::Store(error)
            }
        }
    }
}

impl Error {
    /// An unknown thing.
    #[must_use]
    pub const fn not_found(entity: Entity) -> Self {
        Self::Rejected(Rejection::NotFound(entity))
    }

    /// A fault of one field.
    #[must_use]
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Rejected(FieldError::new(field, message).into())
    }
}

impl From<Vec<FieldError>> for Error {
    fn from(faults: Vec<FieldError>) -> Self {
        Self::Rejected(faults.into())
    }
}

impl From<FieldError> for Error {
    fn from(fault: FieldError) -> Self {
        Self::Rejected(fault.into())
    }
}

impl From<PreconditionFailed> for Error {
    fn from(PreconditionFailed(holds): PreconditionFailed) -> Self {
        Self::PreconditionFailed { holds }
    }
}
