//! API keys: `dk_` and sixteen characters, a dot, forty-three characters.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use docket_domain::{
    account::ApiKey,
    actor::Actor,
    error::{FieldError, StoreError},
    id::{AccountId, KeyId, PersonId},
    scope::Scopes,
    text,
    time::Timestamp,
};
use sha2::{Digest as _, Sha256};

/// A key that was just made: what the store keeps, and what only its holder gets to see.
#[derive(Debug)]
pub struct NewKey {
    /// What the store keeps.
    pub key: ApiKey,
    /// The key itself, shown once.
    pub token: String,
}

/// What is asked of a new key.
#[derive(Debug)]
pub struct KeyRequest {
    /// The account that it opens.
    pub account: AccountId,
    /// Its name, under which it acts.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Expiry time.
    pub expires_at: Option<Timestamp>,
    /// The person whose key creates it; none for the command line.
    pub created_by: Option<PersonId>,
}

impl NewKey {
    /// Makes a key out of fresh randomness.
    ///
    /// # Errors
    /// A defect where the system has no randomness to give.
    pub fn make(request: KeyRequest, now: Timestamp) -> Result<Self, StoreError> {
        let client_id = format!("dk_{}", random::<12>()?);
        let secret = random::<32>()?;
        let key = ApiKey {
            id: KeyId(0),
            account: request.account,
            actor: Actor { id: None, name: request.name },
            client_id: client_id.clone(),
            secret_hash: hash_secret(&secret),
            scopes: request.scopes,
            created_at: now,
            expires_at: request.expires_at,
            revoked_at: None,
            last_used_at: None,
            created_by: request.created_by,
            revoked_by: None,
        };
        Ok(Self { key, token: format!("{client_id}.{secret}") })
    }
}

/// Checks the name of a key.
///
/// # Errors
/// Where it is blank, too long or not one line.
pub fn check_key_name(name: &str) -> Result<(), FieldError> {
    text::check_line("name", name, text::SHORT_MAX)
}

/// Whether a text has the form of a key's public half: `dk_` and sixteen characters of base64url.
pub(super) fn is_client_id(text: &str) -> bool {
    let digits = text.strip_prefix("dk_").filter(|digits| digits.len() == 16);
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
}

/// What is kept of a secret.
#[must_use]
pub(super) fn hash_secret(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// That many bytes of randomness, as text.
pub(super) fn random<const BYTES: usize>() -> Result<String, StoreError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Defect(format!("no randomness: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
