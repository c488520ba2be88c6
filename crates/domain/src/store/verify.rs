//! Reading a store as it is kept, for the check of its logs.

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

/// A row of the cases.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptCase {
    /// Its id.
    pub id: CaseId,
    /// The case, or why the row cannot be read.
    pub case: std::result::Result<Case, String>,
    /// What beside the case is derived from it and does not agree with it, by name: columns, tags.
    pub derived_wrong: Vec<String>,
    /// What belongs to the case, with the digests of the rows; links are read apart.
    pub things: BTreeMap<Thing, Sha256Hash>,
}

/// A count that is not what counting gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyDifference {
    /// Which count: day, status, priority and source.
    pub bucket: String,
    /// What is kept, less what counting gives.
    pub by: Tally,
}

/// A row of people or keys, with its digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptSubject {
    /// Its id.
    pub id: i64,
    /// The digest of the row; none where it cannot be read.
    pub digest: Option<Sha256Hash>,
}

/// What the check of the logs asks of a store. Every list is in the order of its key, behind `after`.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a check runs on its own")]
pub trait VerifyStore {
    /// Accounts by id.
    async fn list_accounts(&self, after: AccountId, limit: i64) -> Result<Vec<Account>>;

    /// Cases by id, deleted ones too.
    async fn list_kept_cases(&self, account: AccountId, after: CaseId, limit: i64) -> Result<Vec<KeptCase>>;

    /// Entries of all logs by case and version, up to and with a case.
    async fn list_kept_entries(
        &self,
        account: AccountId,
        after: (CaseId, i64),
        up_to: CaseId,
        limit: i64,
    ) -> Result<Vec<KeptEntry>>;

    /// Links by id, from the end under which each is kept, with their digests.
    async fn list_kept_links(&self, account: AccountId, after: LinkId, limit: i64) -> Result<Vec<KeptSubject>>;

    /// The log of the account by id, behind that one.
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

    /// The chain of the account by position, behind that one.
    async fn list_kept_chain(&self, account: AccountId, after: i64, limit: i64) -> Result<Vec<KeptChainEntry>>;

    /// The counts that differ from a plain count of the account's cases, read at one moment.
    async fn list_tally_differences(&self, account: AccountId, limit: i64) -> Result<Vec<TallyDifference>>;
}

/// Extending the chains over the logs of accounts.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a checkpoint runs on its own")]
pub trait ChainStore {
    /// Appends entries for the next `limit` cases, or events of the account, that are behind `after` and whose newest event
    /// is in no entry. Gives what the last entry is about; none where there was nothing to append.
    ///
    /// # Errors
    /// [`StoreError::Stale`](crate::error::StoreError::Stale) where the chain was extended at the same time.
    async fn extend_chain(&self, account: AccountId, after: Logged, limit: i64) -> Result<Option<Logged>>;

    /// The head of the chain.
    async fn find_chain_head(&self, account: AccountId) -> Result<ChainHead>;
}
