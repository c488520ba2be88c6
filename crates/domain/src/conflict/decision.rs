//! Decisions about the hits of a check.

use serde::{Deserialize, Serialize};

use crate::{actor::Actor, time::Timestamp};

/// What was decided about a hit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HitDecision {
    /// The decision.
    pub decision: Decided,
    /// Why.
    pub reason: String,
    /// Who decided: another actor than the one who ran the check.
    pub decided_by: Actor,
    /// When.
    pub decided_at: Timestamp,
}

/// A decision about a hit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decided {
    /// It is no conflict.
    Cleared,
    /// It is one.
    Confirmed,
    /// It is one, and those concerned have consented.
    Waived,
}

impl Decided {
    /// Every decision.
    pub const ALL: [Self; 3] = [Self::Cleared, Self::Confirmed, Self::Waived];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cleared => "cleared",
            Self::Confirmed => "confirmed",
            Self::Waived => "waived",
        }
    }

    /// The decision with this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|decided| decided.as_str() == word)
    }
}
