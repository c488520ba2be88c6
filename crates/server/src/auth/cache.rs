//! The keys that were seen lately, so that a request does not cost a lookup.

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

/// How long a key may still open its account after it was revoked through another process.
const LIFETIME: Duration = Duration::from_secs(2);
/// How often at most it is noted that a key is in use.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

/// An access token and the key that it stands for.
#[derive(Debug)]
pub struct FoundToken {
    /// The token.
    pub token: AccessToken,
    /// The key.
    pub key: Arc<ApiKey>,
}

/// Keys by their public half, and access tokens by their hash. Only keys that exist are kept: a key that is made later must open at once.
#[derive(Clone)]
pub struct KeyCache {
    keys: Cache<String, Arc<ApiKey>>,
    tokens: Cache<Vec<u8>, Arc<FoundToken>>,
    touched: Cache<KeyId, ()>,
}

impl KeyCache {
    /// An empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self {
            keys: Cache::builder().max_capacity(10_000).time_to_live(LIFETIME).build(),
            tokens: Cache::builder().max_capacity(10_000).time_to_live(LIFETIME).build(),
            touched: Cache::builder().max_capacity(10_000).time_to_live(TOUCH_EVERY).build(),
        }
    }

    /// The key with that public half.
    ///
    /// # Errors
    /// A [`StoreError`].
    pub async fn find(&self, store: &Database, client_id: &str) -> Result<Option<Arc<ApiKey>>, StoreError> {
        // What no key is called is not asked of the database, which may not even take it: a NUL, for one.
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

    /// The access token with that hash, and its key.
    ///
    /// # Errors
    /// A [`StoreError`].
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

    /// Forgets every key and every token, because a key was revoked.
    pub fn clear(&self) {
        self.keys.invalidate_all();
        self.tokens.invalidate_all();
    }

    /// Whether it is time to note that the key is in use; true once in a while for each key.
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
