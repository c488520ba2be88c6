//! Checkpoints: extending the hash chains over all logs, and reading their heads.

use crate::{
    account::Account,
    error::StoreError,
    id::{AccountId, CaseId},
    log_chain::{ChainHead, Logged},
    store::Store,
};

/// Entries per transaction.
const ENTRIES: i64 = 1_000;
/// Accounts per page.
const ACCOUNTS: i64 = 64;

/// Appends the events since the last checkpoint to the chain of each account. Returns the heads of all chains.
///
/// # Errors
/// A [`StoreError`]. [`StoreError::Stale`] means that another checkpoint runs at the same time.
pub async fn checkpoint<S: Store>(store: &S) -> Result<Vec<(Account, ChainHead)>, StoreError> {
    let (mut heads, mut after) = (Vec::new(), AccountId(0));
    loop {
        let accounts = store.list_accounts(after, ACCOUNTS).await?;
        let Some(last) = accounts.last() else { return Ok(heads) };
        after = last.id;
        for account in accounts {
            for start in [Logged::Case(CaseId(i64::MIN), 0), Logged::AccountEvent(i64::MIN)] {
                let mut after = start;
                while let Some(last) = store.extend_chain(account.id, after, ENTRIES).await? {
                    after = last;
                }
            }
            let head = store.find_chain_head(account.id).await?;
            heads.push((account, head));
        }
    }
}
