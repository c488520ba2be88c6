//! The filters and sort orders of case lists, for every dialect.

use std::cmp::Ordering;

use crate::{
    case::{Case, CasePhase, Priority},
    id::{CaseId, ClientId, ContractorId, CustomerId, PersonId, RegionId, SubjectId},
    text::search_key,
    time::{DateRange, TimeRange, Timestamp},
    workflow::StatusKey,
};

/// Conditions on a case. All of them must hold. Deleted cases and cases of other accounts never match,
/// nor do parts of other cases unless it says so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CaseFilter {
    /// Id of the case.
    pub id: Option<CaseId>,
    /// Phase of the case.
    pub phase: Option<CasePhase>,
    /// The status is one of these. Empty: any status.
    pub statuses: Vec<StatusKey>,
    /// The priority is one of these. Empty: any priority.
    pub priorities: Vec<Priority>,
    /// The case has this tag.
    pub tag: Option<String>,
    /// Type of the case.
    pub case_type: Option<String>,
    /// Name, file number or case number contains this text, without regard to case.
    pub search: Option<String>,
    /// Case that this one follows up.
    pub parent: Option<CaseId>,
    /// Customer.
    pub customer: Option<CustomerId>,
    /// Contractor.
    pub contractor: Option<ContractorId>,
    /// Root client.
    pub client: Option<ClientId>,
    /// Location of the client.
    pub location: Option<ClientId>,
    /// Region.
    pub region: Option<RegionId>,
    /// Primary contact.
    pub primary_contact: Option<PersonId>,
    /// Primary investigator.
    pub primary_investigator: Option<PersonId>,
    /// Primary case manager.
    pub primary_manager: Option<PersonId>,
    /// Primary salesperson.
    pub primary_salesperson: Option<PersonId>,
    /// Primary subject.
    pub primary_subject: Option<SubjectId>,
    /// First reference.
    pub reference_1: Option<String>,
    /// Second reference.
    pub reference_2: Option<String>,
    /// Third reference.
    pub reference_3: Option<String>,
    /// Whether the case is a request.
    pub is_request: Option<bool>,
    /// Number of the series.
    pub series_number: Option<i64>,
    /// Current instance in the series.
    pub series_instance: Option<i32>,
    /// Current or former case number.
    pub case_number: Option<String>,
    /// Opening date, as its users state it.
    pub opened: DateRange,
    /// Due date.
    pub due: DateRange,
    /// Creation time in the system.
    pub created: TimeRange,
    /// Time of the last update.
    pub updated: TimeRange,
    /// The case has a clock in this state.
    pub sla: Option<SlaFilter>,
    /// Whether cases that are parts of others match as well.
    pub merged: bool,
}

/// A condition on the clocks of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlaFilter {
    /// The state; `None` for any.
    pub state: Option<SlaState>,
    /// Name of the target; `None` for any.
    pub target: Option<String>,
    /// The instant at which the state counts.
    pub now: Timestamp,
}

/// A state of a clock in a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlaState {
    /// The goal has passed.
    Breached,
    /// Running, and at risk.
    AtRisk,
    /// Running, at risk or not.
    Running,
    /// Paused.
    Paused,
    /// Stopped within the goal.
    Met,
}

impl SlaState {
    /// Every state.
    pub const ALL: [Self; 5] = [Self::Breached, Self::AtRisk, Self::Running, Self::Paused, Self::Met];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Breached => "breached",
            Self::AtRisk => "at_risk",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Met => "met",
        }
    }
}

/// Sort key of a case list. The integer id breaks ties, in the same direction, so every order is total. Cases without the
/// date of the order come last in both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// Creation time in the system.
    CreatedAt,
    /// Time of the last update.
    UpdatedAt,
    /// Due date.
    DueOn,
    /// When the first running clock of a service level is due.
    SlaDue,
    /// Priority; numbered pages only.
    Priority,
    /// Name, with case folded; numbered pages only.
    Name,
}

/// A total order of cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CaseOrder {
    /// Sort key.
    pub key: SortKey,
    /// Whether the greatest key comes first.
    pub descending: bool,
}

impl CaseOrder {
    /// Default order of case lists.
    pub const NEWEST_FIRST: Self = Self { key: SortKey::CreatedAt, descending: true };

    /// Which of two cases comes first.
    #[must_use]
    pub fn compare(self, one: &Case, other: &Case) -> Ordering {
        // A case without the date is behind all others in both directions.
        let dateless = |case: &Case| match self.key {
            SortKey::DueOn => case.details.due_on.is_none(),
            SortKey::SlaDue => case.sla_due_at.is_none(),
            SortKey::CreatedAt | SortKey::UpdatedAt | SortKey::Priority | SortKey::Name => false,
        };
        let by_key = match self.key {
            SortKey::CreatedAt => one.created_at.cmp(&other.created_at),
            SortKey::UpdatedAt => one.updated_at.cmp(&other.updated_at),
            SortKey::DueOn => one.details.due_on.cmp(&other.details.due_on),
            SortKey::SlaDue => one.sla_due_at.cmp(&other.sla_due_at),
            SortKey::Priority => one
                .details
                .priority
                .rank()
                .cmp(&other.details.priority.rank())
                .then(one.created_at.cmp(&other.created_at)),
            SortKey::Name => search_key(&one.name()).cmp(&search_key(&other.name())),
        };
        let ascending = by_key.then(one.id.cmp(&other.id));
        let ordered = if self.descending { ascending.reverse() } else { ascending };
        dateless(one).cmp(&dateless(other)).then(ordered)
    }
}
