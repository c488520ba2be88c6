//! Recently used keys and access tokens. Most requests need no database lookup.

use std::{sync::Arc, time::Duration};

use docket_domain::{
    access_token::AccessToken,
    account::ApiKey,
    error::StoreError,
    id::KeyId,
    store::{AccountStore as _, TokenStore as _},
};
use docket_persistence::Database;
use moka::sync::Cache;

use super::key::is_client_id;

/// How long a key still works in this process after another process revoked it.
const LIFETIME: Duration = Duration::from_secs(2);
/// Minimum time between two updates of the last use of a key.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// An access token and the key that it was issued for.
#[derive(Debug)]
pub struct FoundToken {
    pub token: AccessToken,
    pub key: Arc<ApiKey>,
}

/// Keys by client id, access tokens by hash. Misses are not cached, because a new key must work at once.
#[derive(Clone)]
pub struct KeyCache {
    keys: Cache<String, Arc<ApiKey>>,
    tokens: Cache<Vec<u8>, Arc<FoundToken>>,
    touched: Cache<KeyId, ()>,
}

impl KeyCache {
    #[must_use]
    pub fn new() -> Self {
        Self {
            keys: Cache::builder().max_capacity(10_000).time_to_live(LIFETIME).build(),
            tokens: Cache::builder().max_capacity(10_000).time_to_live(LIFETIME).build(),
            touched: Cache::builder().max_capacity(10_000).time_to_live(TOUCH_EVERY).build(),
        }
    }

    /// Finds a key by client id, the public half of the key.
    pub async fn find(&self, store: &Database, client_id: &str) -> Result<Option<Arc<ApiKey>>, StoreError> {
        // PostgreSQL refuses some texts, for example one with NUL. Only well-formed ids reach the database.
        if !is_client_id(client_id) {
            return Ok(None);
        }
        if let Some(key) = self.keys.get(client_id) {
            return Ok(Some(key));
        }
        let found = store.find_key(client_id).await?.map(Arc::new);
        if let Some(key) = &found {
            self.keys.insert(client_id.to_owned(), Arc::clone(key));
        }
        Ok(found)
    }

    /// Finds an access token by hash, with its key.
    pub async fn find_token(&self, store: &Database, hash: &[u8]) -> Result<Option<Arc<FoundToken>>, StoreError> {
        if let Some(found) = self.tokens.get(hash) {
            return Ok(Some(found));
        }
        let found = store.find_access_token(hash).await?;
        let found = found.map(|(token, key)| Arc::new(FoundToken { token, key: Arc::new(key) }));
        if let Some(found) = &found {
            self.tokens.insert(hash.to_owned(), Arc::clone(found));
        }
        Ok(found)
    }

    /// For use after a key was revoked: its tokens must stop working too.
    pub fn clear(&self) {
        self.keys.invalidate_all();
        self.tokens.invalidate_all();
    }

    /// Whether to update the last use of the key now: true at most once per minute and key.
    #[must_use]
    pub fn is_due(&self, key: KeyId) -> bool {
        self.touched.entry(key).or_insert(()).is_fresh()
    }
}

impl Default for KeyCache {
    fn default() -> Self {
        Self::new()
    }
}
