//! Rows of cases.

use chrono::NaiveDate;
use diesel::prelude::*;
use docket_domain::{
    case::{Case, CasePhase, Details, Priority, Series, Source, Tags},
    error::StoreError,
    event::LogHash,
    id::{
        AccountId, CaseId, ClientId, ContractorId, CustomerId, InquiryId, InvoiceId, OfferId, OrderId, PersonId,
        RegionId, SubjectId,
    },
    json::FreeFields,
    merge::MergedInto,
    text::search_key,
    workflow::{Outcome, Phase, StatusKey, WorkflowId},
};

use super::damaged;
use crate::{
    schema::cases,
    sql_types::{JsonText, Moment, Uid},
};

/// All columns of a case.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cases, treat_none_as_default_value = false, treat_none_as_null = true, primary_key(account_id, id))]
pub(crate) struct CaseRow {
    #[diesel(embed)]
    line: CaseLine,
    #[diesel(embed)]
    notes: CaseNotes,
    #[diesel(embed)]
    texts: CaseTexts,
    #[diesel(embed)]
    keys: CaseKeys,
}

/// Columns of a case in a list. Their length is bounded.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cases, treat_none_as_default_value = false, treat_none_as_null = true, primary_key(account_id, id))]
pub(crate) struct CaseLine {
    account_id: i64,
    id: i64,
    uuid: Uid,
    version: i64,
    workflow_id: Uid,
    status: String,
    phase: String,
    outcome: Option<String>,
    series_number: i64,
    series_instance: i32,
    case_number: String,
    source: String,
    parent_id: Option<i64>,
    parent_uuid: Option<Uid>,
    name: Option<String>,
    file_number: Option<String>,
    case_type: Option<String>,
    dezernat: Option<String>,
    priority: i16,
    tags: JsonText,
    opened_on: NaiveDate,
    due_on: Option<NaiveDate>,
    owner: Option<String>,
    is_request: bool,
    reference_1: Option<String>,
    reference_2: Option<String>,
    reference_3: Option<String>,
    customer_id: Option<i64>,
    contractor_id: Option<i64>,
    client_id: Option<i64>,
    location_id: Option<i64>,
    region_id: Option<i64>,
    inquiry_id: Option<i64>,
    order_id: Option<i64>,
    offer_id: Option<i64>,
    invoice_id: Option<i64>,
    primary_contact_id: Option<i64>,
    primary_investigator_id: Option<i64>,
    primary_manager_id: Option<i64>,
    primary_salesperson_id: Option<i64>,
    primary_subject_id: Option<i64>,
    created_by: String,
    occurred_at: Moment,
    created_at: Moment,
    updated_at: Moment,
    resolved_at: Option<Moment>,
    closed_at: Option<Moment>,
    first_resolved_at: Option<Moment>,
    archived_at: Option<Moment>,
    unlisted_at: Option<Moment>,
    sla_due_at: Option<Moment>,
    merged: Option<JsonText>,
    log_head: Vec<u8>,
    former_numbers: JsonText,
}

#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cases, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct CaseNotes {
    notes: Option<String>,
}

/// Columns that only a full case has. They may be large.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cases, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct CaseTexts {
    description: Option<String>,
    resolution: Option<String>,
    custom_fields: JsonText,
    parts: Option<JsonText>,
}

/// Columns computed from the others, for sorting, searching and counting.
#[derive(Debug, Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cases, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct CaseKeys {
    name_key: String,
    search_text: String,
    resolution_seconds: Option<i64>,
}

/// Columns of a case in a list, with the internal notes.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cases)]
pub(crate) struct CaseLineAndNotes {
    #[diesel(embed)]
    line: CaseLine,
    #[diesel(embed)]
    notes: CaseNotes,
}

/// All columns of a case except the computed keys.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = cases)]
pub(crate) struct FullCase {
    #[diesel(embed)]
    line: CaseLine,
    #[diesel(embed)]
    notes: CaseNotes,
    #[diesel(embed)]
    texts: CaseTexts,
}

/// The columns that searches and filters by name use.
#[derive(Debug, PartialEq, Eq, AsChangeset)]
#[diesel(table_name = cases)]
pub(crate) struct SearchKeys<'c> {
    name_key: &'c str,
    search_text: &'c str,
    former_numbers: JsonText,
}

fn json(column: &str, value: &impl serde::Serialize) -> Result<JsonText, StoreError> {
    serde_json::to_string(value).map(JsonText).map_err(|error| damaged(column, error))
}

impl TryFrom<&Case> for CaseRow {
    type Error = StoreError;

    fn try_from(case: &Case) -> Result<Self, StoreError> {
        let details = &case.details;
        Ok(Self {
            line: CaseLine {
                account_id: case.account.0,
                id: case.id.0,
                uuid: Uid(case.uuid),
                version: case.version,
                workflow_id: Uid(case.workflow.0),
                status: case.status.as_str().to_owned(),
                phase: case.case_phase().as_str().to_owned(),
                outcome: case.outcome.map(|outcome| outcome.as_str().to_owned()),
                series_number: case.series.number,
                series_instance: case.series.instance,
                case_number: case.number().to_string(),
                source: case.source.as_str().to_owned(),
                parent_id: case.parent.map(|id| id.0),
                parent_uuid: case.parent_uuid.map(Uid),
                name: details.name.clone(),
                file_number: details.file_number.clone(),
                case_type: details.case_type.clone(),
                dezernat: details.dezernat.clone(),
                priority: details.priority.rank(),
                tags: json("cases.tags", &details.tags)?,
                opened_on: details.opened_on,
                due_on: details.due_on,
                owner: details.owner.clone(),
                is_request: details.is_request,
                reference_1: details.reference_1.clone(),
                reference_2: details.reference_2.clone(),
                reference_3: details.reference_3.clone(),
                customer_id: details.customer.map(|id| id.0),
                contractor_id: details.contractor.map(|id| id.0),
                client_id: details.client.map(|id| id.0),
                location_id: details.location.map(|id| id.0),
                region_id: details.region.map(|id| id.0),
                inquiry_id: details.inquiry.map(|id| id.0),
                order_id: details.order.map(|id| id.0),
                offer_id: details.offer.map(|id| id.0),
                invoice_id: details.invoice.map(|id| id.0),
                primary_contact_id: details.primary_contact.map(|id| id.0),
                primary_investigator_id: details.primary_investigator.map(|id| id.0),
                primary_manager_id: details.primary_manager.map(|id| id.0),
                primary_salesperson_id: details.primary_salesperson.map(|id| id.0),
                primary_subject_id: details.primary_subject.map(|id| id.0),
                created_by: case.created_by.clone(),
                occurred_at: Moment(case.occurred_at),
                created_at: Moment(case.created_at),
                updated_at: Moment(case.updated_at),
                resolved_at: case.resolved_at.map(Moment),
                closed_at: case.closed_at.map(Moment),
                first_resolved_at: case.first_resolved_at.map(Moment),
                archived_at: case.archived_at.map(Moment),
                unlisted_at: case.deleted_at.or(case.merged.map(|merged| merged.at)).map(Moment),
                sla_due_at: case.sla_due_at.map(Moment),
                merged: case.merged.map(|merged| json("cases.merged", &merged)).transpose()?,
                log_head: case.log_head.as_bytes().to_vec(),
                former_numbers: json("cases.former_numbers", &case.former_numbers)?,
            },
            notes: CaseNotes { notes: details.notes.clone() },
            texts: CaseTexts {
                description: details.description.clone(),
                resolution: details.resolution.clone(),
                custom_fields: JsonText(details.custom_fields.as_text().to_owned()),
                parts: (!case.parts.is_empty()).then(|| json("cases.parts", &case.parts)).transpose()?,
            },
            keys: CaseKeys {
                name_key: search_key(&case.name()),
                search_text: case.search_text(),
                resolution_seconds: case.resolution_seconds(),
            },
        })
    }
}

impl CaseRow {
    pub(crate) const fn id(&self) -> i64 {
        self.line.id
    }

    pub(crate) fn search_keys(&self) -> SearchKeys<'_> {
        SearchKeys {
            name_key: &self.keys.name_key,
            search_text: &self.keys.search_text,
            former_numbers: JsonText(self.line.former_numbers.0.clone()),
        }
    }

    /// Names of the computed columns of this row that do not match `case`.
    pub(crate) fn derived_wrong(&self, case: &Case) -> Result<Vec<&'static str>, StoreError> {
        let right = Self::try_from(case)?;
        let columns = [
            ("phase", self.line.phase == right.line.phase),
            ("case_number", self.line.case_number == right.line.case_number),
            ("name_key", self.keys.name_key == right.keys.name_key),
            ("search_text", self.keys.search_text == right.keys.search_text),
            ("resolution_seconds", self.keys.resolution_seconds == right.keys.resolution_seconds),
        ];
        Ok(columns.into_iter().filter(|(_, agrees)| !agrees).map(|(column, _)| column).collect())
    }
}

/// A case row of a list that knows the size of its large texts.
pub(crate) trait ListedCase: TryInto<Case, Error = StoreError> {
    /// Size of the large texts in bytes.
    fn size(&self) -> usize;
}

fn length(text: Option<&String>) -> usize {
    text.map_or(0, String::len)
}

impl ListedCase for CaseLine {
    fn size(&self) -> usize {
        0
    }
}

impl ListedCase for CaseLineAndNotes {
    fn size(&self) -> usize {
        length(self.notes.notes.as_ref())
    }
}

impl ListedCase for FullCase {
    fn size(&self) -> usize {
        let CaseTexts { description, resolution, custom_fields, .. } = &self.texts;
        [&self.notes.notes, description, resolution].into_iter().map(|text| length(text.as_ref())).sum::<usize>()
            + custom_fields.0.len()
    }
}

fn outcome(word: &str) -> Option<Outcome> {
    [Outcome::Resolved, Outcome::Closed, Outcome::Cancelled].into_iter().find(|outcome| outcome.as_str() == word)
}

impl TryFrom<CaseLine> for Case {
    type Error = StoreError;

    /// Leaves out the fields that a list does not load.
    fn try_from(row: CaseLine) -> Result<Self, StoreError> {
        let phase = CasePhase::parse(&row.phase).ok_or_else(|| damaged("cases.phase", &row.phase))?;
        let tags = serde_json::from_str::<Tags>(&row.tags.0).map_err(|error| damaged("cases.tags", error))?;
        let former_numbers = serde_json::from_str(&row.former_numbers.0);
        let merged = row.merged.map(|merged| serde_json::from_str::<MergedInto>(&merged.0));
        let merged = merged.transpose().map_err(|error| damaged("cases.merged", error))?;
        let details = Details {
            name: row.name,
            file_number: row.file_number,
            case_type: row.case_type,
            dezernat: row.dezernat,
            priority: Priority::from_rank(row.priority).ok_or_else(|| damaged("cases.priority", row.priority))?,
            tags,
            due_on: row.due_on,
            owner: row.owner,
            is_request: row.is_request,
            reference_1: row.reference_1,
            reference_2: row.reference_2,
            reference_3: row.reference_3,
            customer: row.customer_id.map(CustomerId),
            contractor: row.contractor_id.map(ContractorId),
            client: row.client_id.map(ClientId),
            location: row.location_id.map(ClientId),
            region: row.region_id.map(RegionId),
            inquiry: row.inquiry_id.map(InquiryId),
            order: row.order_id.map(OrderId),
            offer: row.offer_id.map(OfferId),
            invoice: row.invoice_id.map(InvoiceId),
            primary_contact: row.primary_contact_id.map(PersonId),
            primary_investigator: row.primary_investigator_id.map(PersonId),
            primary_manager: row.primary_manager_id.map(PersonId),
            primary_salesperson: row.primary_salesperson_id.map(PersonId),
            primary_subject: row.primary_subject_id.map(SubjectId),
            ..Details::opened_on(row.opened_on)
        };
        Ok(Self {
            account: AccountId(row.account_id),
            id: CaseId(row.id),
            uuid: row.uuid.0,
            version: row.version,
            workflow: WorkflowId(row.workflow_id.0),
            status: StatusKey::new(row.status),
            phase: match phase {
                CasePhase::Active => Phase::Active,
                CasePhase::Closed | CasePhase::Archived => Phase::Closed,
            },
            outcome: row
                .outcome
                .map(|word| outcome(&word).ok_or_else(|| damaged("cases.outcome", word)))
                .transpose()?,
            series: Series { number: row.series_number, instance: row.series_instance },
            former_numbers: former_numbers.map_err(|error| damaged("cases.former_numbers", error))?,
            source: Source::parse(&row.source).ok_or_else(|| damaged("cases.source", &row.source))?,
            parent: row.parent_id.map(CaseId),
            parent_uuid: row.parent_uuid.map(|uuid| uuid.0),
            details,
            created_by: row.created_by,
            occurred_at: row.occurred_at.0,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
            resolved_at: row.resolved_at.map(|at| at.0),
            closed_at: row.closed_at.map(|at| at.0),
            first_resolved_at: row.first_resolved_at.map(|at| at.0),
            archived_at: row.archived_at.map(|at| at.0),
            // A part of another case is not deleted.
            deleted_at: row.unlisted_at.map(|at| at.0).filter(|_| merged.is_none()),
            merged,
            parts: Vec::new(),
            related: None,
            sla_due_at: row.sla_due_at.map(|at| at.0),
            log_head: LogHash::from_bytes(&row.log_head)
                .ok_or_else(|| damaged("cases.log_head", row.log_head.len()))?,
        })
    }
}

impl TryFrom<CaseLineAndNotes> for Case {
    type Error = StoreError;

    fn try_from(CaseLineAndNotes { line, notes }: CaseLineAndNotes) -> Result<Self, StoreError> {
        let mut case = Self::try_from(line)?;
        case.details.notes = notes.notes;
        Ok(case)
    }
}

impl TryFrom<FullCase> for Case {
    type Error = StoreError;

    fn try_from(FullCase { line, notes, texts }: FullCase) -> Result<Self, StoreError> {
        let mut case = Self::try_from(CaseLineAndNotes { line, notes })?;
        let CaseTexts { description, resolution, custom_fields, parts } = texts;
        let length = custom_fields.0.len();
        let custom_fields = FreeFields::from_text(custom_fields.0);
        let parts = parts.map(|parts| serde_json::from_str(&parts.0)).transpose();
        case.parts = parts.map_err(|error| damaged("cases.parts", error))?.unwrap_or_default();
        case.details.description = description;
        case.details.resolution = resolution;
        case.details.custom_fields = custom_fields.ok_or_else(|| damaged("cases.custom_fields", length))?;
        Ok(case)
    }
}

impl TryFrom<CaseRow> for Case {
    type Error = StoreError;

    fn try_from(row: CaseRow) -> Result<Self, StoreError> {
        let CaseRow { line, notes, texts, .. } = row;
        Self::try_from(FullCase { line, notes, texts })
    }
}
