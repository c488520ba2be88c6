//! The id of a workflow version.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use super::{canonical, definition::WorkflowDefinition};

/// The id of one version of a workflow: a UUID of version 8 (RFC 9562, section 5.8) from the SHA-256 of the canonical
/// JSON of the definition. The same workflow has the same id on every server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WorkflowId(pub Uuid);

impl WorkflowId {
    /// The id of a definition.
    ///
    /// # Errors
    /// If the definition cannot be written as JSON, which its types rule out.
    pub(super) fn of(definition: &WorkflowDefinition) -> Result<Self, serde_json::Error> {
        let text = canonical::text(&serde_json::to_value(definition)?);
        let mut bytes = [0; 16];
        for (byte, hashed) in bytes.iter_mut().zip(Sha256::digest(text.as_bytes())) {
            *byte = hashed;
        }
        Ok(Self(Builder::from_custom_bytes(bytes).into_uuid()))
    }
}

impl fmt::Display for WorkflowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for WorkflowId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::try_parse(text).map(Self)
    }
}
