//! The filters of case lists. The native and the Trackops dialect share them and accept all of them.

use chrono::{Datelike as _, Days, NaiveDate, NaiveTime};
use docket_domain::{
    case::{CasePhase, Priority},
    error::Error,
    filter::CaseFilter,
    id::{AccountId, CaseId, ClientId, ContractorId, CustomerId, PersonId, RegionId, SubjectId},
    service,
    store::WorkflowStore,
    time::{DateRange, TimeBound, TimeRange, Timestamp},
    workflow::StatusKey,
};

use crate::wire::params::{
    param::{Words, boolean, bound, id, number, opaque_id, text, word, word_list},
    params,
};

params! {
    /// Filters of a case list. A case must match all that are given.
    pub struct CaseFilterParams {
        /// Phase of the case: `active`, `closed` or `archived`.
        status: Option<CasePhase> = word(Words::new(&CasePhase::ALL, CasePhase::as_str)).example("active");
        /// Text in the name, the file number, or a current or former case number. The comparison ignores case and
        /// Unicode form (full case folding, NFKC): `STRASSE` finds `Straße`. One or two characters are searched only
        /// in the 10,000 newest cases.
        search: Option<String> = text().example("smith");
        /// Priority, or several separated by commas: `low`, `normal`, `high`, `urgent`.
        priority: Vec<Priority> = word_list(PRIORITIES).or(Vec::new()).example("high,urgent");
        /// Tag of the case.
        tag: Option<String> = text().example("appeal");
        /// Type of the case.
        r#type: Option<String> = text().example("litigation");
        /// Id of the customer.
        customer: Option<CustomerId> = number().map(CustomerId);
        /// Id of the contractor.
        contractor: Option<ContractorId> = number().map(ContractorId);
        /// Integer id of the case.
        id: Option<CaseId> = number().map(CaseId);
        /// Id of the root client.
        client: Option<ClientId> = id(ClientId::parse);
        /// Id of the location of the client.
        location: Option<ClientId> = id(ClientId::parse);
        /// Id of the region.
        case_region: Option<RegionId> = id(RegionId::parse);
        /// Id of the status in the account's workflow.
        case_status: Option<i64> = number::<i64>().example(1);
        /// Opened on or after this date (`YYYY-MM-DD` or RFC 3339), as users state it. Alias: `from`.
        created_from: Option<NaiveDate> = bound(&["from", "From"]).and_then(first_day).example("2026-01-01");
        /// Opened on or before this date (`YYYY-MM-DD` or RFC 3339), as users state it. Alias: `to`.
        created_to: Option<NaiveDate> = bound(&["to", "To"]).map(last_day);
        /// Created in the system at or after this time (RFC 3339 or `YYYY-MM-DD`).
        created_from_system: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant);
        /// Created in the system at or before this time (RFC 3339 or `YYYY-MM-DD`). A date includes the whole day (UTC).
        created_to_system: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant_after);
        /// Due on or after this date (`YYYY-MM-DD` or RFC 3339).
        due_from: Option<NaiveDate> = bound(&[]).and_then(first_day);
        /// Due on or before this date (`YYYY-MM-DD` or RFC 3339).
        due_to: Option<NaiveDate> = bound(&[]).map(last_day);
        /// Last updated at or after this time (RFC 3339 or `YYYY-MM-DD`).
        updated_from: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant);
        /// Last updated at or before this time (RFC 3339 or `YYYY-MM-DD`). A date includes the whole day (UTC).
        updated_to: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant_after);
        /// `true` for requests only, `false` to exclude requests.
        is_request: Option<bool> = boolean();
        /// Id of the primary contact.
        primary_contact: Option<PersonId> = opaque_id(PersonId::parse);
        /// Id of the primary investigator.
        primary_investigator: Option<PersonId> = opaque_id(PersonId::parse);
        /// Id of the primary case manager.
        primary_manager: Option<PersonId> = opaque_id(PersonId::parse);
        /// Id of the primary salesperson.
        primary_salesperson: Option<PersonId> = opaque_id(PersonId::parse);
        /// Id of the primary subject.
        primary_subject: Option<SubjectId> = opaque_id(SubjectId::parse);
        /// First reference.
        reference_value_1: Option<String> = text();
        /// Second reference.
        reference_value_2: Option<String> = text();
        /// Third reference.
        reference_value_3: Option<String> = text();
        /// Number of the series.
        series_number: Option<i64> = number::<i64>();
        /// Current instance in the series.
        series_instance: Option<i32> = number::<i32>();
        /// Current or former case number.
        case_number: Option<String> = text().example("2026-01-00042-01");
    }
}

/// The priorities, by their words.
pub const PRIORITIES: Words<Priority> = Words::new(&Priority::ALL, Priority::as_str);

impl CaseFilterParams {
    /// The filter, with the status number resolved in the account's workflows.
    ///
    /// # Errors
    /// A status number that no workflow has, or a store error.
    pub async fn resolve<S: WorkflowStore>(self, store: &S, account: AccountId) -> Result<CaseFilter, Error> {
        let mut statuses = Vec::new();
        if let Some(number) = self.case_status {
            let status = service::find_status_by_id(store, account, number).await?;
            statuses.push(status.ok_or_else(|| Error::invalid("case_status", "must be the id of a status"))?);
        }
        Ok(self.into_filter(statuses))
    }

    fn into_filter(self, statuses: Vec<StatusKey>) -> CaseFilter {
        CaseFilter {
            id: self.id,
            phase: self.status,
            statuses,
            priorities: self.priority,
            tag: self.tag,
            case_type: self.r#type,
            search: self.search,
            parent: None,
            customer: self.customer,
            contractor: self.contractor,
            client: self.client,
            location: self.location,
            region: self.case_region,
            primary_contact: self.primary_contact,
            primary_investigator: self.primary_investigator,
            primary_manager: self.primary_manager,
            primary_salesperson: self.primary_salesperson,
            primary_subject: self.primary_subject,
            reference_1: self.reference_value_1,
            reference_2: self.reference_value_2,
            reference_3: self.reference_value_3,
            is_request: self.is_request,
            series_number: self.series_number,
            series_instance: self.series_instance,
            case_number: self.case_number,
            opened: DateRange { from: self.created_from, to: self.created_to },
            due: DateRange { from: self.due_from, to: self.due_to },
            created: TimeRange { from: self.created_from_system, before: self.created_to_system },
            updated: TimeRange { from: self.updated_from, before: self.updated_to },
            merged: false,
            sla: None,
        }
    }
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
