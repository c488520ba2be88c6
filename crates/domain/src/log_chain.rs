//! The chain of an account: one hash chain over the heads of all its logs.
//!
//! A log that is rewritten as a whole, with its case row, is still a valid chain. Each entry of the account chain
//! covers a case version (or an account event), the hash of that event and the entry before. A checkpoint is the last
//! hash of the chain, stored elsewhere: it detects every later rewrite of the logs before it.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::{
    id::{AccountId, CaseId},
    log_hash::LogHash,
};

/// The event that a chain entry covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Logged {
    /// An event of a case, by its version, and the log before it.
    Case(CaseId, i64),
    /// An event of the account, by its id.
    AccountEvent(i64),
}

impl fmt::Display for Logged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case(case, version) => write!(f, "event {version} of case {}", case.0),
            Self::AccountEvent(id) => write!(f, "event {id} of the account"),
        }
    }
}

impl Logged {
    /// The stored case and version. Case 0 means the account.
    #[must_use]
    pub const fn integers(self) -> (i64, i64) {
        match self {
            Self::Case(case, version) => (case.0, version),
            Self::AccountEvent(id) => (0, id),
        }
    }

    /// The event of a stored case and version.
    #[must_use]
    pub const fn from_integers(case: i64, version: i64) -> Self {
        if case == 0 { Self::AccountEvent(version) } else { Self::Case(CaseId(case), version) }
    }
}

/// Length of the chain of an account, and the hash of its last entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChainHead {
    /// Number of entries.
    pub size: i64,
    /// Hash of the last entry; [`LogHash::START`] for an empty chain.
    pub hash: LogHash,
}

impl ChainHead {
    /// The head after one more entry. `head` is the hash of the covered event.
    #[must_use]
    pub fn then(self, account: AccountId, about: Logged, head: LogHash) -> Self {
        let size = self.size + 1;
        let (case, version) = about.integers();
        let mut hasher = Sha256::new_with_prefix(self.hash.as_bytes());
        for number in [account.0, size, case, version] {
            hasher.update(number.to_be_bytes());
        }
        hasher.update(head.as_bytes());
        Self { size, hash: LogHash::new(hasher.finalize().into()) }
    }
}

/// A stored entry of the chain, with the current hash of its event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptChainEntry {
    /// Position in the chain, from 1.
    pub position: i64,
    /// The covered event.
    pub about: Logged,
    /// Hash of the event when the entry was written.
    pub head: Vec<u8>,
    /// Hash of the entry.
    pub hash: Vec<u8>,
    /// Current hash of the event; none if the event is missing.
    pub present: Option<Vec<u8>>,
}
