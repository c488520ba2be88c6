//! Reading a store as it is kept, for the check of its logs.

use super::Result;
use crate::{
    account::Account,
    case::Case,
    event::KeptEntry,
    id::{AccountId, CaseId},
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
}

/// A count that is not what counting gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TallyDifference {
    /// Which count: day, status, priority and source.
    pub bucket: String,
    /// What is kept, less what counting gives.
    pub by: Tally,
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

    /// The counts that differ from a plain count of the account's cases, read at one moment.
    async fn list_tally_differences(&self, account: AccountId, limit: i64) -> Result<Vec<TallyDifference>>;
}
