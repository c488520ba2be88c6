//! Faults that a check of a store reports.

use std::fmt;

use crate::{
    account_event::AccountSubject,
    event::{LogFault, ThingFault},
    id::{AccountId, CaseId},
    log_chain::Logged,
    store::TallyDifference,
};

/// A fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Account of the fault.
    pub account: AccountId,
    /// Case of the fault. `None` if it belongs to no case.
    pub case: Option<CaseId>,
    /// What is wrong.
    pub what: FaultKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// The log, or the case that follows from it.
    #[error(transparent)]
    Log(#[from] LogFault),
    /// The row of the case.
    #[error("the row cannot be read: {0}")]
    Unreadable(String),
    /// Columns or rows that are derived from the case.
    #[error("{} does not follow from the case", .0.join(", "))]
    Derived(Vec<String>),
    /// A link, which belongs to two cases.
    #[error(transparent)]
    Link(ThingFault),
    /// An entry of the chain over the logs.
    #[error("entry {0} of the chain was changed")]
    Chain(i64),
    /// Missing entries of the chain.
    #[error("the chain ends at entry {size}, and the checkpoint is of entry {expected}")]
    ChainTooShort {
        /// Position of the last entry.
        size: i64,
        /// Position of the checkpoint's entry.
        expected: i64,
    },
    /// The chain up to the checkpoint differs from the checkpoint.
    #[error("the chain was rewritten before entry {0}, that of the checkpoint")]
    ChainRewritten(i64),
    /// An event of an earlier checkpoint is missing.
    #[error("{0}, which an earlier checkpoint has, is missing")]
    LoggedMissing(Logged),
    /// An event differs from an earlier checkpoint.
    #[error("{0} differs from what it was at an earlier checkpoint")]
    LoggedChanged(Logged),
    /// A position of the feed that no row has.
    #[error("position {0} of the feed is missing")]
    FeedGap(i64),
    /// A position of the feed whose event is not in the log.
    #[error("position {0} of the feed has no event")]
    FeedWithoutEvent(i64),
    /// A position of the feed whose type differs from the event's.
    #[error("position {0} of the feed has another type than its event")]
    FeedType(i64),
    /// A position of the feed that is before the position of an earlier event of the same case.
    #[error("position {0} of the feed is before the previous event of its case")]
    FeedOrder(i64),
    /// Events that are missing in the feed.
    #[error("events without a position in the feed: {0}")]
    FeedIncomplete(i64),
    /// The stored clocks of a service level.
    #[error("the stored clocks differ from its log")]
    Clocks,
    /// An event of the account.
    #[error("event {0} of the account was changed")]
    AccountEvent(i64),
    /// A person or a key that differs from its last event.
    #[error("{} {} differs from its last event", .0.word(), .0.integer())]
    Subject(AccountSubject),
    /// A person or a key that has an event but no row.
    #[error("{} {} is missing", .0.word(), .0.integer())]
    SubjectMissing(AccountSubject),
    /// A log without a case.
    #[error("there are events, and no case")]
    NoCase,
    /// A count.
    #[error("the count of {bucket} is off by {cases}, resolved by {resolved}, seconds by {seconds}")]
    Tally {
        /// Name of the count.
        bucket: String,
        /// Difference in cases.
        cases: i64,
        /// Difference in resolutions.
        resolved: i64,
        /// Difference in seconds.
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
