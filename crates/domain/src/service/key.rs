//! API keys and access tokens.

use crate::{
    access_token::AccessToken,
    account::{ApiKey, check_expiry},
    actor::Context,
    error::{Error, StoreError},
    id::{AccountId, KeyId},
    store::{AccountStore, TokenStore},
    time::Timestamp,
};

/// Creates a key on behalf of another key. `None` if the creator cannot be used any more: the caller may have read it a
/// moment ago, and a revoked key must not leave a new one behind.
///
/// # Errors
/// A fault of `expires_at`, [`Error::MintingRefused`], or a [`StoreError`].
pub async fn create_key<S: AccountStore>(
    store: &S,
    creator: &ApiKey,
    key: ApiKey,
    now: Timestamp,
) -> Result<Option<ApiKey>, Error> {
    key.expires_at.map_or(Ok(()), |end| check_expiry(end, now))?;
    creator.check_minting(key.scopes, key.expires_at)?;
    let present = store.find_key(&creator.client_id).await?;
    if !present.is_some_and(|key| key.is_usable(now)) {
        return Ok(None);
    }
    Ok(Some(store.create_key(key, Some(creator.actor.clone())).await?))
}

/// Creates a key on behalf of the operator, who is no actor of the account.
///
/// # Errors
/// A fault of `expires_at`, or a [`StoreError`].
pub async fn create_operator_key<S: AccountStore>(store: &S, key: ApiKey, now: Timestamp) -> Result<ApiKey, Error> {
    key.expires_at.map_or(Ok(()), |end| check_expiry(end, now))?;
    Ok(store.create_key(key, None).await?)
}

/// Revokes a key on behalf of the operator. `false` if the account has no such key.
///
/// # Errors
/// A [`StoreError`].
pub async fn revoke_key_by_operator<S: AccountStore>(
    store: &S,
    account: AccountId,
    key: KeyId,
    now: Timestamp,
) -> Result<bool, Error> {
    Ok(store.revoke_key(account, key, None, now).await?)
}

/// Revokes a key of the account. `false` if the account has no such key. Revoking it again changes nothing.
///
/// # Errors
/// A [`StoreError`].
pub async fn revoke_key<S: AccountStore>(store: &S, context: &Context, key: KeyId) -> Result<bool, Error> {
    if context.effect.is_some() {
        return Ok(true);
    }
    Ok(store.revoke_key(context.account, key, Some(context.actor.clone()), context.now).await?)
}

/// Keeps an access token that was [granted](AccessToken::grant) to a key.
///
/// # Errors
/// A [`StoreError`].
pub async fn create_access_token<S: TokenStore>(store: &S, token: AccessToken) -> Result<(), StoreError> {
    store.create_access_token(token).await
}
