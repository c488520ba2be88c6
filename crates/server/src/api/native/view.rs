//! Response bodies for cases, and the page position that all lists share.

use chrono::{DateTime, NaiveDate, Utc};
use docket_domain::{
    case::{Case, Priority},
    error::Error,
    json::FreeFields,
    page::{CaseKeyset, Page},
    party::{ParticipantKind, Party},
    store::CaseFile,
    workflow::Workflow,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{app::App, wire::linked::Neighbour};

/// Lists the fields once that a case and a row of a list share.
macro_rules! case_views {
    ($($(#[$attr:meta])* $field:ident: $type:ty = $value:expr;)*) => {
        /// A case with all its fields.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct CaseView {
            $($(#[$attr])* pub $field: $type,)*
            /// Description of the matter.
            #[schema(example = "Wrongful termination claim filed by former employee.")]
            pub description: Option<String>,
            /// People outside the organisation.
            pub parties: Vec<PartyView>,
            /// People who work on the case.
            pub staff: Vec<StaffView>,
            /// Free JSON fields, stored unchanged.
            #[schema(value_type = Object, example = json!({"court": "ArbG Berlin"}))]
            pub custom_fields: FreeFields,
        }

        /// A case in a list: without `description`, `parties`, `staff` and `custom_fields`.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct CaseRowView {
            $($(#[$attr])* pub $field: $type,)*
        }

        impl CaseView {
            #[must_use]
            pub fn new(file: CaseFile, workflow: &Workflow) -> Self {
                let parties = file.whole(ParticipantKind::Party);
                let staff = file.whole(ParticipantKind::Staff);
                let case = file.case;
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
            #[must_use]
            pub fn new(case: &Case, workflow: &Workflow) -> Self {
                Self { $($field: ($value)(case, workflow),)* }
            }
        }
    };
}

case_views! {
    id: Uuid = |case: &Case, _| case.uuid;
    /// Integer id. Other dialects use it, and paths accept it.
    #[schema(example = 42)]
    number: i64 = |case: &Case, _| case.id.0;
    /// Case number `YYYY-MM-SSSSS-II`: year and month of opening, series, instance.
    #[schema(example = "2026-01-00042-01")]
    case_number: String = |case: &Case, _| case.number().to_string();
    /// Number of the series, which a case shares with its follow-ups and keeps when it is reopened.
    #[schema(example = 42)]
    series_number: i64 = |case: &Case, _| case.series.number;
    /// Current position in the series, from 1. A reopening takes the next one.
    #[schema(example = 1)]
    series_instance: i32 = |case: &Case, _| case.series.instance;
    /// Name; the case number if the case has no name.
    #[schema(example = "Smith v. Jones -- Employment Dispute")]
    name: String = |case: &Case, _| case.name();
    /// File number of the office.
    #[schema(example = "AZ-2026-042")]
    file_number: Option<String> = |case: &Case, _| case.details.file_number.clone();
    /// Phase: `active`, `closed` or `archived`.
    #[schema(example = "active")]
    status: &'static str = |case: &Case, _| case.case_phase().as_str();
    /// Status in the workflow.
    case_status: StatusView = StatusView::new;
    /// Kind of matter.
    #[serde(rename = "type")]
    #[schema(example = "litigation")]
    case_type: Option<String> = |case: &Case, _| case.details.case_type.clone();
    /// Department that works on the case.
    #[schema(example = "Employment Law")]
    dezernat: Option<String> = |case: &Case, _| case.details.dezernat.clone();
    /// `low`, `normal`, `high` or `urgent`.
    #[schema(value_type = String, example = "normal")]
    priority: Priority = |case: &Case, _| case.details.priority;
    #[schema(example = json!(["appeal"]))]
    tags: Vec<String> = |case: &Case, _| case.details.tags.iter().map(str::to_owned).collect();
    /// Day of opening, as the users state it.
    #[schema(example = "2026-01-15")]
    opened_on: NaiveDate = |case: &Case, _| case.details.opened_on;
    /// Day by which the case should be done.
    #[schema(example = "2026-12-31")]
    due_on: Option<NaiveDate> = |case: &Case, _| case.details.due_on;
    /// How the matter was resolved.
    #[schema(example = json!(null))]
    resolution: Option<String> = |case: &Case, _| case.details.resolution.clone();
    /// When the case was resolved; `null` again after a rework or a reopening.
    #[schema(example = json!(null))]
    resolved_at: Option<DateTime<Utc>> = |case: &Case, _| case.resolved_at;
    /// When the case was closed or cancelled; `null` again after a reopening.
    #[schema(example = json!(null))]
    closed_at: Option<DateTime<Utc>> = |case: &Case, _| case.closed_at;
    /// When the case was archived; `null` if it is not archived.
    #[schema(example = json!(null))]
    archived_at: Option<DateTime<Utc>> = |case: &Case, _| case.archived_at;
    /// UUID of the case that this one follows up.
    #[schema(example = json!(null))]
    parent: Option<Uuid> = |case: &Case, _| case.parent_uuid;
    /// UUID of the case that this one is a part of; `null` if it stands alone.
    #[schema(example = json!(null))]
    merged_into: Option<Uuid> = |case: &Case, _| case.merged.map(|merged| merged.uuid);
    /// Whether the case is still only a request.
    #[schema(example = false)]
    is_request: bool = |case: &Case, _| case.details.is_request;
    /// Up to three references, for example claim numbers. `null` is an empty position.
    #[schema(example = json!(["CLAIM-7781"]))]
    references: Vec<Option<String>> = references;
    /// Id of the customer in another system.
    #[schema(example = 7)]
    customer_id: Option<i64> = |case: &Case, _| case.details.customer.map(|id| id.0);
    /// Id of the contractor in another system.
    #[schema(example = json!(null))]
    contractor_id: Option<i64> = |case: &Case, _| case.details.contractor.map(|id| id.0);
    /// Id of the root client.
    #[schema(example = json!(null))]
    client_id: Option<i64> = |case: &Case, _| case.details.client.map(|id| id.0);
    /// Id of the location of the client.
    #[schema(example = json!(null))]
    location_id: Option<i64> = |case: &Case, _| case.details.location.map(|id| id.0);
    #[schema(example = json!(null))]
    region_id: Option<i64> = |case: &Case, _| case.details.region.map(|id| id.0);
    /// Id of the inquiry that the case was created from or is linked to.
    #[schema(example = json!(null))]
    inquiry_id: Option<i64> = |case: &Case, _| case.details.inquiry.map(|id| id.0);
    /// Id of the order that the case was created from or is linked to.
    #[schema(example = json!(null))]
    order_id: Option<i64> = |case: &Case, _| case.details.order.map(|id| id.0);
    /// Id of the linked offer in another system.
    #[schema(example = json!(null))]
    offer_id: Option<i64> = |case: &Case, _| case.details.offer.map(|id| id.0);
    /// Id of the linked invoice in another system.
    #[schema(example = json!(null))]
    invoice_id: Option<i64> = |case: &Case, _| case.details.invoice.map(|id| id.0);
    /// Workflow version of the case.
    workflow_id: Uuid = |case: &Case, _| case.workflow.0;
    /// Number of events in the log of the case; also its entity tag.
    #[schema(example = 1)]
    version: i64 = |case: &Case, _| case.version;
    /// When the case was recorded in the system.
    created_at: DateTime<Utc> = |case: &Case, _| case.created_at;
    /// When the case was last updated.
    updated_at: DateTime<Utc> = |case: &Case, _| case.updated_at;
}

/// A status of a workflow.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusView {
    /// Integer id of the status; `null` if the workflow does not have the status.
    #[schema(example = 1)]
    id: Option<i64>,
    /// Stable key.
    #[schema(example = "open")]
    key: String,
    /// Display name.
    #[schema(example = "Open")]
    label: String,
    /// Display color, `#RRGGBB`; `null` if the workflow does not have the status.
    #[schema(example = "#2563EB")]
    color: Option<String>,
    /// Whether the status is final: only a reopening leaves it.
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

/// A person outside the organisation, in a role on the case.
#[derive(Debug, Serialize, ToSchema)]
pub struct PartyView {
    /// Id of the person.
    #[schema(example = "usr_0000000000037")]
    id: String,
    /// Role on the case.
    #[schema(example = "client")]
    role: String,
    #[schema(example = "John Smith")]
    name: String,
    /// UUID of the part that the person is on, in a list of a case with parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    origin: Option<Uuid>,
}

impl From<(Party, Option<Uuid>)> for PartyView {
    fn from((Party { person, role, name }, origin): (Party, Option<Uuid>)) -> Self {
        Self { id: person.to_string(), role, name, origin }
    }
}

/// A person who works on the case, in a role.
#[derive(Debug, Serialize, ToSchema)]
pub struct StaffView {
    /// Id of the person.
    #[schema(example = "usr_0000000000037")]
    id: String,
    #[schema(example = "Dr. Anna Mueller")]
    name: String,
    /// Role on the case.
    #[schema(example = "lead_attorney")]
    role: String,
    /// UUID of the part that the person is on, in a list of a case with parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    origin: Option<Uuid>,
}

impl From<(Party, Option<Uuid>)> for StaffView {
    fn from((Party { person, role, name }, origin): (Party, Option<Uuid>)) -> Self {
        Self { id: person.to_string(), name, role, origin }
    }
}

/// Position of the page in its list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaginationView {
    /// Value of the parameter `cursor` for the next page; `null` on the last page.
    #[schema(example = json!(null))]
    cursor: Option<String>,
    /// Whether there is a next page.
    #[schema(example = false)]
    has_more: bool,
}

/// Links a page to the next one, if there is one.
macro_rules! linked {
    ($list:ty) => {
        impl $crate::wire::linked::Neighbours for $list {
            fn neighbours(&self) -> Vec<$crate::wire::linked::Neighbour> {
                self.pagination.next().into_iter().collect()
            }
        }
    };
}
pub(in crate::api::native) use linked;

linked!(CaseListView);

impl PaginationView {
    pub fn next(&self) -> Option<Neighbour> {
        self.cursor.as_deref().map(Neighbour::next)
    }

    pub fn new<T>(page: &Page<T>, cursor: impl FnOnce(&T) -> String) -> Self {
        let cursor = page.rows.last().filter(|_| page.has_more).map(cursor);
        Self { cursor, has_more: page.has_more }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CaseListView {
    data: Vec<CaseRowView>,
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
            // The app caches each workflow version, so this is not one query per row.
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
