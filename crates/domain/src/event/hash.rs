//! The chain of hashes through a log.

use std::fmt;

use sha2::{Digest, Sha256};

use super::CaseEvent;

/// SHA-256 over an entry of a log and the hash of the entry before it.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct LogHash([u8; 32]);

impl LogHash {
    /// What the first entry of every log is chained to.
    pub const START: Self = Self([0; 32]);

    /// The hash of an event behind the entry with this hash. `data` is the very JSON text that is kept.
    ///
    /// Each part is preceded by its length, so that no two different entries give the same bytes.
    #[must_use]
    pub fn chain(self, event: &CaseEvent, data: &str) -> Self {
        let (actor_id, actor_name) = event.actor.as_ref().map_or((None, ""), |actor| (actor.id, actor.name.as_str()));
        let mut hasher = Sha256::new_with_prefix(self.0);
        for number in [
            event.account.0,
            event.case.0,
            event.version,
            event.occurred_at.timestamp_micros(),
            event.recorded_at.timestamp_micros(),
            actor_id.map_or(-1, |id| id.0),
        ] {
            hasher.update(number.to_be_bytes());
        }
        for text in [event.data.kind(), actor_name, data] {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text);
        }
        Self(hasher.finalize().into())
    }

    /// The hash as a store keeps it.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash that a store kept; none where it has not 32 bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for LogHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for LogHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
