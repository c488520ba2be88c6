//! API keys.

use crate::{actor::Context, error::Error, id::KeyId, store::AccountStore};

/// Revokes a key of the account; false where the account has no such key. Revoking it again changes nothing.
///
/// # Errors
/// A [`StoreError`](crate::error::StoreError).
pub async fn revoke_key<S: AccountStore>(store: &S, context: &Context, key: KeyId) -> Result<bool, Error> {
    if context.effect.is_some() {
        return Ok(true);
    }
    Ok(store.revoke_key(context.account, key, Some(context.actor.clone()), context.now).await?)
}
