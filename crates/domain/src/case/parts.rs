//! Parts of cases: which case a part belongs to, and what a survivor keeps of its parts.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{id::CaseId, time::Timestamp};

const PREFIX: &str = "mrg_";

/// Id of a merge: `mrg_` and a UUIDv7 as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MergeId(pub Uuid);

impl MergeId {
    /// An id that no merge has.
    pub const UNKNOWN: Self = Self(Uuid::nil());

    /// Parses the public form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(PREFIX).filter(|digits| digits.len() == 32)?;
        Uuid::try_parse(digits).ok().map(Self)
    }
}

/// Writes the public form.
impl fmt::Display for MergeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", self.0.simple())
    }
}

/// The case that a part belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedInto {
    /// The merge.
    pub merge: MergeId,
    /// The survivor.
    pub case: CaseId,
    /// Public id of the survivor.
    pub uuid: Uuid,
    /// When it was merged.
    pub at: Timestamp,
}

/// A part of a survivor, or a part of one of its parts. Nothing of it that is kept here changes while it is a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The merge that made it a part of this survivor.
    pub merge: MergeId,
    /// The part.
    pub case: CaseId,
    /// Public id of the part.
    pub uuid: Uuid,
    /// What a search of the part matches, so that it finds the survivor.
    pub text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_as_it_is_written() {
        let id = MergeId(Uuid::from_u128(77));
        assert_eq!(id.to_string(), "mrg_0000000000000000000000000000004d");
        assert_eq!(MergeId::parse(&id.to_string()), Some(id));
        for text in ["", "mrg_", "mrg_4d", "4d", "chk_0000000000000000000000000000004d", "mrg_zz"] {
            assert_eq!(MergeId::parse(text), None, "{text:?}");
        }
    }
}
