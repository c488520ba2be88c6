//! The people of a case who can be the primary ones of their kind.
//!
//! Each of them is one of the parties or of the staff, in a fixed role; being primary is a field of the case that names
//! that person. Whoever leaves the role is no longer the primary one.

use crate::{
    case::{Details, Edit},
    id::PersonId,
    party::Side,
};

/// A kind of person of whom a case can have a primary one.
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
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Contact, Self::Investigator, Self::Manager, Self::Salesperson];

    /// The list of people that they are on.
    #[must_use]
    pub const fn side(self) -> Side {
        match self {
            Self::Contact => Side::Party,
            Self::Investigator | Self::Manager | Self::Salesperson => Side::Staff,
        }
    }

    /// Their role on that list.
    #[must_use]
    pub const fn role(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Investigator => "investigator",
            Self::Manager => "case_manager",
            Self::Salesperson => "salesperson",
        }
    }

    /// Whether this is their list and role.
    #[must_use]
    pub fn is(self, side: Side, role: &str) -> bool {
        self.side() == side && self.role() == role
    }

    /// Who it is.
    #[must_use]
    pub const fn of(self, details: &Details) -> Option<PersonId> {
        match self {
            Self::Contact => details.primary_contact,
            Self::Investigator => details.primary_investigator,
            Self::Manager => details.primary_manager,
            Self::Salesperson => details.primary_salesperson,
        }
    }

    /// The edit that makes somebody the primary one, or nobody.
    #[must_use]
    pub const fn edit(self, person: Option<PersonId>) -> Edit {
        match self {
            Self::Contact => Edit::PrimaryContact(person),
            Self::Investigator => Edit::PrimaryInvestigator(person),
            Self::Manager => Edit::PrimaryManager(person),
            Self::Salesperson => Edit::PrimarySalesperson(person),
        }
    }

    /// Whom the edit makes the primary one of this kind, if it does so.
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
