//! Failures of queries, and their conversion to the domain's store errors.

use diesel::result::{DatabaseErrorKind, Error as DieselError};
use docket_domain::error::StoreError;

/// A failure inside a query function or a transaction.
#[derive(Debug, thiserror::Error)]
pub(crate) enum QueryError {
    /// An error of the database.
    #[error(transparent)]
    Database(#[from] DieselError),
    /// An error that Docket raised itself.
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a query panicked")]
    Panicked,
}

impl QueryError {
    /// A state that only a defect in Docket can cause.
    pub(crate) fn defect(message: &str) -> Self {
        Self::Store(StoreError::Defect(message.to_owned()))
    }

    /// Converts a unique violation to [`StoreError::Taken`].
    pub(crate) fn or_taken(what: &'static str) -> impl Fn(DieselError) -> Self {
        move |error| {
            if matches!(error, DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) {
                return StoreError::Taken(what).into();
            }
            error.into()
        }
    }
}

/// Message fragments of a database that is unreachable, shutting down, full or too slow. Diesel passes no error code
/// for these. PostgreSQL's messages are in English only if `lc_messages` is.
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
    // A node of a Citus cluster is down.
    "connection to the remote node",
    "server closed the connection unexpectedly",
    "could not establish any connections to the node",
    "failed to execute task",
];

impl From<QueryError> for StoreError {
    fn from(failure: QueryError) -> Self {
        let error = match failure {
            QueryError::Store(error) => return error,
            QueryError::Panicked => return Self::Defect(failure.to_string()),
            QueryError::Database(error) => error,
        };
        let text = error.to_string();
        let said = |words: &&str| text.to_lowercase().contains(words);
        let kind = if let DieselError::DatabaseError(kind, _) = error { Some(kind) } else { None };
        // Another transaction wrote this version first and holds the log's key.
        if matches!(kind, Some(DatabaseErrorKind::UniqueViolation | DatabaseErrorKind::SerializationFailure)) {
            Self::Stale
        } else if text.contains("deadlock detected") || text.contains("distributed deadlock") {
            // PostgreSQL or Citus rolled this commit back to resolve the deadlock: nothing of it was written.
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
