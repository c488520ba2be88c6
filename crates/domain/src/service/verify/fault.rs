//! What a check finds.

use std::fmt;

use crate::{
    account_event::AccountSubject,
    event::{LogFault, ThingFault},
    id::{AccountId, CaseId},
    log_chain::Logged,
    store::TallyDifference,
};

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// In which account.
    pub account: AccountId,
    /// With which case, if with one.
    pub case: Option<CaseId>,
    /// What.
    pub what: FaultKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The log, or the case beside it.
    #[error(transparent)]
    Log(#[from] LogFault),
    /// The row of the case.
    #[error("the row cannot be read: {0}")]
    Unreadable(String),
    /// What is kept beside the case for finding it.
    #[error("{} does not follow from the case", .0.join(", "))]
    Derived(Vec<String>),
    /// A link, which belongs to two cases.
    #[error(transparent)]
    Link(ThingFault),
    /// An entry of the chain over the logs.
    #[error("entry {0} of the chain was changed")]
    Chain(i64),
    /// Entries of the chain that are not there.
    #[error("the chain ends at entry {size}, and the checkpoint is of entry {expected}")]
    ChainTooShort {
        /// The last entry.
        size: i64,
        /// The entry of the checkpoint.
        expected: i64,
    },
    /// The chain up to a checkpoint is not the one of the checkpoint.
    #[error("the chain was rewritten before entry {0}, that of the checkpoint")]
    ChainRewritten(i64),
    /// An event that a checkpoint knows is not there.
    #[error("{0}, which an earlier checkpoint has, is missing")]
    LoggedMissing(Logged),
    /// An event is not the one that a checkpoint knows.
    #[error("{0} differs from what it was at an earlier checkpoint")]
    LoggedChanged(Logged),
    /// An event of the account.
    #[error("event {0} of the account was changed")]
    AccountEvent(i64),
    /// A person or a key that is not as its last event says.
    #[error("{} {} differs from its last event", .0.word(), .0.integer())]
    Subject(AccountSubject),
    /// A person or a key that an event tells of and that is not there.
    #[error("{} {} is missing", .0.word(), .0.integer())]
    SubjectMissing(AccountSubject),
    /// A log without a case.
    #[error("there are events, and no case")]
    NoCase,
    /// A count.
    #[error("the count of {bucket} is off by {cases}, resolved by {resolved}, seconds by {seconds}")]
    Tally {
        /// Which count.
        bucket: String,
        /// By how many cases it is off.
        cases: i64,
        /// By how many resolutions it is off.
        resolved: i64,
        /// By how many seconds it is off.
        seconds: i64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.case {
            Some(case) => write!(f, "account {}, case {}: {}", self.account.0, case.0, self.what),
            None => write!(f, "account {}: {}", self.account.0, self.what),
        }
    }
}

impl From<TallyDifference> for FaultKind {
    fn from(TallyDifference { bucket, by }: TallyDifference) -> Self {
        Self::Tally { bucket, cases: by.cases, resolved: by.resolved, seconds: by.resolution_seconds }
    }
}
