//! One chain over the heads of all logs of an account.
//!
//! Each log is a chain by itself, so a log that is rewritten as a whole, with the row of its case, is still sound. The chain
//! of the account has an entry for a version of a case and the hash of its event, and each entry covers the one before. A
//! checkpoint is the last hash of the chain, kept elsewhere: it proves every later rewriting of what came before it.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::{
    id::{AccountId, CaseId},
    log_hash::LogHash,
};

/// What an entry of the chain is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Logged {
    /// The log of a case up to a version.
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
    /// The case and the version as they are stored: a case 0 stands for the account.
    #[must_use]
    pub const fn integers(self) -> (i64, i64) {
        match self {
            Self::Case(case, version) => (case.0, version),
            Self::AccountEvent(id) => (0, id),
        }
    }

    /// What is stored as that case and version.
    #[must_use]
    pub const fn from_integers(case: i64, version: i64) -> Self {
        if case == 0 { Self::AccountEvent(version) } else { Self::Case(CaseId(case), version) }
    }
}

/// How long the chain of an account is, and the hash of its last entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChainHead {
    /// The number of entries.
    pub size: i64,
    /// The hash of the last one; [`LogHash::START`] of an empty chain.
    pub hash: LogHash,
}

impl ChainHead {
    /// The head after one more entry: `head` is the hash of the event that it is about.
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

/// An entry of the chain as a store keeps it, with the hash of the event that it is about as that is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptChainEntry {
    /// The place, from 1.
    pub position: i64,
    /// What it is about.
    pub about: Logged,
    /// The hash that the event had.
    pub head: Vec<u8>,
    /// The hash of the entry.
    pub hash: Vec<u8>,
    /// The hash that the event has now; none where there is no such event.
    pub present: Option<Vec<u8>>,
}
