//! The chain over the logs of an account.

use super::fault::FaultKind;
use crate::{
    error::StoreError,
    event::LogHash,
    id::AccountId,
    log_chain::{ChainHead, KeptChainEntry},
    store::VerifyStore,
};

/// Entries per page.
const PAGE: i64 = 1_000;

/// Checks the chain: in itself, against the present logs, and against a checkpoint if there is one.
pub(super) async fn check<S: VerifyStore>(
    store: &S,
    account: AccountId,
    checkpoint: Option<ChainHead>,
    mut found: impl FnMut(FaultKind),
) -> Result<(), StoreError> {
    let mut head = ChainHead::default();
    loop {
        let entries = store.list_kept_chain(account, head.size, PAGE).await?;
        if entries.is_empty() {
            break;
        }
        for KeptChainEntry { position, about, head: logged, hash, present } in entries {
            let next = head.then(account, about, LogHash::from_bytes(&logged).unwrap_or_default());
            if position != next.size || hash != next.hash.as_bytes() {
                found(FaultKind::Chain(next.size));
            }
            // The next entry covers the stored hash, even if this entry is wrong.
            head = ChainHead { size: position, hash: LogHash::from_bytes(&hash).unwrap_or_default() };
            match present {
                None => found(FaultKind::LoggedMissing(about)),
                Some(present) if present != logged => found(FaultKind::LoggedChanged(about)),
                Some(_) => {}
            }
            if checkpoint.is_some_and(|checkpoint| checkpoint.size == head.size && checkpoint.hash != head.hash) {
                found(FaultKind::ChainRewritten(head.size));
            }
        }
    }
    if let Some(checkpoint) = checkpoint.filter(|checkpoint| checkpoint.size > head.size) {
        found(FaultKind::ChainTooShort { size: head.size, expected: checkpoint.size });
    }
    Ok(())
}
