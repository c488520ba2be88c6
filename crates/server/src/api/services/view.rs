//! Views of cases.
//!
//! They translate the state of a case to JSON. They never read the store.

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

        /// A case with its parent case, follow-ups, status history and allowed transitions.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct CaseDetailView {
            $($(#[$attr])* $field: $type,)*
            /// Parent case. Null if the case has no parent or the parent is deleted.
            parent_case: Option<CaseView>,
            /// Follow-ups, oldest first, at most 100. `GET /api/cases/list?parent_case_id=` lists all of them.
            follow_ups: Vec<CaseView>,
            /// Status changes, oldest first.
            status_history: Vec<StatusChangeView>,
            /// Transitions that the caller can make now.
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
    #[schema(example = 15)]
    id: i64 = |case: &Case| case.id.0;
    /// Public id, the same in every dialect. A path accepts the `id` or the `uuid`.
    uuid: Uuid = |case: &Case| case.uuid;
    /// Case number `YYYY-MM-SSSSS-II`: year and month of opening, series, instance.
    #[schema(example = "2026-01-00015-01")]
    case_number: String = |case: &Case| case.number().to_string();
    /// Id of the customer in another system.
    #[schema(example = 123)]
    customer_id: Option<i64> = |case: &Case| case.details.customer.map(|id| id.0);
    /// Id of the contractor in another system.
    #[schema(example = json!(null))]
    contractor_id: Option<i64> = |case: &Case| case.details.contractor.map(|id| id.0);
    /// Title. A case without a title has its case number here.
    #[schema(example = "The cooling unit leaks")]
    title: String = Case::name;
    #[schema(example = "Water under the rack since Monday.")]
    description: Option<String> = |case: &Case| case.details.description.clone();
    #[schema(example = "open")]
    status: String = |case: &Case| case.status.to_string();
    /// `low`, `normal`, `high` or `urgent`.
    #[schema(value_type = String, example = "high")]
    priority: Priority = |case: &Case| case.details.priority;
    /// Id of the parent case, if the case is a follow-up.
    #[schema(example = json!(null))]
    parent_case_id: Option<i64> = |case: &Case| case.parent.map(|id| id.0);
    /// Id of the linked inquiry.
    #[schema(example = 42)]
    initial_inquiry_id: Option<i64> = |case: &Case| case.details.inquiry.map(|id| id.0);
    /// Id of the linked order.
    #[schema(example = json!(null))]
    order_id: Option<i64> = |case: &Case| case.details.order.map(|id| id.0);
    /// Id of the linked offer in another system.
    #[schema(example = json!(null))]
    offer_id: Option<i64> = |case: &Case| case.details.offer.map(|id| id.0);
    /// Id of the linked invoice in another system.
    #[schema(example = json!(null))]
    invoice_id: Option<i64> = |case: &Case| case.details.invoice.map(|id| id.0);
    #[schema(example = json!(["hvac"]))]
    tags: Vec<String> = |case: &Case| case.details.tags.iter().map(str::to_owned).collect();
    /// Free JSON fields.
    #[schema(value_type = Object, example = json!({"floor": 3}))]
    metadata: FreeFields = |case: &Case| case.details.custom_fields.clone();
    /// How the case was resolved.
    #[schema(example = json!(null))]
    resolution: Option<String> = |case: &Case| case.details.resolution.clone();
    /// Due date.
    #[schema(example = "2026-12-31")]
    due_on: Option<NaiveDate> = |case: &Case| case.details.due_on;
    /// When the case was resolved. A rework or a reopening clears it.
    #[schema(example = json!(null))]
    resolved_at: Option<DateTime<Utc>> = |case: &Case| case.resolved_at;
    /// When the case was closed or cancelled. A reopening clears it.
    #[schema(example = json!(null))]
    closed_at: Option<DateTime<Utc>> = |case: &Case| case.closed_at;
    /// Name of the creator.
    #[schema(example = "front desk")]
    created_by: String = |case: &Case| case.created_by.clone();
    /// When the case was recorded in the system.
    created_at: DateTime<Utc> = |case: &Case| case.created_at;
    /// When the case was last updated.
    updated_at: DateTime<Utc> = |case: &Case| case.updated_at;
    /// When the case was deleted. Null except in the response to the deletion.
    #[schema(example = json!(null))]
    deleted_at: Option<DateTime<Utc>> = |case: &Case| case.deleted_at;
}

/// A status change of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusChangeView {
    /// Position in the log of the case, from 1. Positions have gaps, because the log also has other changes.
    #[schema(example = 1)]
    id: i64,
    #[schema(example = 15)]
    case_id: i64,
    /// Status before the change. Null for the creation.
    #[schema(example = json!(null))]
    from_status: Option<String>,
    /// Status after the change.
    #[schema(example = "open")]
    to_status: String,
    /// Reason given for the change.
    #[schema(example = json!(null))]
    reason: Option<String>,
    /// Name of the actor. Null if the system made the change.
    #[schema(example = "front desk")]
    changed_by: Option<String>,
    /// When the change happened.
    created_at: DateTime<Utc>,
}

impl StatusChangeView {
    /// `None` if the event is not a status change.
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

/// A transition that is allowed now.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransitionView {
    /// Current status.
    #[schema(example = "open")]
    from_status: String,
    /// Status after the transition.
    #[schema(example = "in_progress")]
    to_status: String,
    /// Name of the transition.
    #[schema(example = "start")]
    name: String,
    /// Whether the transition requires a `reason`.
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
