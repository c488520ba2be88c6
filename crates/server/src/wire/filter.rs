//! The filters of lists of cases: those of the native and of the Trackops dialect are one set, and either takes all.

use chrono::{Datelike as _, Days, NaiveDate, NaiveTime};
use docket_domain::{
    case::{CasePhase, Priority},
    error::Error,
    filter::CaseFilter,
    id::{AccountId, CaseId, ClientId, ContractorId, CustomerId, PersonId, RegionId, SubjectId},
    service,
    store::WorkflowStore,
    time::{DateRange, TimeBound, TimeRange},
    workflow::EntityType,
};
use utoipa::IntoParams;

use crate::wire::params::Params;

/// The filters that were given; the status by number still has to be found in the account's workflow.
#[derive(Debug, Default)]
pub struct Filters {
    filter: CaseFilter,
    status_number: Option<i64>,
}

impl Filters {
    /// The filter, with the status found in the account's workflow.
    ///
    /// # Errors
    /// A status number that the workflow does not have, or a store error.
    pub async fn resolve<S: WorkflowStore>(self, store: &S, account: AccountId) -> Result<CaseFilter, Error> {
        let Self { mut filter, status_number } = self;
        if let Some(number) = status_number {
            let workflow = service::load_current_workflow(store, account, EntityType::Case).await?;
            let status = workflow.status_by_id(number);
            let status = status.ok_or_else(|| Error::invalid("case_status", "must be the id of a status"))?;
            filter.statuses.push(status.key.clone());
        }
        Ok(filter)
    }

    /// Takes every filter of either dialect.
    pub fn read(params: &mut Params) -> Self {
        let status_number = params.number("case_status");
        let filter = CaseFilter {
            id: params.number("id").map(CaseId),
            phase: params.value(&["status"], "one of active, closed, archived", CasePhase::parse),
            statuses: Vec::new(),
            priorities: params
                .words("priority", "among low, normal, high, urgent", |word| word.parse::<Priority>().ok()),
            tag: params.text("tag"),
            case_type: params.text("type"),
            search: params.text("search"),
            parent: None,
            customer: params.number("customer").map(CustomerId),
            contractor: params.number("contractor").map(ContractorId),
            client: params.id("client", ClientId::parse),
            location: params.id("location", ClientId::parse),
            region: params.id("case_region", RegionId::parse),
            primary_contact: params.id("primary_contact", PersonId::parse),
            primary_investigator: params.id("primary_investigator", PersonId::parse),
            primary_manager: params.id("primary_manager", PersonId::parse),
            primary_salesperson: params.id("primary_salesperson", PersonId::parse),
            primary_subject: params.id("primary_subject", SubjectId::parse),
            reference_1: params.text("reference_value_1"),
            reference_2: params.text("reference_value_2"),
            reference_3: params.text("reference_value_3"),
            is_request: params.boolean("is_request"),
            series_number: params.number("series_number"),
            series_instance: params.number("series_instance"),
            case_number: params.text("case_number"),
            opened: days(params, &["created_from", "from", "From"], &["created_to", "to", "To"]),
            due: days(params, &["due_from"], &["due_to"]),
            created: times(params, "created_from_system", "created_to_system"),
            updated: times(params, "updated_from", "updated_to"),
        };
        Self { filter, status_number }
    }
}

/// The parameters of [`Filters`], as the OpenAPI documents show them. All that are given must hold.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which Filters reads")]
pub struct CaseFilterParams {
    /// The phase: `active`, `closed` or `archived`.
    #[param(example = "active", pattern = "^(active|closed|archived)$")]
    status: Option<String>,
    /// Name, file number, case number or a former case number contain this text. Both are compared in NFKC and with full
    /// case folding: `STRASSE` finds `Straße`. One or two characters are searched in the 10,000 newest cases.
    #[param(example = "smith")]
    search: Option<String>,
    /// The priority, or several with commas between.
    #[param(example = "high,urgent", pattern = "^(low|normal|high|urgent)(,(low|normal|high|urgent))*$")]
    priority: Option<String>,
    /// It carries this tag.
    #[param(example = "appeal")]
    tag: Option<String>,
    /// The kind of matter.
    #[param(rename = "type", example = "litigation")]
    case_type: Option<String>,
    /// The customer.
    customer: Option<i64>,
    /// The contractor.
    contractor: Option<i64>,
    /// The integer id of the case.
    id: Option<i64>,
    /// The root client.
    client: Option<i64>,
    /// The location of the client.
    location: Option<i64>,
    /// The region.
    case_region: Option<i64>,
    /// The id of the status in the account's workflow.
    #[param(example = 1)]
    case_status: Option<i64>,
    /// Opened on or after this day, as its users see it. Also as `from`.
    #[param(example = "2026-01-01")]
    created_from: Option<String>,
    /// Opened on or before this day, as its users see it. Also as `to`.
    created_to: Option<String>,
    /// Known to the system since this time or later.
    created_from_system: Option<String>,
    /// Known to the system since this time or earlier; a bare date includes that whole day.
    created_to_system: Option<String>,
    /// Due on or after this day.
    due_from: Option<String>,
    /// Due on or before this day.
    due_to: Option<String>,
    /// Last changed at this time or later.
    updated_from: Option<String>,
    /// Last changed at this time or earlier; a bare date includes that whole day.
    updated_to: Option<String>,
    /// Only requests, or no requests.
    is_request: Option<bool>,
    /// The primary contact.
    primary_contact: Option<String>,
    /// The primary investigator.
    primary_investigator: Option<String>,
    /// The primary case manager.
    primary_manager: Option<String>,
    /// The primary salesperson.
    primary_salesperson: Option<String>,
    /// The primary subject.
    primary_subject: Option<String>,
    /// The first reference.
    reference_value_1: Option<String>,
    /// The second reference.
    reference_value_2: Option<String>,
    /// The third reference.
    reference_value_3: Option<String>,
    /// The series.
    series_number: Option<i64>,
    /// The present instance in the series.
    series_instance: Option<i32>,
    /// A case number that the case has or once had.
    #[param(example = "2026-01-00042-01")]
    case_number: Option<String>,
}

fn days(params: &mut Params, from: &[&str], to: &[&str]) -> DateRange {
    let (from, to) = (params.bound(from), params.bound(to));
    DateRange { from: from.and_then(first_day), to: to.map(last_day) }
}

fn times(params: &mut Params, from: &str, to: &str) -> TimeRange {
    let (from, to) = (params.bound(&[from]), params.bound(&[to]));
    TimeRange { from: from.map(TimeBound::first_instant), before: to.map(TimeBound::first_instant_after) }
}

/// The first day that does not begin before the bound.
fn first_day(bound: TimeBound) -> Option<NaiveDate> {
    match bound {
        TimeBound::Day(day) => Some(day),
        TimeBound::Second(time) | TimeBound::Instant(time) if time.time() == NaiveTime::MIN => Some(time.date_naive()),
        TimeBound::Second(time) | TimeBound::Instant(time) => time.date_naive().checked_add_days(Days::new(1)),
    }
}

/// The last day that begins before or at the bound, as far as a year has four digits: SQLite compares days as text.
fn last_day(bound: TimeBound) -> NaiveDate {
    match bound {
        TimeBound::Day(day) => day,
        TimeBound::Second(time) | TimeBound::Instant(time) if time.year() > 9999 => {
            NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX)
        }
        TimeBound::Second(time) | TimeBound::Instant(time) => time.date_naive(),
    }
}
