//! The feed of an account: each event of the logs has one position, and the positions have no gaps.

use super::fault::FaultKind;
use crate::{error::StoreError, id::AccountId, store::VerifyStore};

/// Positions per page.
const PAGE: i64 = 1_000;
/// The most missing positions that are reported one by one.
const MISSING: usize = 20;

/// Compares the feed with the logs.
pub(super) async fn check<S: VerifyStore>(
    store: &S,
    account: AccountId,
    mut found: impl FnMut(FaultKind),
) -> Result<(), StoreError> {
    let mut last = 0;
    loop {
        let positions = store.list_kept_positions(account, last, PAGE).await?;
        if positions.is_empty() {
            break;
        }
        for kept in positions {
            (last + 1..kept.position).take(MISSING).for_each(|missing| found(FaultKind::FeedGap(missing)));
            last = kept.position;
            match &kept.logged {
                None => found(FaultKind::FeedWithoutEvent(kept.position)),
                Some(logged) if *logged != kept.kind => found(FaultKind::FeedType(kept.position)),
                Some(_) => {}
            }
            if kept.previous.is_some_and(|previous| previous > kept.position) {
                found(FaultKind::FeedOrder(kept.position));
            }
        }
    }
    match store.count_events_without_position(account).await? {
        0 => {}
        events => found(FaultKind::FeedIncomplete(events)),
    }
    Ok(())
}
