//! Reads for the verification of the logs, and the store of the hash chain.

use docket_domain::{
    account::Account,
    account_event::KeptAccountEvent,
    event::KeptEntry,
    id::{AccountId, CaseId, LinkId},
    log_chain::{ChainHead, KeptChainEntry, Logged},
    store::{ChainStore, KeptCase, KeptPosition, KeptSubject, Result, TallyDifference, VerifyStore},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl VerifyStore for Database {
    async fn list_accounts(&self, after: AccountId, limit: i64) -> Result<Vec<Account>> {
        scan!(self, verify::accounts(after, limit))
    }

    async fn list_kept_cases(&self, account: AccountId, after: CaseId, limit: i64) -> Result<Vec<KeptCase>> {
        scan!(self, verify::cases(account, after, limit))
    }

    async fn list_kept_entries(
        &self,
        account: AccountId,
        after: (CaseId, i64),
        up_to: CaseId,
        limit: i64,
    ) -> Result<Vec<KeptEntry>> {
        scan!(self, verify::entries(account, after, up_to, limit))
    }

    async fn list_kept_links(&self, account: AccountId, after: LinkId, limit: i64) -> Result<Vec<KeptSubject>> {
        scan!(self, verify::links(account, after, limit))
    }

    async fn list_kept_account_events(
        &self,
        account: AccountId,
        after: i64,
        limit: i64,
    ) -> Result<Vec<KeptAccountEvent>> {
        scan!(self, verify::account_events(account, after, limit))
    }

    async fn list_kept_people(&self, account: AccountId, after: i64, limit: i64) -> Result<Vec<KeptSubject>> {
        scan!(self, verify::people(account, after, limit))
    }

    async fn list_kept_keys(&self, account: AccountId, after: i64, limit: i64) -> Result<Vec<KeptSubject>> {
        scan!(self, verify::keys(account, after, limit))
    }

    async fn list_kept_chain(&self, account: AccountId, after: i64, limit: i64) -> Result<Vec<KeptChainEntry>> {
        scan!(self, chain::kept(account, after, limit))
    }

    async fn list_kept_positions(&self, account: AccountId, after: i64, limit: i64) -> Result<Vec<KeptPosition>> {
        scan!(self, verify::positions(account, after, limit))
    }

    async fn count_events_without_position(&self, account: AccountId) -> Result<i64> {
        scan!(self, verify::count_unplaced(account))
    }

    async fn list_tally_differences(&self, account: AccountId, limit: i64) -> Result<Vec<TallyDifference>> {
        scan!(self, verify::tally_differences(account, limit))
    }
}

impl ChainStore for Database {
    async fn extend_chain(&self, account: AccountId, after: Logged, limit: i64) -> Result<Option<Logged>> {
        write!(self, chain::extend(account, after, limit))
    }

    async fn find_chain_head(&self, account: AccountId) -> Result<ChainHead> {
        read!(self, chain::find_head(account))
    }
}
