//! Access tokens: `at_` and forty-three characters.

use docket_domain::error::StoreError;

use super::key::{hash_secret, random};

const PREFIX: &str = "at_";

/// A new token out of fresh randomness, and the hash of it that is kept.
///
/// # Errors
/// A defect where the system has no randomness to give.
pub fn new_access_token() -> Result<(String, Vec<u8>), StoreError> {
    let token = format!("{PREFIX}{}", random::<32>()?);
    let hash = hash_secret(&token);
    Ok((token, hash))
}

/// The hash by which a token is found; none where the text is no token.
pub(super) fn hash(text: &str) -> Option<Vec<u8>> {
    (text.starts_with(PREFIX) && text.len() == PREFIX.len() + 43).then(|| hash_secret(text))
}
