//! Accounts and their API keys.

use chrono::Datelike as _;

use crate::{
    actor::Actor,
    error::FieldError,
    id::{AccountId, KeyId, PersonId},
    scope::{Scope, Scopes},
    time::Timestamp,
};

/// A tenant. Requests of one account never see data of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Id of the account.
    pub id: AccountId,
    /// Unique name, as given on the command line.
    pub name: String,
    /// Creation time.
    pub created_at: Timestamp,
}

/// Checks the expiry time of a new key: it must be in the future and before the year 10000, the limit of RFC 3339.
///
/// # Errors
/// A [`FieldError`] for `expires_at`.
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

/// An API key. Only the hash of its secret is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Id of the key.
    pub id: KeyId,
    /// Account that the key gives access to.
    pub account: AccountId,
    /// Actor that the log names for requests with this key: the name of the key and its entry in the directory of
    /// people.
    pub actor: Actor,
    /// Public part of the key: `dk_` and 16 characters. It is the client id of OAuth2.
    pub client_id: String,
    /// SHA-256 of the secret part. A slow hash would add nothing: the secret has 256 random bits.
    pub secret_hash: Vec<u8>,
    /// Scopes of the key.
    pub scopes: Scopes,
    /// Creation time.
    pub created_at: Timestamp,
    /// Expiry time. `None`: the key does not expire.
    pub expires_at: Option<Timestamp>,
    /// Revocation time. `None`: the key is not revoked.
    pub revoked_at: Option<Timestamp>,
    /// When the key was last used, to within a minute.
    pub last_used_at: Option<Timestamp>,
    /// Person whose key created this key. `None`: created on the command line.
    pub created_by: Option<PersonId>,
    /// Person whose key revoked this key. `None`: revoked on the command line, or not revoked.
    pub revoked_by: Option<PersonId>,
}

/// Why a credential may not create a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MintingRefusal {
    /// The caller's credential is an access token.
    #[error("an access token cannot create keys; use an api key")]
    AccessToken,
    /// The new key would have a scope that the calling key lacks.
    #[error("the new key cannot have the scope {0}: the calling key does not have it")]
    Scope(Scope),
    /// The new key would expire after the calling key.
    #[error("expires_at must not be after {0}, when the calling key expires")]
    Expiry(Timestamp),
}

impl ApiKey {
    /// Whether the key is valid at this time: not revoked and not expired.
    #[must_use]
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }

    /// Checks that a new key is no stronger than this one, which creates it: no additional scope, no later expiry.
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
