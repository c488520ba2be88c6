//! The hash that chains the entries of a log.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{document::Sha256Hash, time::Timestamp};

/// SHA-256 over an entry of a log and the hash of the entry before it.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct LogHash([u8; 32]);

/// The columns that the hash of an entry covers, besides the hash of the entry before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Covered<'e> {
    pub(crate) account: i64,
    pub(crate) case: i64,
    pub(crate) version: i64,
    pub(crate) occurred_at: Timestamp,
    pub(crate) recorded_at: Timestamp,
    pub(crate) actor_id: Option<i64>,
    pub(crate) actor_name: Option<&'e str>,
    pub(crate) kind: &'e str,
    pub(crate) data: &'e str,
    pub(crate) proof: Option<Sha256Hash>,
}

impl LogHash {
    /// The hash before the first entry of a log.
    pub const START: Self = Self([0; 32]);

    /// The hash of an entry that follows this hash. It covers the lengths of texts and the presence of optional values,
    /// so that two different entries never give the same bytes.
    pub(crate) fn cover(self, entry: &Covered<'_>) -> Self {
        let mut hasher = Sha256::new_with_prefix(self.0);
        for number in [
            entry.account,
            entry.case,
            entry.version,
            entry.occurred_at.timestamp_micros(),
            entry.recorded_at.timestamp_micros(),
            entry.actor_id.unwrap_or_default(),
        ] {
            hasher.update(number.to_be_bytes());
        }
        hasher.update([u8::from(entry.actor_id.is_some()), u8::from(entry.actor_name.is_some())]);
        for text in [entry.kind, entry.actor_name.unwrap_or_default(), entry.data] {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text);
        }
        // Entries without a proof keep the hash from before proofs existed.
        if let Some(proof) = entry.proof {
            hasher.update(proof.as_bytes());
        }
        Self(hasher.finalize().into())
    }

    /// The hash with these bytes.
    pub(crate) const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes that a store keeps.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash from stored bytes; `None` unless there are 32.
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
