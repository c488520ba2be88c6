//! Identifiers: integers inside, typed everywhere, and an opaque prefixed form for the public.
//!
//! The public form is a prefix and the integer as thirteen digits of Crockford's base 32, so that every id of a kind has
//! the same length. Reading is lenient as Crockford asks: case does not matter, `I` and `L` are 1, `O` is 0; the bare
//! decimal integer is accepted as well.

use std::fmt;

use serde::{Deserialize, Serialize};

const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// 63 bits in base 32.
const WIDTH: u32 = 13;

/// The integer as thirteen Crockford base 32 digits.
pub(crate) fn crockford(value: i64) -> String {
    (0..WIDTH)
        .rev()
        .map(|place| {
            let digit = (value >> (5 * place)) & 31;
            usize::try_from(digit).ok().and_then(|at| DIGITS.get(at)).map_or('0', |digit| char::from(*digit))
        })
        .collect()
}

/// The positive integer that thirteen Crockford digits stand for.
pub(crate) fn from_crockford(text: &str) -> Option<i64> {
    if text.len() != usize::try_from(WIDTH).ok()? {
        return None;
    }
    let value = text.chars().try_fold(0_u128, |value, c| {
        let digit = match c.to_ascii_uppercase() {
            'I' | 'L' => '1',
            'O' => '0',
            other => other,
        };
        let at = DIGITS.iter().position(|known| char::from(*known) == digit)?;
        Some(value * 32 + u128::try_from(at).ok()?)
    })?;
    i64::try_from(value).ok()
}

/// A decimal id as clients write it: digits alone, no sign, no leading blank.
pub(crate) fn from_decimal(text: &str) -> Option<i64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// What every integer id can do; lets code that numbers new things speak of any of them.
pub trait EntityId: Copy + Eq {
    /// The kind of thing the id names.
    const ENTITY: Entity;

    /// The id with this integer.
    fn from_integer(value: i64) -> Self;

    /// The integer of the id.
    fn integer(self) -> i64;
}

/// The kinds of things that have integer ids of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entity {
    /// A case.
    Case,
    /// Somebody in the directory of people.
    Person,
    /// A staff assignment: only ever absent, never numbered (it is named by its person).
    Staff,
    /// A link between two cases.
    Link,
    /// A subject of a case.
    Subject,
    /// A note on a case.
    Note,
    /// A document of a case.
    Document,
    /// A deadline of a case.
    Deadline,
    /// A case update.
    Update,
    /// An entry of a case update's own timetable.
    UpdateDetail,
    /// A client, or a location of one.
    Client,
    /// A case region.
    Region,
    /// An access group.
    AccessGroup,
    /// An event or task that updates refer to.
    CaseTask,
    /// An inquiry.
    Inquiry,
    /// An order.
    Order,
    /// An API key.
    Key,
    /// A workflow version.
    Workflow,
}

impl Entity {
    /// The word by which messages speak of the thing.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Person => "person",
            Self::Staff => "staff member",
            Self::Link => "link",
            Self::Subject => "subject",
            Self::Note => "note",
            Self::Document => "document",
            Self::Deadline => "deadline",
            Self::Update => "case update",
            Self::UpdateDetail => "update detail",
            Self::Client => "client",
            Self::Region => "region",
            Self::AccessGroup => "access group",
            Self::CaseTask => "case event",
            Self::Inquiry => "inquiry",
            Self::Order => "order",
            Self::Key => "key",
            Self::Workflow => "workflow",
        }
    }
}

macro_rules! entity_ids {
    ($($(#[$doc:meta])* $name:ident = $entity:ident $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl $name {
            /// Reads the public form or the bare decimal integer.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                text.strip_prefix($prefix).and_then(from_crockford).or_else(|| from_decimal(text)).map(Self)
            }
        }

        impl EntityId for $name {
            const ENTITY: Entity = Entity::$entity;

            fn from_integer(value: i64) -> Self {
                Self(value)
            }

            fn integer(self) -> i64 {
                self.0
            }
        }

        /// The opaque public form.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $prefix, crockford(self.0))
            }
        }
    )*};
}

entity_ids! {
    /// A person of the directory.
    PersonId = Person "usr_";
    /// A link between two cases.
    LinkId = Link "lnk_";
    /// A subject of a case.
    SubjectId = Subject "sub_";
    /// A note on a case.
    NoteId = Note "note_";
    /// A document of a case.
    DocumentId = Document "doc_";
    /// A deadline of a case.
    DeadlineId = Deadline "dl_";
    /// A case update.
    UpdateId = Update "upd_";
    /// An entry of a case update's own timetable.
    UpdateDetailId = UpdateDetail "det_";
    /// A client, or a location of one.
    ClientId = Client "cli_";
    /// A case region.
    RegionId = Region "reg_";
    /// An access group.
    AccessGroupId = AccessGroup "grp_";
    /// An event or task that updates refer to.
    CaseTaskId = CaseTask "tsk_";
    /// An inquiry.
    InquiryId = Inquiry "inq_";
    /// An order.
    OrderId = Order "ord_";
    /// An API key.
    KeyId = Key "key_";
}

/// The integer id of a case. It runs through all accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub i64);

impl EntityId for CaseId {
    const ENTITY: Entity = Entity::Case;

    fn from_integer(value: i64) -> Self {
        Self(value)
    }

    fn integer(self) -> i64 {
        self.0
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

macro_rules! external_ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
    )*};
}

external_ids! {
    /// An account: everything a store holds belongs to exactly one.
    AccountId;
    /// A customer, known to another system; only the integer is kept.
    CustomerId;
    /// A contractor, known to another system; only the integer is kept.
    ContractorId;
    /// An offer, known to another system; only the integer is kept.
    OfferId;
    /// An invoice, known to another system; only the integer is kept.
    InvoiceId;
}

/// How a caller names a case: either of its two ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseRef {
    /// By the integer id.
    Number(CaseId),
    /// By the UUID.
    Uuid(uuid::Uuid),
}

impl CaseRef {
    /// Reads a path segment or a body field. A malformed one names no case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(number) = from_decimal(text) {
            return Some(Self::Number(CaseId(number)));
        }
        (text.len() == 36).then(|| uuid::Uuid::try_parse(text).ok()).flatten().map(Self::Uuid)
    }
}

impl From<CaseId> for CaseRef {
    fn from(id: CaseId) -> Self {
        Self::Number(id)
    }
}

/// The public name of a log entry: its case and its place in that case's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventId {
    /// The case whose log it is.
    pub case: CaseId,
    /// The version that the event made.
    pub version: i64,
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "evt_{}{}", crockford(self.case.0), crockford(self.version))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_public_id_has_one_length_and_reads_back() {
        for value in [0, 1, 31, 32, 123_456_789, i64::MAX] {
            let text = PersonId(value).to_string();
            assert_eq!(text.len(), "usr_".len() + 13, "{text}");
            assert_eq!(PersonId::parse(&text), Some(PersonId(value)));
            assert_eq!(PersonId::parse(&value.to_string()), Some(PersonId(value)));
        }
    }

    #[test]
    fn crockford_reads_look_alikes_as_digits() {
        assert_eq!(NoteId::parse("note_000000000o0iL"), Some(NoteId(33)));
    }

    #[test]
    fn malformed_ids_name_nothing() {
        for text in
            ["", "usr_", "usr_1", "lnk_0000000000001", "-1", "+1", " 1", "99999999999999999999", "usr_ZZZZZZZZZZZZZ"]
        {
            assert_eq!(PersonId::parse(text), None, "{text:?}");
        }
        assert_eq!(CaseRef::parse("0190-not-a-uuid"), None);
    }
}
