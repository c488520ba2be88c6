//! Reading stored rows for the check of the logs, and extending the chain over them.

use std::collections::BTreeMap;

use super::Result;
use crate::{
    account::Account,
    account_event::KeptAccountEvent,
    case::Case,
    document::Sha256Hash,
    event::{KeptEntry, Thing},
    id::{AccountId, CaseId, LinkId},
    log_chain::{ChainHead, KeptChainEntry, Logged},
    tally::Tally,
};

/// A row of cases.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptCase {
    /// Its id.
    pub id: CaseId,
    /// The case, or why the row cannot be read.
    pub case: std::result::Result<Case, String>,
    /// Columns and tags that are derived from the case and differ from it, by name.
    pub derived_wrong: Vec<String>,
    /// Entities of the case, with the digests of their rows. Links are read separately.
    pub things: BTreeMap<Thing, Sha256Hash>,
}

/// A kept count that differs from a plain count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyDifference {
    /// Name of the count: day, status, priority and source.
    pub bucket: String,
    /// Kept count minus plain count.
    pub by: Tally,
}

/// A row of people, keys or links, with its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptSubject {
    /// Its id.
    pub id: i64,
    /// Digest of the row. `None` if the row cannot be read.
    pub digest: Option<Sha256Hash>,
}

/// Reads for the check of the logs. Every list is in the order of its key, behind `after`.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a check runs on its own")]
pub trait VerifyStore {
    /// Accounts by id.
    async fn list_accounts(&self, after: AccountId, limit: i64) -> Result<Vec<Account>>;

    /// Cases by id, deleted ones too.
    async fn list_kept_cases(&self, account: AccountId, after: CaseId, limit: i64) -> Result<Vec<KeptCase>>;

    /// Entries of all logs by case and version, up to and including the case `up_to`.
    async fn list_kept_entries(
        &self,
        account: AccountId,
        after: (CaseId, i64),
        up_to: CaseId,
        limit: i64,
    ) -> Result<Vec<KeptEntry>>;

    /// Links by id, as their stored case has them, with their digests.
    async fn list_kept_links(&self, account: AccountId, after: LinkId, limit: i64) -> Result<Vec<KeptSubject>>;

    /// Events of the account by id.
    async fn list_kept_account_events(
        &self,
        account: AccountId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<KeptAccountEvent>>;

    /// People by id.
    async fn list_kept_people(&self, account: AccountId, after: i64, limit: i64) -> Result<Vec<KeptSubject>>;

    /// Keys by id, revoked ones too.
    async fn list_kept_keys(&self, account: AccountId, after: i64, limit: i64) -> Result<Vec<KeptSubject>>;

    /// Entries of the chain by position.
    async fn list_kept_chain(&self, account: AccountId, after: i64, limit: i64) -> Result<Vec<KeptChainEntry>>;

    /// Positions of the feed behind `after`, in order.
    async fn list_kept_positions(&self, account: AccountId, after: i64, limit: i64) -> Result<Vec<KeptPosition>>;

    /// Number of events of the logs minus number of positions, placed and queued, read at one moment.
    async fn count_events_without_position(&self, account: AccountId) -> Result<i64>;

    /// Kept counts that differ from a plain count of the account's cases, read at one moment.
    async fn list_tally_differences(&self, account: AccountId, limit: i64) -> Result<Vec<TallyDifference>>;
}

/// A position of the feed, compared with the logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptPosition {
    /// Position in the feed.
    pub position: i64,
    /// Type of the event according to the feed.
    pub kind: String,
    /// Type of the event according to the log. `None` if the log has no such event.
    pub logged: Option<String>,
    /// Position of the previous event of the same case. `None` if there is none.
    pub previous: Option<i64>,
}

/// Extending the chains over the logs of accounts.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a checkpoint runs on its own")]
pub trait ChainStore {
    /// Appends entries for at most `limit` cases, or events of the account, behind `after` whose newest event has no
    /// entry. Returns what the last entry is about, or `None` if nothing was appended.
    ///
    /// # Errors
    /// [`StoreError::Stale`](crate::error::StoreError::Stale) if the chain was extended at the same time.
    async fn extend_chain(&self, account: AccountId, after: Logged, limit: i64) -> Result<Option<Logged>>;

    /// The head of the chain.
    async fn find_chain_head(&self, account: AccountId) -> Result<ChainHead>;
}
