//! Access tokens.

use super::Result;
use crate::{access_token::AccessToken, account::ApiKey};

/// Access tokens, by their hash.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait TokenStore {
    /// Keeps a new token, and drops those of the same key that have expired.
    async fn create_access_token(&self, token: AccessToken) -> Result<()>;

    /// The token with that hash and the key that it stands for, whatever its account: this is where a request learns
    /// its account. Whether they still open anything is for the caller to see.
    async fn find_access_token(&self, hash: &[u8]) -> Result<Option<(AccessToken, ApiKey)>>;
}
