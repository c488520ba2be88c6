//! Who calls: keys, the credentials that carry them, and the scopes that handlers ask for.
//!
//! The gate before each endpoint finds the caller and leaves what it found with the request; the handler's own type
//! (`who: Authed<CasesRead>`) then insists on a scope. So 401 and 403 come before anything else that may be wrong.

mod authed;
mod cache;
mod credential;
mod key;
mod token;

pub use self::{
    authed::{Admin, Authed, CasesDelete, CasesRead, CasesWrite, Conditional, Requires},
    cache::{FoundToken, KeyCache},
    credential::{authenticate, find_key},
    key::{KeyRequest, NewKey, check_key_name},
    token::new_access_token,
};
use std::sync::Arc;

use docket_domain::{
    account::{ApiKey, MintingRefusal},
    scope::Scopes,
};

/// A caller whose credential was found good.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The key behind the credential.
    pub key: Arc<ApiKey>,
    /// What this credential may do: what the key may, or less.
    pub scopes: Scopes,
    /// Whether the caller shows an access token instead of the key.
    pub is_token: bool,
}

impl Identity {
    /// The key with which this credential creates keys. An access token creates none, so that nothing outlives it.
    ///
    /// # Errors
    /// [`MintingRefusal::AccessToken`].
    pub fn creator(&self) -> Result<&ApiKey, MintingRefusal> {
        if self.is_token { Err(MintingRefusal::AccessToken) } else { Ok(&self.key) }
    }
}
