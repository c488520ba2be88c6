//! What a case was created from.

use serde::{Deserialize, Serialize};

/// What a case was created from. It is fixed at creation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Created on its own, from nothing else.
    Standalone,
    /// An inquiry.
    Inquiry,
    /// An order.
    Order,
    /// Another case, which it follows up.
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

    /// The source with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}
