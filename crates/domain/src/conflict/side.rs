//! The side of a role.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// On which side a party stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// On that of the organisation.
    Client,
    /// Against a client.
    Adverse,
    /// On none.
    Neutral,
}

impl Side {
    /// Every side.
    pub const ALL: [Self; 3] = [Self::Client, Self::Adverse, Self::Neutral];

    /// The word on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Adverse => "adverse",
            Self::Neutral => "neutral",
        }
    }

    /// The side with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|side| side.as_str() == word)
    }

    /// Whether one of them is a client and the other one adverse.
    #[must_use]
    pub const fn is_against(self, other: Self) -> bool {
        matches!((self, other), (Self::Client, Self::Adverse) | (Self::Adverse, Self::Client))
    }
}

/// The sides of the roles of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sides(BTreeMap<String, Side>);

/// Greatest number of roles in a map.
const ROLES_MAX: usize = 500;

impl Default for Sides {
    /// Roles with a side in most firms.
    fn default() -> Self {
        let client = ["client", "customer", "insured", "principal", "mandant", "auftraggeber"];
        let adverse = [
            "opponent",
            "defendant",
            "adverse",
            "adverse_party",
            "opposing_party",
            "opposing_counsel",
            "counterparty",
            "respondent",
            "accused",
            "suspect",
            "debtor",
            "gegner",
            "beklagter",
        ];
        let of = |roles: &[&str], side: Side| roles.iter().map(|role| ((*role).to_owned(), side)).collect::<Vec<_>>();
        Self(of(&client, Side::Client).into_iter().chain(of(&adverse, Side::Adverse)).collect())
    }
}

impl Sides {
    /// The sides of these roles. A role that is not among them is neutral.
    ///
    /// # Errors
    /// If there are more than 500.
    pub fn new(sides: impl IntoIterator<Item = (String, Side)>) -> Result<Self, String> {
        let sides =
            sides.into_iter().map(|(role, side)| (role.trim().to_lowercase(), side)).collect::<BTreeMap<_, _>>();
        if sides.len() > ROLES_MAX {
            return Err(format!("must have at most {ROLES_MAX} roles"));
        }
        if sides.keys().any(|role| role.is_empty() || role.chars().count() > 100) {
            return Err("each role must have 1 to 100 characters".to_owned());
        }
        Ok(Self(sides))
    }

    /// The side of a role. Case is ignored, and a space is as good as an underscore.
    #[must_use]
    pub fn of(&self, role: &str) -> Side {
        let role = role.trim().to_lowercase();
        let found = self.0.get(&role).or_else(|| self.0.get(&role.replace([' ', '-'], "_")));
        found.copied().unwrap_or(Side::Neutral)
    }

    /// The roles with their sides, sorted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Side)> {
        self.0.iter().map(|(role, side)| (role.as_str(), *side))
    }
}
