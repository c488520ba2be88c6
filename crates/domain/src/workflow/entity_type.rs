//! The kinds of entities that have a status.
//!
//! A new kind is a new variant. The compiler then requires its word, its fields and its built-in workflow.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A kind of entity that follows a workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityType {
    /// A case.
    Case,
    /// An inquiry, from which a case can be created.
    Inquiry,
    /// An order, from which a case can be created.
    Order,
}

/// The fields of a case. `case/details.rs` asserts at compile time that this list is complete.
const CASE_FIELDS: &[&str] = &[
    "name",
    "file_number",
    "type",
    "description",
    "dezernat",
    "priority",
    "tags",
    "opened_on",
    "due_on",
    "resolution",
    "owner",
    "notes",
    "is_request",
    "reference_value_1",
    "reference_value_2",
    "reference_value_3",
    "customer_id",
    "contractor_id",
    "client_id",
    "location_id",
    "region_id",
    "inquiry_id",
    "order_id",
    "offer_id",
    "invoice_id",
    "primary_contact_id",
    "primary_investigator_id",
    "primary_manager_id",
    "primary_salesperson_id",
    "primary_subject_id",
    "custom_fields",
];

impl EntityType {
    /// Every kind, in the order in which catalogs list them.
    pub const ALL: [Self; 3] = [Self::Case, Self::Inquiry, Self::Order];

    /// The word on the wire. Messages use it as the noun.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Inquiry => "inquiry",
            Self::Order => "order",
        }
    }

    /// The fields that guards can name. [`Facts`](super::Facts) of this kind know all of them.
    #[must_use]
    pub const fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Case => CASE_FIELDS,
            Self::Inquiry => &["user_id", "title", "description", "created_by"],
            Self::Order => &["customer_id", "title", "items", "total", "notes"],
        }
    }

    /// The field that holds the free fields. Guards name a free field by a dotted path (`custom_fields.court`).
    #[must_use]
    pub const fn free_fields(self) -> Option<&'static str> {
        match self {
            Self::Case => Some("custom_fields"),
            Self::Inquiry => None,
            Self::Order => Some("metadata"),
        }
    }

    /// Whether a guard can name this field: a known field, the free fields, or a path into them.
    #[must_use]
    pub fn knows_field(self, name: &str) -> bool {
        let in_bag = |bag: &str| match name.strip_prefix(bag) {
            Some("") => true,
            Some(rest) => rest.strip_prefix('.').is_some_and(|path| path.split('.').all(|part| !part.is_empty())),
            None => false,
        };
        self.fields().contains(&name) || self.free_fields().is_some_and(in_bag)
    }
}

impl fmt::Display for EntityType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The word is not an entity type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown entity type, expected one of case, inquiry, order")]
pub struct UnknownEntityType;

impl FromStr for EntityType {
    type Err = UnknownEntityType;

    fn from_str(word: &str) -> Result<Self, UnknownEntityType> {
        Self::ALL.into_iter().find(|entity_type| entity_type.as_str() == word).ok_or(UnknownEntityType)
    }
}
