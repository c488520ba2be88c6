//! Links between two cases. A link can be read from both ends.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    error::FieldError,
    id::{AccountId, CaseId, LinkId},
    numbers::{Numbering, Numbers},
    time::Timestamp,
};

/// Maximum number of links of a case.
pub const LINKS_MAX: usize = 500;
/// Maximum length of a kind, in characters.
const KIND_MAX: usize = 100;
/// Kind of the link from a case to the one that it was split from.
pub const SPLIT_FROM: &str = "split_from";
/// Kinds with a different name at each end. Links are stored under the first name of a pair.
const PAIRS: [(&str, &str); 4] = [
    ("duplicate", "duplicated_by"),
    ("blocks", "blocked_by"),
    ("follow_up", "follow_up_of"),
    (SPLIT_FROM, "split_into"),
];

/// Kind of a link, read from one end: `case` *kind* `linked`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkKind(String);

impl LinkKind {
    /// Default kind.
    #[must_use]
    pub fn related() -> Self {
        Self("related".to_owned())
    }

    /// A kind that the system gives.
    pub(crate) fn named(word: &'static str) -> Self {
        Self(word.to_owned())
    }

    /// Parses a kind: one of the known names or any other word. Any other word is its own inverse.
    ///
    /// # Errors
    /// A [`FieldError`] unless it is one word of at most 100 letters, digits, `-` and `_`.
    pub fn parse(word: &str) -> Result<Self, FieldError> {
        let sound = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        if word.is_empty() || word.chars().nth(KIND_MAX).is_some() || !word.chars().all(sound) {
            let message = format!("must be a word of at most {KIND_MAX} letters, digits, - and _");
            return Err(FieldError::new("type", message));
        }
        Ok(Self(word.to_owned()))
    }

    /// Text form.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The kind as read from the other end.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let other = PAIRS.iter().find_map(|(one, other)| match self.as_str() {
            word if word == *one => Some(*other),
            word if word == *other => Some(*one),
            _ => None,
        });
        other.map_or_else(|| self.clone(), |word| Self(word.to_owned()))
    }

    fn is_second_of_pair(&self) -> bool {
        PAIRS.iter().any(|(_, other)| self.as_str() == *other)
    }
}

/// A link, read from `case`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Account of both cases.
    pub account: AccountId,
    /// Id of the link, the same from both ends.
    pub id: LinkId,
    /// Case from which the link is read.
    pub case: CaseId,
    /// Public id of that case.
    pub case_uuid: Uuid,
    /// Case at the other end.
    pub linked: CaseId,
    /// Public id of that case.
    pub linked_uuid: Uuid,
    /// Kind of the link.
    pub kind: LinkKind,
    /// Creation time.
    pub created_at: Timestamp,
}

impl Link {
    /// The same link, read from the other end.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self {
            case: self.linked,
            case_uuid: self.linked_uuid,
            linked: self.case,
            linked_uuid: self.case_uuid,
            kind: self.kind.inverse(),
            ..self
        }
    }

    /// The link from the end under which it is stored. Both ends give the same result, so a store cannot hold a link
    /// twice.
    #[must_use]
    pub fn as_kept(&self) -> Self {
        let symmetric = self.kind.inverse() == self.kind;
        let turn = if symmetric { self.linked < self.case } else { self.kind.is_second_of_pair() };
        if turn { self.clone().reversed() } else { self.clone() }
    }
}

/// A command on the links of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkCommand {
    /// Adds a link to another case.
    Add {
        /// The other case. `None` if it does not exist.
        linked: Option<(CaseId, Uuid)>,
        /// Kind of the link.
        kind: LinkKind,
        /// Current links of the case.
        present: Vec<Link>,
        /// Number of links of the other case.
        linked_has: usize,
    },
    /// Removes a link.
    Remove(Link),
}

/// Event: a link was created or removed. It is in the log of the case that the command was for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkEvent {
    /// `true` if the link was created, `false` if it was removed.
    pub created: bool,
    /// Id of the link.
    pub id: LinkId,
    /// Public id of the case at the other end.
    pub linked: Uuid,
    /// Kind, read from this end.
    pub kind: LinkKind,
}

impl LinkEvent {
    /// Stable name of the event.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        if self.created { "link.created" } else { "link.removed" }
    }

    /// One-line title for display.
    #[must_use]
    pub fn title(&self) -> String {
        let verb = if self.created { "created" } else { "removed" };
        format!("Link {verb}: {} {}", self.kind.as_str(), self.linked)
    }

    /// Event details as a JSON object.
    #[must_use]
    pub fn metadata(&self) -> Value {
        json!({ "link_id": self.id.to_string(), "linked_case_id": self.linked, "type": self.kind })
    }
}

impl Numbering for LinkEvent {
    fn number(&mut self, numbers: &Numbers) {
        numbers.replace(&mut self.id);
    }
}

/// A link row to insert or delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkChange {
    /// Insert the link.
    Added(Link),
    /// Delete the link.
    Removed(LinkId),
}

impl Numbering for LinkChange {
    fn number(&mut self, numbers: &Numbers) {
        match self {
            Self::Added(link) => {
                numbers.replace(&mut link.id);
                // A new case has no id before.
                if let Some(case) = numbers.case.filter(|_| link.case == CaseId(0)) {
                    link.case = case;
                }
            }
            Self::Removed(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(case: i64, linked: i64, kind: &str) -> Link {
        Link {
            account: AccountId(1),
            id: LinkId(1),
            case: CaseId(case),
            case_uuid: Uuid::from_u128(1),
            linked: CaseId(linked),
            linked_uuid: Uuid::from_u128(2),
            kind: LinkKind(kind.to_owned()),
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn every_kind_is_the_inverse_of_its_inverse() {
        for word in
            ["related", "duplicate", "duplicated_by", "blocks", "blocked_by", "follow_up", "follow_up_of", "see-also"]
        {
            let kind = LinkKind(word.to_owned());
            assert_eq!(kind.inverse().inverse(), kind);
        }
        assert_eq!(LinkKind("blocks".to_owned()).inverse().as_str(), "blocked_by");
        assert_eq!(LinkKind("sibling".to_owned()).inverse().as_str(), "sibling");
    }

    #[test]
    fn a_link_is_stored_the_same_from_both_ends() {
        for kind in ["related", "duplicated_by", "blocks", "sibling"] {
            let made = link(7, 3, kind);
            assert_eq!(made.as_kept(), made.clone().reversed().as_kept(), "{kind}");
        }
        assert_eq!(link(7, 3, "blocked_by").as_kept().kind.as_str(), "blocks");
    }

    #[test]
    fn a_kind_is_one_word() {
        for word in ["", "two words", "a\nb", "<b>"] {
            assert!(LinkKind::parse(word).is_err(), "{word:?}");
        }
    }
}
