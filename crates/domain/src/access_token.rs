//! Access tokens: short-lived credentials of an API key, issued by the OAuth2 client credentials grant (RFC 6749,
//! section 4.4).
//!
//! A token is opaque and only its hash is stored. It never has more scopes than its key and never expires after it.

use chrono::TimeDelta;

use crate::{
    account::ApiKey,
    id::{AccountId, KeyId},
    scope::{Scope, Scopes},
    time::Timestamp,
};

/// Default lifetime of a token, in seconds.
const DEFAULT_TTL: i64 = 600;
/// Maximum lifetime of a token, in seconds.
const LONGEST_TTL: i64 = 3600;

/// An access token. Only the hash of the token text is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// Account that the token gives access to.
    pub account: AccountId,
    /// API key that the token was issued for.
    pub key: KeyId,
    /// SHA-256 of the token text, which has 256 random bits.
    pub hash: Vec<u8>,
    /// Scopes of the token.
    pub scopes: Scopes,
    /// Issue time.
    pub created_at: Timestamp,
    /// Expiry time.
    pub expires_at: Timestamp,
}

/// Request for a new token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenRequest<'a> {
    /// Requested scopes, separated by blanks. Default: all scopes of the key.
    pub scope: Option<&'a str>,
    /// Requested lifetime in seconds, from 1 to 3600. Default: 600.
    pub ttl: Option<i64>,
}

/// Why a valid key gets no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// The requested lifetime is out of bounds.
    #[error("ttl must be from 1 to {LONGEST_TTL} seconds")]
    Ttl,
    /// A requested scope is unknown or missing from the key, or the list of scopes is empty.
    #[error("scope must name scopes of the key, with blanks between: cases:read, cases:write, cases:delete, admin")]
    Scope,
}

impl AccessToken {
    /// Issues a token for a key. If the key expires within the requested lifetime, the token expires with it.
    ///
    /// # Errors
    /// [`TokenRefusal::Ttl`] if the lifetime is out of bounds, [`TokenRefusal::Scope`] if a scope is unknown or not one
    /// of the key's.
    pub fn grant(key: &ApiKey, hash: Vec<u8>, request: TokenRequest<'_>, now: Timestamp) -> Result<Self, TokenRefusal> {
        let ttl = request.ttl.unwrap_or(DEFAULT_TTL);
        if !(1..=LONGEST_TTL).contains(&ttl) {
            return Err(TokenRefusal::Ttl);
        }
        let end = now + TimeDelta::seconds(ttl);
        Ok(Self {
            account: key.account,
            key: key.id,
            hash,
            scopes: request.scope.map_or(Ok(key.scopes), |scope| narrow(key.scopes, scope))?,
            created_at: now,
            expires_at: key.expires_at.map_or(end, |key_ends| end.min(key_ends)),
        })
    }

    /// Whether the token is valid at this time. `key` is the key that it was issued for; it must be valid too.
    #[must_use]
    pub fn is_usable(&self, key: &ApiKey, now: Timestamp) -> bool {
        now < self.expires_at && self.key == key.id && self.account == key.account && key.is_usable(now)
    }

    /// Lifetime in whole seconds.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        (self.expires_at - self.created_at).num_seconds()
    }
}

fn narrow(held: Scopes, asked: &str) -> Result<Scopes, TokenRefusal> {
    let asked = asked.split_ascii_whitespace().map(str::parse::<Scope>).collect::<Result<Vec<_>, _>>();
    let asked = asked.map_err(|_| TokenRefusal::Scope)?;
    if asked.is_empty() || asked.iter().any(|scope| !held.has(*scope)) {
        return Err(TokenRefusal::Scope);
    }
    Ok(asked.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Actor;

    fn now() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn key() -> ApiKey {
        ApiKey {
            id: KeyId(7),
            account: AccountId(1),
            actor: Actor { id: None, name: "robot".to_owned() },
            client_id: "dk_0123456789abcdef".to_owned(),
            secret_hash: Vec::new(),
            scopes: [Scope::CasesRead, Scope::CasesWrite].into_iter().collect(),
            created_at: now(),
            expires_at: None,
            revoked_at: None,
            last_used_at: None,
            created_by: None,
            revoked_by: None,
        }
    }

    fn grant(key: &ApiKey, scope: Option<&str>, ttl: Option<i64>) -> Result<AccessToken, TokenRefusal> {
        AccessToken::grant(key, vec![1], TokenRequest { scope, ttl }, now())
    }

    #[test]
    fn a_token_defaults_to_the_scopes_of_its_key_and_ten_minutes() {
        let token = grant(&key(), None, None).unwrap();
        assert_eq!(token.scopes, key().scopes);
        assert_eq!(token.seconds(), 600);
        assert!(token.is_usable(&key(), now() + TimeDelta::milliseconds(599_999)));
        assert!(!token.is_usable(&key(), now() + TimeDelta::seconds(600)));
    }

    #[test]
    fn a_token_can_have_fewer_scopes_than_its_key_but_not_more() {
        let token = grant(&key(), Some(" cases:read  cases:read "), Some(1)).unwrap();
        assert_eq!(token.scopes, [Scope::CasesRead].into_iter().collect());
        for scope in ["admin", "cases:read admin", "", "  ", "everything"] {
            assert_eq!(grant(&key(), Some(scope), None), Err(TokenRefusal::Scope), "{scope:?}");
        }
    }

    #[test]
    fn the_ttl_of_a_token_is_between_one_second_and_one_hour() {
        for ttl in [1, 3600] {
            assert_eq!(grant(&key(), None, Some(ttl)).unwrap().seconds(), ttl);
        }
        for ttl in [i64::MIN, -1, 0, 3601, i64::MAX] {
            assert_eq!(grant(&key(), None, Some(ttl)), Err(TokenRefusal::Ttl), "{ttl}");
        }
    }

    #[test]
    fn a_token_is_valid_only_while_its_key_is() {
        let ends = ApiKey { expires_at: Some(now() + TimeDelta::seconds(30)), ..key() };
        assert_eq!(grant(&ends, None, None).unwrap().seconds(), 30);
        let token = grant(&key(), None, None).unwrap();
        let revoked = ApiKey { revoked_at: Some(now()), ..key() };
        assert!(!token.is_usable(&revoked, now()));
        assert!(!token.is_usable(&ApiKey { id: KeyId(8), ..key() }, now()), "another key");
    }
}
