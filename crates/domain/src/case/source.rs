//! How a case came about.

use serde::{Deserialize, Serialize};

/// What a case was created from. It is fixed at creation; a further source is one more value here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// On its own.
    Standalone,
    /// From an inquiry.
    Inquiry,
    /// From an order.
    Order,
    /// As the follow-up of another case.
    FollowUp,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 4] = [Self::Standalone, Self::Inquiry, Self::Order, Self::FollowUp];

    /// The word on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standalone => "standalone",
            Self::Inquiry => "inquiry",
            Self::Order => "order",
            Self::FollowUp => "follow_up",
        }
    }

    /// The source of that word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}
