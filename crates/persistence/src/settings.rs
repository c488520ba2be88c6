//! Settings of a database, and the error that reports why it could not be opened.

use std::time::Duration;

use crate::error::QueryError;

/// Settings of the database connections.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Size of a worker's connection pool on PostgreSQL.
    pub connections: usize,
    /// Maximum wait for a pooled connection, and for the response to a statement.
    pub timeout: Duration,
    /// A standby of the PostgreSQL server that answers lists and statistics.
    pub standby: Option<StandbySettings>,
}

/// A standby for lists and statistics. Everything else is read from the primary.
#[derive(Debug, Clone)]
pub struct StandbySettings {
    /// Its URL.
    pub url: String,
    /// Maximum age of the data. While the standby is further behind, the primary is read.
    pub max_age: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { connections: 16, timeout: Duration::from_secs(5), standby: None }
    }
}

/// Reason why a database could not be opened or migrated. The text is for the operator.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(String);

impl OpenError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    pub(crate) fn backfill(failure: QueryError) -> Self {
        Self(format!("cannot compute new columns: {failure}"))
    }

    pub(crate) fn connection(error: diesel::ConnectionError) -> Self {
        Self(error.to_string())
    }
}
