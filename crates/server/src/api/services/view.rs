//! Cases as callers of the services dialect see them.

use chrono::{DateTime, NaiveDate, Utc};
use docket_domain::{
    actor::Actor,
    case::{Case, Priority},
    event::{CaseEvent, StatusStep},
    json::FreeFields,
    service::CaseDetail,
    workflow::Explanation,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! case_views {
    ($($(#[$attr:meta])* $field:ident: $type:ty = $value:expr;)*) => {
        /// A case.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct CaseView {
            $($(#[$attr])* $field: $type,)*
        }

        impl From<&Case> for CaseView {
            fn from(case: &Case) -> Self {
                Self { $($field: ($value)(case),)* }
            }
        }

        /// A case with its relations, its way so far and the ways out of its status.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct CaseDetailView {
            $($(#[$attr])* $field: $type,)*
            /// The case that it follows up; none also where that is deleted.
            parent_case: Option<CaseView>,
            /// The cases that follow it up, oldest first, at most 100; `list?parent_case_id=` has all.
            follow_ups: Vec<CaseView>,
            /// The statuses that it had, oldest first.
            status_history: Vec<StatusChangeView>,
            /// The moves that are open to the caller now.
            allowed_transitions: Vec<TransitionView>,
        }

        impl From<CaseDetail> for CaseDetailView {
            fn from(detail: CaseDetail) -> Self {
                let CaseDetail { case, parent, follow_ups, history, transitions } = detail;
                let open = transitions.into_iter().filter(|explained| explained.allowed);
                Self {
                    $($field: ($value)(&case),)*
                    parent_case: parent.as_ref().map(CaseView::from),
                    follow_ups: follow_ups.iter().map(CaseView::from).collect(),
                    status_history: history.into_iter().filter_map(StatusChangeView::of).collect(),
                    allowed_transitions: open.map(|explained| TransitionView::new(&case, explained)).collect(),
                }
            }
        }
    };
}

case_views! {
    /// Its id.
    #[schema(example = 15)]
    id: i64 = |case: &Case| case.id.0;
    /// Its public id, by which other dialects call it; a path takes either.
    uuid: Uuid = |case: &Case| case.uuid;
    /// Year and month of opening, series and instance.
    #[schema(example = "2026-01-00015-01")]
    case_number: String = |case: &Case| case.number().to_string();
    /// The customer, known elsewhere.
    #[schema(example = 123)]
    customer_id: Option<i64> = |case: &Case| case.details.customer.map(|id| id.0);
    /// The contractor who does the work, known elsewhere.
    #[schema(example = json!(null))]
    contractor_id: Option<i64> = |case: &Case| case.details.contractor.map(|id| id.0);
    /// Title.
    #[schema(example = "The cooling unit leaks")]
    title: String = Case::name;
    /// What it is about.
    #[schema(example = "Water under the rack since Monday.")]
    description: Option<String> = |case: &Case| case.details.description.clone();
    /// Its status.
    #[schema(example = "open")]
    status: String = |case: &Case| case.status.to_string();
    /// How urgent it is.
    #[schema(value_type = String, example = "high")]
    priority: Priority = |case: &Case| case.details.priority;
    /// The case that it follows up.
    #[schema(example = json!(null))]
    parent_case_id: Option<i64> = |case: &Case| case.parent.map(|id| id.0);
    /// The inquiry that it came from or is linked to.
    #[schema(example = 42)]
    initial_inquiry_id: Option<i64> = |case: &Case| case.details.inquiry.map(|id| id.0);
    /// The order that it came from or is linked to.
    #[schema(example = json!(null))]
    order_id: Option<i64> = |case: &Case| case.details.order.map(|id| id.0);
    /// The offer that it is linked to, known elsewhere.
    #[schema(example = json!(null))]
    offer_id: Option<i64> = |case: &Case| case.details.offer.map(|id| id.0);
    /// The invoice that it is linked to, known elsewhere.
    #[schema(example = json!(null))]
    invoice_id: Option<i64> = |case: &Case| case.details.invoice.map(|id| id.0);
    /// Words by which it is found.
    #[schema(example = json!(["hvac"]))]
    tags: Vec<String> = |case: &Case| case.details.tags.iter().map(str::to_owned).collect();
    /// Free JSON fields.
    #[schema(value_type = Object, example = json!({"floor": 3}))]
    metadata: FreeFields = |case: &Case| case.details.custom_fields.clone();
    /// How it was resolved.
    #[schema(example = json!(null))]
    resolution: Option<String> = |case: &Case| case.details.resolution.clone();
    /// The day by which it should be done.
    #[schema(example = "2026-12-31")]
    due_on: Option<NaiveDate> = |case: &Case| case.details.due_on;
    /// Since when it is resolved; a rework or a re-opening clears it.
    #[schema(example = json!(null))]
    resolved_at: Option<DateTime<Utc>> = |case: &Case| case.resolved_at;
    /// Since when it is closed or cancelled; a re-opening clears it.
    #[schema(example = json!(null))]
    closed_at: Option<DateTime<Utc>> = |case: &Case| case.closed_at;
    /// The name of who made it.
    #[schema(example = "front desk")]
    created_by: String = |case: &Case| case.created_by.clone();
    /// Time of recording in the system.
    created_at: DateTime<Utc> = |case: &Case| case.created_at;
    /// Time of the last update in the system.
    updated_at: DateTime<Utc> = |case: &Case| case.updated_at;
    /// Since when it is deleted; only ever seen in the answer to the deletion.
    #[schema(example = json!(null))]
    deleted_at: Option<DateTime<Utc>> = |case: &Case| case.deleted_at;
}

/// A change of status.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusChangeView {
    /// The number of the entry within the log of its case.
    #[schema(example = 1)]
    id: i64,
    /// The case.
    #[schema(example = 15)]
    case_id: i64,
    /// The status before; none for the creation.
    #[schema(example = json!(null))]
    from_status: Option<String>,
    /// The status after.
    #[schema(example = "open")]
    to_status: String,
    /// Why.
    #[schema(example = json!(null))]
    reason: Option<String>,
    /// The name of who did it; none where the system did.
    #[schema(example = "front desk")]
    changed_by: Option<String>,
    /// When it happened.
    created_at: DateTime<Utc>,
}

impl StatusChangeView {
    /// The change of status that an event is, if it is one.
    #[must_use]
    pub fn of(event: CaseEvent) -> Option<Self> {
        let StatusStep { from, to, reason } = event.data.into_status_step()?;
        Some(Self {
            id: event.version,
            case_id: event.case.0,
            from_status: from.map(String::from),
            to_status: to.into(),
            reason,
            changed_by: event.actor.map(|Actor { name, .. }| name),
            created_at: event.occurred_at,
        })
    }
}

/// A move that is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransitionView {
    /// The present status.
    #[schema(example = "open")]
    from_status: String,
    /// Where it leads.
    #[schema(example = "in_progress")]
    to_status: String,
    /// The name of the transition.
    #[schema(example = "start")]
    name: String,
    /// Whether a reason has to be given.
    #[schema(example = false)]
    requires_reason: bool,
}

impl TransitionView {
    fn new(case: &Case, explained: Explanation) -> Self {
        Self {
            from_status: case.status.to_string(),
            to_status: explained.to.to_string(),
            requires_reason: !explained.requires.is_empty(),
            name: explained.name,
        }
    }
}
