//! The primary people of a case: at most one contact, investigator, case manager and salesperson.
//!
//! Each of them is on the list of parties or staff in a fixed role, and a field of the case names the person. Removing
//! the person from the role clears the field.

use crate::{
    case::{Details, Edit},
    id::PersonId,
    party::ParticipantKind,
};

/// A kind of primary person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrimaryRole {
    /// The contact at the client.
    Contact,
    /// The investigator.
    Investigator,
    /// The case manager.
    Manager,
    /// The salesperson.
    Salesperson,
}

impl PrimaryRole {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Contact, Self::Investigator, Self::Manager, Self::Salesperson];

    /// List that the person is on.
    #[must_use]
    pub const fn side(self) -> ParticipantKind {
        match self {
            Self::Contact => ParticipantKind::Party,
            Self::Investigator | Self::Manager | Self::Salesperson => ParticipantKind::Staff,
        }
    }

    /// Role on that list.
    #[must_use]
    pub const fn role(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Investigator => "investigator",
            Self::Manager => "case_manager",
            Self::Salesperson => "salesperson",
        }
    }

    /// Whether the list and the role are those of this kind.
    #[must_use]
    pub fn is(self, side: ParticipantKind, role: &str) -> bool {
        self.side() == side && self.role() == role
    }

    /// The primary person of this kind.
    #[must_use]
    pub const fn of(self, details: &Details) -> Option<PersonId> {
        match self {
            Self::Contact => details.primary_contact,
            Self::Investigator => details.primary_investigator,
            Self::Manager => details.primary_manager,
            Self::Salesperson => details.primary_salesperson,
        }
    }

    /// The edit that sets or clears the primary person.
    #[must_use]
    pub const fn edit(self, person: Option<PersonId>) -> Edit {
        match self {
            Self::Contact => Edit::PrimaryContact(person),
            Self::Investigator => Edit::PrimaryInvestigator(person),
            Self::Manager => Edit::PrimaryManager(person),
            Self::Salesperson => Edit::PrimarySalesperson(person),
        }
    }

    /// The person that the edit sets as primary person of this kind. `None` if the edit does something else.
    #[must_use]
    pub const fn set_by(self, edit: &Edit) -> Option<PersonId> {
        match (self, edit) {
            (Self::Contact, Edit::PrimaryContact(person))
            | (Self::Investigator, Edit::PrimaryInvestigator(person))
            | (Self::Manager, Edit::PrimaryManager(person))
            | (Self::Salesperson, Edit::PrimarySalesperson(person)) => *person,
            _ => None,
        }
    }
}
