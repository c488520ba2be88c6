//! Links between two cases, seen from both ends.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    error::FieldError,
    id::{AccountId, CaseId, LinkId},
    numbers::{Numbering, Numbers},
    time::Timestamp,
};

/// The most links that a case can have.
pub const LINKS_MAX: usize = 500;
/// The longest kind, in characters.
const KIND_MAX: usize = 100;
/// Kinds that say different things at their two ends; the first of each pair is the one that is kept.
const PAIRS: [(&str, &str); 3] =
    [("duplicate", "duplicated_by"), ("blocks", "blocked_by"), ("follow_up", "follow_up_of")];

/// What a link says, read from one of its ends: `case` *kind* `linked`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LinkKind(String);

impl LinkKind {
    /// The kind of links whose maker says nothing else.
    #[must_use]
    pub fn related() -> Self {
        Self("related".to_owned())
    }

    /// One of the known kinds by either of its names, or any other word, which is its own inverse.
    ///
    /// # Errors
    /// Where it is not one word.
    pub fn parse(word: &str) -> Result<Self, FieldError> {
        let sound = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        if word.is_empty() || word.chars().nth(KIND_MAX).is_some() || !word.chars().all(sound) {
            let message = format!("must be a word of at most {KIND_MAX} letters, digits, - and _");
            return Err(FieldError::new("type", message));
        }
        Ok(Self(word.to_owned()))
    }

    /// The word on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the link says from its other end.
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

/// A link, as it is seen from `case`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The account of both cases.
    pub account: AccountId,
    /// Its id, the same from both ends.
    pub id: LinkId,
    /// The case from which it is seen.
    pub case: CaseId,
    /// The public id of that case.
    pub case_uuid: Uuid,
    /// The case at the other end.
    pub linked: CaseId,
    /// The public id of that case.
    pub linked_uuid: Uuid,
    /// What it says.
    pub kind: LinkKind,
    /// When it was made.
    pub created_at: Timestamp,
}

impl Link {
    /// The same link from its other end.
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

    /// The link from the end under which it is kept: each link has one, whichever end it was made from, so that no store
    /// can hold it twice.
    #[must_use]
    pub fn as_kept(&self) -> Self {
        let symmetric = self.kind.inverse() == self.kind;
        let turn = if symmetric { self.linked < self.case } else { self.kind.is_second_of_pair() };
        if turn { self.clone().reversed() } else { self.clone() }
    }
}

/// What is asked of the links of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkCommand {
    /// Link it to another.
    Add {
        /// The other case, looked up beforehand; none where there is no such case.
        linked: Option<(CaseId, Uuid)>,
        /// What the link says.
        kind: LinkKind,
        /// The links that are there.
        present: Vec<Link>,
        /// How many the other case has.
        linked_has: usize,
    },
    /// Take a link away.
    Remove(Link),
}

/// A link came or went. It stands in the log of the case where that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkEvent {
    /// Whether it came.
    pub created: bool,
    /// Its id.
    pub id: LinkId,
    /// The public id of the case at the other end.
    pub linked: Uuid,
    /// What it says from this end.
    pub kind: LinkKind,
}

impl LinkEvent {
    /// The stable name of what happened.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        if self.created { "link.created" } else { "link.removed" }
    }

    /// One line for people.
    #[must_use]
    pub fn title(&self) -> String {
        let verb = if self.created { "created" } else { "removed" };
        format!("Link {verb}: {} {}", self.kind.as_str(), self.linked)
    }

    /// The particulars.
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

/// A link to write or to delete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkChange {
    /// Keep it.
    Added(Link),
    /// Forget it.
    Removed(LinkId),
}

impl Numbering for LinkChange {
    fn number(&mut self, numbers: &Numbers) {
        match self {
            Self::Added(link) => numbers.replace(&mut link.id),
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
    fn a_link_is_kept_alike_whichever_end_it_was_made_from() {
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
