//! Access tokens: `at_` and 43 characters of base64url.

use docket_domain::error::StoreError;

use super::key::{hash_secret, random};

const PREFIX: &str = "at_";

/// A new token, and its hash for the database.
///
/// # Errors
/// A defect if the operating system provides no random bytes.
pub fn new_access_token() -> Result<(String, Vec<u8>), StoreError> {
    let token = format!("{PREFIX}{}", random::<32>()?);
    let hash = hash_secret(&token);
    Ok((token, hash))
}

/// The hash of a token. `None` if the text does not have the form of a token.
pub(super) fn hash(text: &str) -> Option<Vec<u8>> {
    (text.starts_with(PREFIX) && text.len() == PREFIX.len() + 43).then(|| hash_secret(text))
}
