//! Typed integer ids, and their opaque public form.
//!
//! The public form is a prefix and the integer as 13 digits of Crockford's base 32, so all public ids of a kind have
//! the same length. Parsing follows Crockford: case does not matter, `I` and `L` are 1, `O` is 0. Parsing also accepts
//! the plain decimal integer.

use std::fmt;

use serde::{Deserialize, Serialize};

const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Digits that 63 bits need in base 32.
const WIDTH: u32 = 13;

pub(crate) fn crockford(value: i64) -> String {
    (0..WIDTH)
        .rev()
        .map(|place| {
            let digit = (value >> (5 * place)) & 31;
            usize::try_from(digit).ok().and_then(|at| DIGITS.get(at)).map_or('0', |digit| char::from(*digit))
        })
        .collect()
}

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

/// Parses a decimal id: digits only, no sign and no blanks.
pub(crate) fn from_decimal(text: &str) -> Option<i64> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// An integer id. Code that assigns ids works with any of them.
pub trait EntityId: Copy + Eq {
    /// Kind of the identified thing.
    const ENTITY: Entity;

    /// The id with this integer.
    fn from_integer(value: i64) -> Self;

    /// The integer of the id.
    fn integer(self) -> i64;
}

/// Kinds of things that ids and messages refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entity {
    /// A case.
    Case,
    /// A person in the directory.
    Person,
    /// A staff assignment. It has no id: its person identifies it. Used for "not found" only.
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
    /// An entry in the timetable of a case update.
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
    /// A webhook.
    Webhook,
    /// A delivery of a webhook.
    Delivery,
    /// A check for conflicts of interest.
    ConflictCheck,
    /// A merge of cases. Its id is a UUID; used for "not found" only.
    Merge,
    /// A calendar of working hours. Its key identifies it; used for "not found" only.
    Calendar,
    /// A service level. Its key identifies it; used for "not found" only.
    ServiceLevel,
}

impl Entity {
    /// Every kind.
    pub const ALL: [Self; 24] = [
        Self::Case,
        Self::Person,
        Self::Staff,
        Self::Link,
        Self::Subject,
        Self::Note,
        Self::Document,
        Self::Deadline,
        Self::Update,
        Self::UpdateDetail,
        Self::Client,
        Self::Region,
        Self::AccessGroup,
        Self::CaseTask,
        Self::Inquiry,
        Self::Order,
        Self::Key,
        Self::Workflow,
        Self::Webhook,
        Self::Delivery,
        Self::ConflictCheck,
        Self::Merge,
        Self::Calendar,
        Self::ServiceLevel,
    ];

    /// The noun for messages.
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
            Self::ConflictCheck => "conflict check",
            Self::Merge => "merge",
            Self::Calendar => "calendar",
            Self::ServiceLevel => "service level",
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
            Self::Webhook => "webhook",
            Self::Delivery => "delivery",
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
            /// Parses the public form or the plain decimal integer.
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

        /// Writes the opaque public form.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", $prefix, crockford(self.0))
            }
        }
    )*};
}

entity_ids! {
    /// Id of a person in the directory.
    PersonId = Person "usr_";
    /// Id of a link between two cases.
    LinkId = Link "lnk_";
    /// Id of a subject of a case.
    SubjectId = Subject "sub_";
    /// Id of a note on a case.
    NoteId = Note "note_";
    /// Id of a document of a case.
    DocumentId = Document "doc_";
    /// Id of a deadline of a case.
    DeadlineId = Deadline "dl_";
    /// A check for conflicts of interest.
    CheckId = ConflictCheck "chk_";
    /// Id of a case update.
    UpdateId = Update "upd_";
    /// Id of an entry in the timetable of a case update.
    UpdateDetailId = UpdateDetail "det_";
    /// Id of a client, or of a location of a client.
    ClientId = Client "cli_";
    /// Id of a case region.
    RegionId = Region "reg_";
    /// Id of an access group.
    AccessGroupId = AccessGroup "grp_";
    /// Id of an event or task that case updates refer to.
    CaseTaskId = CaseTask "tsk_";
    /// Id of an inquiry.
    InquiryId = Inquiry "inq_";
    /// Id of an order.
    OrderId = Order "ord_";
    /// Id of an API key.
    KeyId = Key "key_";
    /// Id of a webhook.
    WebhookId = Webhook "whk_";
    /// Id of a delivery of a webhook.
    DeliveryId = Delivery "dlv_";
}

/// Id of a case, unique across all accounts.
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
    /// Id of an account. Every stored row belongs to exactly one account.
    AccountId;
    /// Id of a customer in another system; not checked.
    CustomerId;
    /// Id of a contractor in another system; not checked.
    ContractorId;
    /// Id of an offer in another system; not checked.
    OfferId;
    /// Id of an invoice in another system; not checked.
    InvoiceId;
}

/// A reference to a case by one of its two ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseRef {
    /// The integer id.
    Number(CaseId),
    /// The UUID.
    Uuid(uuid::Uuid),
}

impl CaseRef {
    /// Parses a path segment or a body field. `None` if it is neither a decimal integer nor a hyphenated UUID.
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

/// Public id of a log entry: the case and the version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventId {
    /// Case of the log.
    pub case: CaseId,
    /// Version of the case after the event.
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
    fn public_ids_have_one_length_and_parse_back() {
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
    fn malformed_ids_do_not_parse() {
        for text in
            ["", "usr_", "usr_1", "lnk_0000000000001", "-1", "+1", " 1", "99999999999999999999", "usr_ZZZZZZZZZZZZZ"]
        {
            assert_eq!(PersonId::parse(text), None, "{text:?}");
        }
        assert_eq!(CaseRef::parse("0190-not-a-uuid"), None);
    }
}
