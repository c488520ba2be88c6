//! What goes wrong in a query, and what of it the domain is told.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use docket_domain::error::StoreError;

/// A failure inside a query function or a transaction.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The database said no.
    #[error(transparent)]
    Database(#[from] DieselError),
    /// We did.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The query panicked.
    #[error("a query panicked")]
    Panicked,
}

impl Failure {
    /// Something that cannot be unless we are wrong.
    pub(crate) fn defect(message: &str) -> Self {
        Self::Store(StoreError::Defect(message.to_owned()))
    }

    /// Takes a broken unique constraint as that name being in use.
    pub(crate) fn or_taken(what: &'static str) -> impl Fn(DieselError) -> Self {
        move |error| {
            if matches!(error, DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) {
                return StoreError::Taken(what).into();
            }
            error.into()
        }
    }
}

/// What a database says when it is not there, shuts down, is full or took too long. Diesel passes on no code for these,
/// so that the words have to do: PostgreSQL's are English where its `lc_messages` is.
const UNAVAILABLE: &[&str] = &[
    "statement timeout",
    "lock timeout",
    "terminating connection",
    "the database system is",
    "too many clients",
    "remaining connection slots",
    "could not extend file",
    "could not write",
    "no space left",
    "disk is full",
    "disk i/o error",
    "readonly database",
    "read-only",
    "database is locked",
    "unable to open database",
    "connection closed",
    "connection reset",
    "error communicating with the server",
];

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        let error = match failure {
            Failure::Store(error) => return error,
            Failure::Panicked => return Self::Defect(failure.to_string()),
            Failure::Database(error) => error,
        };
        let text = error.to_string();
        let said = |words: &&str| text.to_lowercase().contains(words);
        let kind = if let DieselError::DatabaseError(kind, _) = error { Some(kind) } else { None };
        // The log's key: somebody else wrote this version first.
        if matches!(kind, Some(DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::SerializationFailure)) {
            Self::Stale
        } else if text.contains("deadlock detected") {
            // Two commits waited for each other, and this one gave way: nothing of it was written.
            Self::Stale
        } else if matches!(kind, Some(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::ReadOnlyTransaction))
            || UNAVAILABLE.iter().any(said)
        {
            Self::Unavailable(text)
        } else {
            Self::Defect(text)
        }
    }
}
