//! Responses of the Case IQ dialect.

use chrono::{DateTime, NaiveDate, Utc};
use docket_domain::{
    case::{Case, Priority},
    workflow::{Phase, Workflow},
};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::body::is_reserved;

/// Lists the fields once, for the schema and for serialization.
macro_rules! case_view {
    ($($(#[$attr:meta])* $name:literal $field:ident: $type:ty,)*) => {
        /// A case. The free fields of the client follow, exactly as sent.
        #[derive(Debug, ToSchema)]
        #[schema(rename_all = "camelCase")]
        pub struct CaseView {
            $($(#[$attr])* $field: $type,)*
            #[schema(ignore)]
            own: Map<String, Value>,
        }

        impl Serialize for CaseView {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut object = serializer.serialize_map(None)?;
                $(object.serialize_entry($name, &self.$field)?;)*
                for (name, value) in self.own.iter().filter(|(name, _)| !is_reserved(name)) {
                    object.serialize_entry(name, value)?;
                }
                object.end()
            }
        }
    };
}

case_view! {
    "id" id: Uuid,
    /// Formatted case number `YYYY-MM-SSSSS-II`: year and month of opening, series number, series instance.
    #[schema(example = "2026-01-00042-01")]
    "caseNumber" case_number: String,
    /// When the case was created in the system.
    "createdDate" created_date: DateTime<Utc>,
    /// When the case was last updated.
    "updatedDate" updated_date: DateTime<Utc>,
    /// `Open` or `Closed`.
    #[schema(value_type = String, example = "Open")]
    "caseStatus" case_status: &'static str,
    /// Current workflow of the case. Send it as `workflowId` to update the status.
    "lastWorkflowId" last_workflow_id: Uuid,
    /// Label of the current status in that workflow.
    #[schema(example = "In progress")]
    "lastWorkflowStatus" last_workflow_status: String,
    /// Reason of the last status change. `null` if none was given.
    #[schema(example = json!(null))]
    "lastTransitionReason" last_transition_reason: Option<String>,
    /// When the case was closed or cancelled. `null` for an open case.
    #[schema(example = json!(null))]
    "closedDate" closed_date: Option<DateTime<Utc>>,
    /// Whether the case was cancelled.
    #[schema(example = false)]
    "canceled" canceled: bool,
    /// Name of the owner, free text.
    #[schema(example = "Dana Reyes")]
    "owner" owner: Option<String>,
    /// Kind of matter, free text.
    #[schema(example = "fraud")]
    "caseType" case_type: Option<String>,
    /// Title of the case. The case number if the case has no title.
    #[schema(example = "Expenses of the Berlin office")]
    "title" title: String,
    #[schema(example = "Receipts do not match the bookings of March.")]
    "description" description: Option<String>,
    /// `low`, `normal`, `high` or `urgent`.
    #[schema(value_type = String, example = "high")]
    "priority" priority: Priority,
    /// Date by which the case should be done.
    #[schema(example = "2026-12-31")]
    "dueDate" due_date: Option<NaiveDate>,
    #[schema(example = json!(["finance"]))]
    "tags" tags: Vec<String>,
}

impl CaseView {
    #[must_use]
    pub fn new(case: Case, workflow: &Workflow, last_transition_reason: Option<String>) -> Self {
        let status = workflow.status(&case.status);
        Self {
            id: case.uuid,
            case_number: case.number().to_string(),
            created_date: case.created_at,
            updated_date: case.updated_at,
            case_status: match case.phase {
                Phase::Active => "Open",
                Phase::Closed => "Closed",
            },
            last_workflow_id: case.workflow.0,
            last_workflow_status: status.map_or_else(|| case.status.to_string(), |status| status.label.clone()),
            last_transition_reason,
            closed_date: case.closed_at,
            canceled: case.is_cancelled(),
            title: case.name(),
            tags: case.details.tags.iter().map(str::to_owned).collect(),
            owner: case.details.owner,
            case_type: case.details.case_type,
            description: case.details.description,
            priority: case.details.priority,
            due_date: case.details.due_on,
            own: case.details.custom_fields.to_map(),
        }
    }
}
