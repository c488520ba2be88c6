//! Access tokens.

use super::Result;
use crate::{access_token::AccessToken, account::ApiKey};

/// Access tokens, by the hash of the token.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait TokenStore {
    /// Stores a new token, and deletes expired tokens of the same key.
    async fn create_access_token(&self, token: AccessToken) -> Result<()>;

    /// Finds a token by its hash, in any account, with its key. This is how a request gets its account. The caller
    /// checks whether token and key are still valid.
    async fn find_access_token(&self, hash: &[u8]) -> Result<Option<(AccessToken, ApiKey)>>;
}
