//! Which cases a list shows. The filters of all dialects are one set, and all that are given must hold.

use crate::{
    case::{CasePhase, Priority},
    id::{CaseId, ClientId, ContractorId, CustomerId, PersonId, RegionId, SubjectId},
    time::{DateRange, TimeRange},
    workflow::StatusKey,
};

/// What must hold of a case. Deleted cases and those of other accounts never match.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseFilter {
    /// It is this case.
    pub id: Option<CaseId>,
    /// It is in this phase.
    pub phase: Option<CasePhase>,
    /// It is in one of these statuses; any where none is given.
    pub statuses: Vec<StatusKey>,
    /// It has one of these priorities; any where none is given.
    pub priorities: Vec<Priority>,
    /// It carries this tag.
    pub tag: Option<String>,
    /// It is of this type.
    pub case_type: Option<String>,
    /// Name, file number or case number contain this text, without regard to case.
    pub search: Option<String>,
    /// It follows up this case.
    pub parent: Option<CaseId>,
    /// It is of this customer.
    pub customer: Option<CustomerId>,
    /// It is assigned to this contractor.
    pub contractor: Option<ContractorId>,
    /// It is of this root client.
    pub client: Option<ClientId>,
    /// It is of this location.
    pub location: Option<ClientId>,
    /// It is in this region.
    pub region: Option<RegionId>,
    /// Its primary contact.
    pub primary_contact: Option<PersonId>,
    /// Its primary investigator.
    pub primary_investigator: Option<PersonId>,
    /// Its primary case manager.
    pub primary_manager: Option<PersonId>,
    /// Its primary salesperson.
    pub primary_salesperson: Option<PersonId>,
    /// Its primary subject.
    pub primary_subject: Option<SubjectId>,
    /// Its first reference.
    pub reference_1: Option<String>,
    /// Its second reference.
    pub reference_2: Option<String>,
    /// Its third reference.
    pub reference_3: Option<String>,
    /// It is a request, or is none.
    pub is_request: Option<bool>,
    /// Its series.
    pub series_number: Option<i64>,
    /// Its present instance in the series.
    pub series_instance: Option<i32>,
    /// A case number that it has or once had.
    pub case_number: Option<String>,
    /// The day on which its users say it was opened.
    pub opened: DateRange,
    /// The day by which it is due.
    pub due: DateRange,
    /// Time of recording in the system.
    pub created: TimeRange,
    /// Time of the last update in the system.
    pub updated: TimeRange,
}

/// What a list is ordered by. The integer id breaks ties in the same direction, so that every order is total; cases
/// without a due date come last in either direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// Time of recording in the system.
    CreatedAt,
    /// Time of the last update in the system.
    UpdatedAt,
    /// The day by which it is due.
    DueOn,
    /// How urgent it is. Numbered pages only.
    Priority,
    /// Its name in folded case. Numbered pages only.
    Name,
}

/// A total order of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CaseOrder {
    /// By what.
    pub key: SortKey,
    /// Greatest first.
    pub descending: bool,
}

impl CaseOrder {
    /// The order of every list whose caller asks for none.
    pub const NEWEST_FIRST: Self = Self { key: SortKey::CreatedAt, descending: true };
}
