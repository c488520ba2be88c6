//! Scopes: the permissions of an API key. No scope implies another.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// One permission of an API key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scope {
    /// Read cases and everything that belongs to them.
    #[serde(rename = "cases:read")]
    CasesRead,
    /// Create and change cases and what belongs to them.
    #[serde(rename = "cases:write")]
    CasesWrite,
    /// Delete and restore cases.
    #[serde(rename = "cases:delete")]
    CasesDelete,
    /// Manage keys, workflows and reference data.
    #[serde(rename = "admin")]
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::CasesRead, Self::CasesWrite, Self::CasesDelete, Self::Admin];

    /// Text forms of all scopes, in the order of [`Scope::ALL`].
    pub const WORDS: [&'static str; 4] =
        [Self::CasesRead.as_str(), Self::CasesWrite.as_str(), Self::CasesDelete.as_str(), Self::Admin.as_str()];

    /// Text form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CasesRead => "cases:read",
            Self::CasesWrite => "cases:write",
            Self::CasesDelete => "cases:delete",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Error: the text is not a scope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown scope, expected one of cases:read, cases:write, cases:delete, admin")]
pub struct UnknownScope;

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(word: &str) -> Result<Self, UnknownScope> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word).ok_or(UnknownScope)
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Scopes(u8);

impl Scopes {
    /// All scopes. The command line has these.
    #[must_use]
    pub fn all() -> Self {
        Scope::ALL.into_iter().collect()
    }

    /// Whether the scope is in the set.
    #[must_use]
    pub const fn has(self, scope: Scope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// The scopes of the set, in the order of [`Scope::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |set, scope| set | 1 << scope as u8))
    }
}
