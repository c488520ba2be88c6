//! The stored clocks of active cases: they are what the logs give.

use std::collections::BTreeSet;

use crate::{
    case::CasePhase,
    error::{Error, StoreError},
    filter::CaseFilter,
    id::{AccountId, CaseId},
    page::CaseKeyset,
    service::{clocks::Rules, rebuild},
    store::Store,
    time::Timestamp,
};

/// Compares the stored clocks with the logs, `looks` times if they differ. While the clocks of the account are computed
/// anew, nothing is compared.
pub(super) async fn check<S: Store>(
    store: &S,
    account: AccountId,
    now: Timestamp,
    looks: usize,
    found: impl FnMut(CaseId),
) -> Result<(), StoreError> {
    let mut differing = list_differing(store, account, now).await.map_err(in_store)?;
    for _ in 1..looks {
        if differing.is_empty() {
            return Ok(());
        }
        let again = list_differing(store, account, now).await.map_err(in_store)?;
        differing.retain(|case| again.contains(case));
    }
    differing.into_iter().for_each(found);
    Ok(())
}

async fn list_differing<S: Store>(store: &S, account: AccountId, now: Timestamp) -> Result<BTreeSet<CaseId>, Error> {
    let mut differing = BTreeSet::new();
    let Some(rules) = Rules::load(store, account).await? else { return Ok(differing) };
    let filter = CaseFilter { phase: Some(CasePhase::Active), merged: true, ..CaseFilter::default() };
    let mut next = Some(CaseKeyset::NEWEST_FIRST);
    while let Some(keyset) = next {
        let page = rebuild::list_differing(store, (account, Some(&rules)), (&filter, keyset), now).await?;
        differing.extend(page.clocks.iter().map(|clocks| clocks.case));
        next = page.next;
    }
    if rebuild::find_clock_rebuild(store, account).await?.is_some() {
        return Ok(BTreeSet::new());
    }
    Ok(differing)
}

/// Only the store can fail here.
fn in_store(error: Error) -> StoreError {
    if let Error::Store(error) = error { error } else { StoreError::Defect(error.to_string()) }
}
