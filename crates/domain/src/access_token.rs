//! Access tokens: short-lived stand-ins for an API key, as OAuth2's client credentials grant hands them out (RFC 6749,
//! section 4.4).
//!
//! A token is opaque. Only its hash is kept, it may do what its key may or less, and it never outlives its key.

use chrono::TimeDelta;

use crate::{
    account::ApiKey,
    id::{AccountId, KeyId},
    scope::{Scope, Scopes},
    time::Timestamp,
};

/// How many seconds a token lives where nobody says.
const DEFAULT_TTL: i64 = 600;
/// The most seconds that a token may live.
const LONGEST_TTL: i64 = 3600;

/// An access token without the token itself, of which only a hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// The account that it opens.
    pub account: AccountId,
    /// The key that it stands for.
    pub key: KeyId,
    /// SHA-256 of the token, which has 256 bits of chance.
    pub hash: Vec<u8>,
    /// What it may do.
    pub scopes: Scopes,
    /// When it was given.
    pub created_at: Timestamp,
    /// Expiry time.
    pub expires_at: Timestamp,
}

/// What is asked of a new token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TokenRequest<'a> {
    /// What it is to do, as words with blanks between; all that the key may do where nothing is said.
    pub scope: Option<&'a str>,
    /// How many seconds it is to live.
    pub ttl: Option<i64>,
}

/// Why a token is not given to a key that is good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenRefusal {
    /// It would live too long, or not at all.
    #[error("ttl must be from 1 to {LONGEST_TTL} seconds")]
    Ttl,
    /// A scope is asked for that does not exist, that the key does not have, or none is named.
    #[error("scope must name scopes of the key, with blanks between: cases:read, cases:write, cases:delete, admin")]
    Scope,
}

impl AccessToken {
    /// The token that a key is given now. It dies with its key: where that ends sooner, the token does as well.
    ///
    /// # Errors
    /// A [`TokenRefusal`].
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

    /// Whether the token opens its account at this time, given the key that it stands for.
    #[must_use]
    pub fn is_usable(&self, key: &ApiKey, now: Timestamp) -> bool {
        now < self.expires_at && self.key == key.id && self.account == key.account && key.is_usable(now)
    }

    /// How many whole seconds it lives.
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
    fn a_token_has_the_scopes_of_its_key_and_ten_minutes() {
        let token = grant(&key(), None, None).unwrap();
        assert_eq!(token.scopes, key().scopes);
        assert_eq!(token.seconds(), 600);
        assert!(token.is_usable(&key(), now() + TimeDelta::milliseconds(599_999)));
        assert!(!token.is_usable(&key(), now() + TimeDelta::seconds(600)));
    }

    #[test]
    fn a_token_may_do_less_than_its_key_but_never_more() {
        let token = grant(&key(), Some(" cases:read  cases:read "), Some(1)).unwrap();
        assert_eq!(token.scopes, [Scope::CasesRead].into_iter().collect());
        for scope in ["admin", "cases:read admin", "", "  ", "everything"] {
            assert_eq!(grant(&key(), Some(scope), None), Err(TokenRefusal::Scope), "{scope:?}");
        }
    }

    #[test]
    fn a_token_lives_from_a_second_to_an_hour() {
        for ttl in [1, 3600] {
            assert_eq!(grant(&key(), None, Some(ttl)).unwrap().seconds(), ttl);
        }
        for ttl in [i64::MIN, -1, 0, 3601, i64::MAX] {
            assert_eq!(grant(&key(), None, Some(ttl)), Err(TokenRefusal::Ttl), "{ttl}");
        }
    }

    #[test]
    fn a_token_dies_with_its_key() {
        let ends = ApiKey { expires_at: Some(now() + TimeDelta::seconds(30)), ..key() };
        assert_eq!(grant(&ends, None, None).unwrap().seconds(), 30);
        let token = grant(&key(), None, None).unwrap();
        let revoked = ApiKey { revoked_at: Some(now()), ..key() };
        assert!(!token.is_usable(&revoked, now()));
        assert!(!token.is_usable(&ApiKey { id: KeyId(8), ..key() }, now()), "another key");
    }
}
