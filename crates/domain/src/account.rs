//! Accounts and the keys that open them.

use chrono::Datelike as _;

use crate::{
    actor::Actor,
    error::FieldError,
    id::{AccountId, KeyId, PersonId},
    scope::{Scope, Scopes},
    time::Timestamp,
};

/// A tenant: nothing of one account can be seen from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Its unique name, as the command line gives it.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Checks the expiry of a new key: it lies in the future, and in the years that RFC 3339 can write.
///
/// # Errors
/// A fault of `expires_at`.
pub fn check_expiry(expires_at: Timestamp, now: Timestamp) -> Result<(), FieldError> {
    let message = if expires_at <= now {
        "must be in the future"
    } else if expires_at.year() > 9999 {
        "must be before the year 10000"
    } else {
        return Ok(());
    };
    Err(FieldError::new("expires_at", message))
}

/// An API key without its secret, of which only a hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// The account that it opens.
    pub account: AccountId,
    /// The actor under whose name it acts: the key's own name and the person that stands for it.
    pub actor: Actor,
    /// The public half, `dk_` and sixteen characters: what OAuth2 calls the client id.
    pub client_id: String,
    /// SHA-256 of the secret half. The secret has 256 bits of chance, so that a slow hash would protect nothing.
    pub secret_hash: Vec<u8>,
    /// What it may do.
    pub scopes: Scopes,
    /// When it was made.
    pub created_at: Timestamp,
    /// Expiry time.
    pub expires_at: Option<Timestamp>,
    /// Revocation time.
    pub revoked_at: Option<Timestamp>,
    /// When it was last seen, to within the cache's lifetime.
    pub last_used_at: Option<Timestamp>,
    /// The person whose key created it; none for the command line.
    pub created_by: Option<PersonId>,
    /// The person whose key revoked it; none for the command line.
    pub revoked_by: Option<PersonId>,
}

/// Why a credential may not create a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MintingRefusal {
    /// The caller shows an access token.
    #[error("an access token cannot create keys; use an api key")]
    AccessToken,
    /// The new key would have a scope that its creator lacks.
    #[error("the new key cannot have the scope {0}: the calling key does not have it")]
    Scope(Scope),
    /// The new key would outlive its creator.
    #[error("expires_at must not be after {0}, when the calling key expires")]
    Expiry(Timestamp),
}

impl ApiKey {
    /// Whether the key opens its account at this time.
    #[must_use]
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Whether this key may create a key that is no stronger than itself: no other scopes, no later expiry.
    ///
    /// # Errors
    /// The first rule that the new key breaks.
    pub fn check_minting(&self, scopes: Scopes, expires_at: Option<Timestamp>) -> Result<(), MintingRefusal> {
        if let Some(missing) = scopes.iter().find(|scope| !self.scopes.has(*scope)) {
            return Err(MintingRefusal::Scope(missing));
        }
        match self.expires_at {
            Some(end) if expires_at.is_none_or(|new_end| new_end > end) => Err(MintingRefusal::Expiry(end)),
            Some(_) | None => Ok(()),
        }
    }
}
