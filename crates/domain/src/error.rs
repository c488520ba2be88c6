//! The errors of every layer above the store. They never mention HTTP.

pub use crate::fault::{FAULTS_MAX, FieldError, FieldErrors};
use crate::{
    account::MintingRefusal,
    id::Entity,
    revision::{PreconditionFailed, Revision},
    scope::Scope,
    workflow::{Refusal, WorkflowId},
};

/// Why a command was rejected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// The request has invalid fields.
    #[error("the request is not valid")]
    Invalid(Vec<FieldError>),
    /// The actor lacks a scope that the transition requires.
    #[error("the transition needs a scope that the key does not have")]
    Forbidden(Refusal),
    /// The workflow does not allow the transition. The refusal has every reason and the transitions that are allowed.
    #[error("the transition is not allowed")]
    NotAllowed(Refusal),
    /// Only a closed case can be archived.
    #[error("the case is not closed")]
    CaseNotClosed,
    /// Only a deleted case can be restored.
    #[error("the case is not deleted")]
    CaseNotDeleted,
    /// Another person has to do it.
    #[error("{why}")]
    FourEyes {
        /// Another one than who.
        why: &'static str,
    },
    /// A service level uses the calendar.
    #[error("the service level {by} uses the calendar")]
    CalendarInUse {
        /// Key of the service level.
        by: String,
    },
    /// The case is a part of another case.
    #[error("the case is a part of case {into}")]
    Merged {
        /// Public id of that case.
        into: uuid::Uuid,
    },
    /// The workflow cannot be removed.
    #[error("{why}")]
    WorkflowInUse {
        /// Why not.
        why: &'static str,
    },
    /// The caller expects another workflow version than the case has.
    #[error("the case is in workflow {holds}")]
    WorkflowMismatch {
        /// Workflow version of the case.
        holds: WorkflowId,
    },
    /// A thing that the command refers to does not exist.
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

/// Why a store operation failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The row changed since it was read. The caller reloads and decides again.
    #[error("the resource was changed by another request; load it again")]
    Stale,
    /// The name or key already exists.
    #[error("{0} is taken")]
    Taken(&'static str),
    /// The database is unreachable or full, or did not respond in time. The text is for the log only.
    #[error("the database is not available")]
    Unavailable(String),
    /// The rows of a numbered page have more text than the limit.
    #[error("the page has too much text")]
    PageTooLarge,
    /// A defect of the software. The text is for the log only.
    #[error("the store failed")]
    Defect(String),
}

/// Why a use case failed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// The command was rejected.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// The actor lacks a scope.
    #[error("this needs the scope {0}")]
    ScopeMissing(Scope),
    /// The caller's credential may not create this key.
    #[error(transparent)]
    MintingRefused(#[from] MintingRefusal),
    /// The precondition of the request failed.
    #[error("the precondition does not hold: the current revision is {holds}")]
    PreconditionFailed {
        /// Current revision.
        holds: Revision,
    },
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

/// A page that is too large is an error of the request: the caller can ask for fewer rows.
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
    /// The error for a thing that does not exist.
    #[must_use]
    pub const fn not_found(entity: Entity) -> Self {
        Self::Rejected(Rejection::NotFound(entity))
    }

    /// The error for one invalid field.
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
