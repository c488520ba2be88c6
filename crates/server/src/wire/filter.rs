//! The filters of case lists. The native and the Trackops dialect share them and accept all of them.

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

/// The filters of a request. The status number is not resolved yet.
#[derive(Debug, Default)]
pub struct Filters {
    filter: CaseFilter,
    status_number: Option<i64>,
}

impl Filters {
    /// The filter, with the status number resolved in the account's workflow.
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

    /// Takes the filters of both dialects.
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

/// The parameters of [`Filters`] in the OpenAPI documents. A case must match all that are given.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which Filters reads")]
pub struct CaseFilterParams {
    /// Phase of the case: `active`, `closed` or `archived`.
    #[param(example = "active", pattern = "^(active|closed|archived)$")]
    status: Option<String>,
    /// Text in the name, the file number, or a current or former case number. The comparison ignores case and Unicode
    /// form (full case folding, NFKC): `STRASSE` finds `Straße`. One or two characters are searched only in the 10,000
    /// newest cases.
    #[param(example = "smith")]
    search: Option<String>,
    /// Priority, or several separated by commas: `low`, `normal`, `high`, `urgent`.
    #[param(example = "high,urgent", pattern = "^(low|normal|high|urgent)(,(low|normal|high|urgent))*$")]
    priority: Option<String>,
    /// Tag of the case.
    #[param(example = "appeal")]
    tag: Option<String>,
    /// Type of the case.
    #[param(rename = "type", example = "litigation")]
    case_type: Option<String>,
    /// Id of the customer.
    customer: Option<i64>,
    /// Id of the contractor.
    contractor: Option<i64>,
    /// Integer id of the case.
    id: Option<i64>,
    /// Id of the root client.
    client: Option<i64>,
    /// Id of the location of the client.
    location: Option<i64>,
    /// Id of the region.
    case_region: Option<i64>,
    /// Id of the status in the account's workflow.
    #[param(example = 1)]
    case_status: Option<i64>,
    /// Opened on or after this date (`YYYY-MM-DD` or RFC 3339), as users state it. Alias: `from`.
    #[param(example = "2026-01-01")]
    created_from: Option<String>,
    /// Opened on or before this date (`YYYY-MM-DD` or RFC 3339), as users state it. Alias: `to`.
    created_to: Option<String>,
    /// Created in the system at or after this time (RFC 3339 or `YYYY-MM-DD`).
    created_from_system: Option<String>,
    /// Created in the system at or before this time (RFC 3339 or `YYYY-MM-DD`). A date includes the whole day (UTC).
    created_to_system: Option<String>,
    /// Due on or after this date (`YYYY-MM-DD` or RFC 3339).
    due_from: Option<String>,
    /// Due on or before this date (`YYYY-MM-DD` or RFC 3339).
    due_to: Option<String>,
    /// Last updated at or after this time (RFC 3339 or `YYYY-MM-DD`).
    updated_from: Option<String>,
    /// Last updated at or before this time (RFC 3339 or `YYYY-MM-DD`). A date includes the whole day (UTC).
    updated_to: Option<String>,
    /// `true` for requests only, `false` to exclude requests.
    is_request: Option<bool>,
    /// Id of the primary contact.
    primary_contact: Option<String>,
    /// Id of the primary investigator.
    primary_investigator: Option<String>,
    /// Id of the primary case manager.
    primary_manager: Option<String>,
    /// Id of the primary salesperson.
    primary_salesperson: Option<String>,
    /// Id of the primary subject.
    primary_subject: Option<String>,
    /// First reference.
    reference_value_1: Option<String>,
    /// Second reference.
    reference_value_2: Option<String>,
    /// Third reference.
    reference_value_3: Option<String>,
    /// Number of the series.
    series_number: Option<i64>,
    /// Current instance in the series.
    series_instance: Option<i32>,
    /// Current or former case number.
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

/// The first day that begins at or after the bound.
fn first_day(bound: TimeBound) -> Option<NaiveDate> {
    match bound {
        TimeBound::Day(day) => Some(day),
        TimeBound::Second(time) | TimeBound::Instant(time) if time.time() == NaiveTime::MIN => Some(time.date_naive()),
        TimeBound::Second(time) | TimeBound::Instant(time) => time.date_naive().checked_add_days(Days::new(1)),
    }
}

/// The last day that begins at or before the bound, at most 9999-12-31: SQLite compares days as text, so a year must
/// have four digits.
fn last_day(bound: TimeBound) -> NaiveDate {
    match bound {
        TimeBound::Day(day) => day,
        TimeBound::Second(time) | TimeBound::Instant(time) if time.year() > 9999 => {
            NaiveDate::from_ymd_opt(9999, 12, 31).unwrap_or(NaiveDate::MAX)
        }
        TimeBound::Second(time) | TimeBound::Instant(time) => time.date_naive(),
    }
}
