//! API keys: a client id (`dk_` and 16 characters), a dot, and a secret of 43 characters, in base64url.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use constant_time_eq::constant_time_eq;
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

#[derive(Debug)]
pub struct NewKey {
    /// The row to store. It has only the hash of the secret.
    pub key: ApiKey,
    /// The full key. It is shown once and never stored.
    pub token: String,
}

#[derive(Debug)]
pub struct KeyRequest {
    pub account: AccountId,
    /// Shown as the actor of changes.
    pub name: String,
    pub scopes: Scopes,
    /// `None` for a key that does not expire.
    pub expires_at: Option<Timestamp>,
    /// The person whose key creates it. `None` on the command line.
    pub created_by: Option<PersonId>,
}

impl NewKey {
    /// Generates a key.
    ///
    /// # Errors
    /// A defect if the operating system provides no random bytes.
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

/// # Errors
/// If the name is blank, too long, or has more than one line.
pub fn check_key_name(name: &str) -> Result<(), FieldError> {
    text::check_line("name", name, text::SHORT_MAX)
}

/// Whether a text has the form of a client id: `dk_` and 16 characters of base64url.
pub(super) fn is_client_id(text: &str) -> bool {
    let digits = text.strip_prefix("dk_").filter(|digits| digits.len() == 16);
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')))
}

/// Whether a text is the secret half of the key. The comparison takes the same time for every text.
#[must_use]
pub fn is_secret_of(key: &ApiKey, secret: &str) -> bool {
    constant_time_eq(&hash_secret(secret), &key.secret_hash)
}

/// SHA-256. A secret has 256 random bits, so a slow password hash is not needed.
#[must_use]
pub(super) fn hash_secret(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// `BYTES` random bytes in base64url.
pub(super) fn random<const BYTES: usize>() -> Result<String, StoreError> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Defect(format!("no random bytes: {error}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
