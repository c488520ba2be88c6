//! Authentication: API keys, access tokens, and the scopes that handlers require.
//!
//! The gate (`http::gate`) authenticates a request and stores the [`Identity`] in the request extensions. The type of a
//! handler's first parameter (`who: Authed<CasesRead>`) then requires a scope. So 401 and 403 are decided before any
//! other error.

mod authed;
mod cache;
mod credential;
mod key;
mod minting;
mod token;

pub use self::{
    authed::{Admin, AnyScope, Authed, CasesDelete, CasesRead, CasesWrite, Conditional, Requires},
    cache::{FoundToken, KeyCache},
    credential::{authenticate, find_key},
    key::{KeyRequest, NewKey, check_key_name, is_secret_of},
    minting::create_key,
    token::new_access_token,
};
use std::sync::Arc;

use docket_domain::{
    account::{ApiKey, MintingRefusal},
    scope::Scopes,
};

/// A caller with a valid credential.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The API key: the credential itself, or the key that the access token was issued for.
    pub key: Arc<ApiKey>,
    /// Scopes of the credential. An access token may have fewer than its key.
    pub scopes: Scopes,
    pub is_token: bool,
}

impl Identity {
    /// Checks whether this credential may create a key with these scopes and this expiry. An access token may not
    /// create keys: they would outlive it.
    ///
    /// # Errors
    /// [`MintingRefusal::AccessToken`].
    pub fn creator(&self) -> Result<&ApiKey, MintingRefusal> {
        if self.is_token { Err(MintingRefusal::AccessToken) } else { Ok(&self.key) }
    }
}
