//! Cases as native callers see them.

use chrono::{DateTime, NaiveDate, Utc};
use docket_domain::{
    case::{Case, Priority},
    error::Error,
    json::FreeFields,
    page::{CaseKeyset, Page},
    party::Party,
    store::CaseFile,
    workflow::Workflow,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::app::App;

/// The fields that a case and a row of a list share, listed once.
macro_rules! case_views {
    ($($(#[$attr:meta])* $field:ident: $type:ty = $value:expr;)*) => {
        /// A case in full.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct CaseView {
            $($(#[$attr])* pub $field: $type,)*
            /// What it is about.
            #[schema(example = "Wrongful termination claim filed by former employee.")]
            pub description: Option<String>,
            /// The people on the outside.
            pub parties: Vec<PartyView>,
            /// The people on the inside.
            pub staff: Vec<StaffView>,
            /// Free JSON fields of the client's own.
            #[schema(value_type = Object, example = json!({"court": "ArbG Berlin"}))]
            pub custom_fields: FreeFields,
        }

        /// A case as a row of a list.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct CaseRowView {
            $($(#[$attr])* pub $field: $type,)*
        }

        impl CaseView {
            /// The case with its people, in the words of its workflow.
            #[must_use]
            pub fn new(file: CaseFile, workflow: &Workflow) -> Self {
                let CaseFile { case, parties, staff } = file;
                Self {
                    $($field: ($value)(&case, workflow),)*
                    parties: parties.into_iter().map(PartyView::from).collect(),
                    staff: staff.into_iter().map(StaffView::from).collect(),
                    description: case.details.description,
                    custom_fields: case.details.custom_fields,
                }
            }
        }

        impl CaseRowView {
            /// The case, in the words of its workflow.
            #[must_use]
            pub fn new(case: &Case, workflow: &Workflow) -> Self {
                Self { $($field: ($value)(case, workflow),)* }
            }
        }
    };
}

case_views! {
    /// The public id.
    id: Uuid = |case: &Case, _| case.uuid;
    /// The integer id, by which other dialects name it.
    #[schema(example = 42)]
    number: i64 = |case: &Case, _| case.id.0;
    /// The formatted number: year and month of opening, series, instance.
    #[schema(example = "2026-01-00042-01")]
    case_number: String = |case: &Case, _| case.number().to_string();
    /// Shared by a case, its follow-ups and its re-openings.
    #[schema(example = 42)]
    series_number: i64 = |case: &Case, _| case.series.number;
    /// The present place in the series, from 1.
    #[schema(example = 1)]
    series_instance: i32 = |case: &Case, _| case.series.instance;
    /// What it is called; its number where nobody named it.
    #[schema(example = "Smith v. Jones -- Employment Dispute")]
    name: String = |case: &Case, _| case.name();
    /// The file number that its office gave it.
    #[schema(example = "AZ-2026-042")]
    file_number: Option<String> = |case: &Case, _| case.details.file_number.clone();
    /// The phase: `active`, `closed` or `archived`.
    #[schema(example = "active")]
    status: &'static str = |case: &Case, _| case.case_phase().as_str();
    /// The status in the workflow.
    case_status: StatusView = StatusView::new;
    /// The kind of matter.
    #[serde(rename = "type")]
    #[schema(example = "litigation")]
    case_type: Option<String> = |case: &Case, _| case.details.case_type.clone();
    /// The department that works on it.
    #[schema(example = "Employment Law")]
    dezernat: Option<String> = |case: &Case, _| case.details.dezernat.clone();
    /// How urgent it is: `low`, `normal`, `high` or `urgent`.
    #[schema(value_type = String, example = "normal")]
    priority: Priority = |case: &Case, _| case.details.priority;
    /// Words by which it is found.
    #[schema(example = json!(["appeal"]))]
    tags: Vec<String> = |case: &Case, _| case.details.tags.iter().map(str::to_owned).collect();
    /// The day on which it was opened, as its users see it.
    #[schema(example = "2026-01-15")]
    opened_on: NaiveDate = |case: &Case, _| case.details.opened_on;
    /// The day by which it should be done.
    #[schema(example = "2026-12-31")]
    due_on: Option<NaiveDate> = |case: &Case, _| case.details.due_on;
    /// How it was resolved.
    #[schema(example = json!(null))]
    resolution: Option<String> = |case: &Case, _| case.details.resolution.clone();
    /// Since when it is resolved.
    #[schema(example = json!(null))]
    resolved_at: Option<DateTime<Utc>> = |case: &Case, _| case.resolved_at;
    /// Since when it is closed or cancelled.
    #[schema(example = json!(null))]
    closed_at: Option<DateTime<Utc>> = |case: &Case, _| case.closed_at;
    /// Since when it is archived.
    #[schema(example = json!(null))]
    archived_at: Option<DateTime<Utc>> = |case: &Case, _| case.archived_at;
    /// The public id of the case that it follows up.
    #[schema(example = json!(null))]
    parent: Option<Uuid> = |case: &Case, _| case.parent_uuid;
    /// Whether it is only a request for a case so far.
    #[schema(example = false)]
    is_request: bool = |case: &Case, _| case.details.is_request;
    /// Up to three references, e.g. a claim number.
    #[schema(example = json!(["CLAIM-7781"]))]
    references: Vec<Option<String>> = references;
    /// The customer, known to another system.
    #[schema(example = 7)]
    customer_id: Option<i64> = |case: &Case, _| case.details.customer.map(|id| id.0);
    /// The contractor who does the work, known to another system.
    #[schema(example = json!(null))]
    contractor_id: Option<i64> = |case: &Case, _| case.details.contractor.map(|id| id.0);
    /// The root client.
    #[schema(example = json!(null))]
    client_id: Option<i64> = |case: &Case, _| case.details.client.map(|id| id.0);
    /// The location of the client.
    #[schema(example = json!(null))]
    location_id: Option<i64> = |case: &Case, _| case.details.location.map(|id| id.0);
    /// The region.
    #[schema(example = json!(null))]
    region_id: Option<i64> = |case: &Case, _| case.details.region.map(|id| id.0);
    /// The inquiry that it comes from or is linked to.
    #[schema(example = json!(null))]
    inquiry_id: Option<i64> = |case: &Case, _| case.details.inquiry.map(|id| id.0);
    /// The order that it comes from or is linked to.
    #[schema(example = json!(null))]
    order_id: Option<i64> = |case: &Case, _| case.details.order.map(|id| id.0);
    /// The offer that it is linked to, known to another system.
    #[schema(example = json!(null))]
    offer_id: Option<i64> = |case: &Case, _| case.details.offer.map(|id| id.0);
    /// The invoice that it is linked to, known to another system.
    #[schema(example = json!(null))]
    invoice_id: Option<i64> = |case: &Case, _| case.details.invoice.map(|id| id.0);
    /// The workflow version that it is in.
    workflow_id: Uuid = |case: &Case, _| case.workflow.0;
    /// How many events its log has; also its entity tag.
    #[schema(example = 1)]
    version: i64 = |case: &Case, _| case.version;
    /// Time of recording in the system.
    created_at: DateTime<Utc> = |case: &Case, _| case.created_at;
    /// Time of the last update in the system.
    updated_at: DateTime<Utc> = |case: &Case, _| case.updated_at;
}

/// A status of a workflow.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusView {
    /// Its number.
    #[schema(example = 1)]
    id: Option<i64>,
    /// What the system calls it.
    #[schema(example = "open")]
    key: String,
    /// What people call it.
    #[schema(example = "Open")]
    label: String,
    /// How it is painted.
    #[schema(example = "#2563EB")]
    color: Option<String>,
    /// Whether nothing is expected to follow.
    #[schema(example = false)]
    is_terminal: bool,
}

impl StatusView {
    fn new(case: &Case, workflow: &Workflow) -> Self {
        let status = workflow.status(&case.status);
        Self {
            id: status.map(|status| status.id),
            key: case.status.to_string(),
            label: status.map_or_else(|| case.status.to_string(), |status| status.label.clone()),
            color: status.map(|status| status.color.to_string()),
            is_terminal: status.is_some_and(|status| status.terminal),
        }
    }
}

/// Somebody on the outside of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyView {
    /// Who.
    #[schema(example = "usr_000000000000C")]
    id: String,
    /// Role on the case.
    #[schema(example = "client")]
    role: String,
    /// Their name.
    #[schema(example = "John Smith")]
    name: String,
}

impl From<Party> for PartyView {
    fn from(Party { person, role, name }: Party) -> Self {
        Self { id: person.to_string(), role, name }
    }
}

/// Somebody on the inside of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffView {
    /// Who.
    #[schema(example = "usr_000000000000D")]
    id: String,
    /// Their name.
    #[schema(example = "Dr. Anna Mueller")]
    name: String,
    /// Role on the case.
    #[schema(example = "lead_attorney")]
    role: String,
}

impl From<Party> for StaffView {
    fn from(Party { person, role, name }: Party) -> Self {
        Self { id: person.to_string(), name, role }
    }
}

/// Where a list goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaginationView {
    /// What to hand in as `cursor` for the next page; none on the last.
    #[schema(example = json!(null))]
    cursor: Option<String>,
    /// Whether there is a next page.
    #[schema(example = false)]
    has_more: bool,
}

impl PaginationView {
    /// Behind the last row of a page, whose cursor is made only where there is more.
    pub fn new<T>(page: &Page<T>, cursor: impl FnOnce(&T) -> String) -> Self {
        let cursor = page.rows.last().filter(|_| page.has_more).map(cursor);
        Self { cursor, has_more: page.has_more }
    }
}

/// A page of cases.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseListView {
    /// The cases.
    data: Vec<CaseRowView>,
    /// Where the list goes on.
    pagination: PaginationView,
}

impl CaseListView {
    /// The page, each case in the words of its own workflow version.
    ///
    /// # Errors
    /// A store error on reading a workflow.
    pub async fn load(app: &App, keyset: CaseKeyset, page: Page<Case>) -> Result<Self, Error> {
        let pagination = PaginationView::new(&page, |case| keyset.cursor_behind(case));
        let mut data = Vec::with_capacity(page.rows.len());
        for case in &page.rows {
            // Read once a version and kept: not a query for each row.
            data.push(CaseRowView::new(case, &*app.workflow_of(case).await?));
        }
        Ok(Self { data, pagination })
    }
}

fn references(case: &Case, _: &Workflow) -> Vec<Option<String>> {
    let details = &case.details;
    let mut references = vec![details.reference_1.clone(), details.reference_2.clone(), details.reference_3.clone()];
    while references.last().is_some_and(Option::is_none) {
        references.pop();
    }
    references
}
