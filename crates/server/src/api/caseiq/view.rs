//! Cases as Case IQ callers see them.

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

/// The fields of the dialect, listed once.
macro_rules! case_view {
    ($($(#[$attr:meta])* $name:literal $field:ident: $type:ty,)*) => {
        /// A case: the fields of the dialect, and behind them the caller's own, exactly as they were sent.
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
    /// The public id, by which the other calls name the case.
    "id" id: Uuid,
    /// The formatted number: year and month of opening, series, instance.
    #[schema(example = "2026-01-00042-01")]
    "caseNumber" case_number: String,
    /// Time of recording in the system.
    "createdDate" created_date: DateTime<Utc>,
    /// Time of the last update in the system.
    "updatedDate" updated_date: DateTime<Utc>,
    /// `Open` or `Closed`.
    #[schema(value_type = String, example = "Open")]
    "caseStatus" case_status: &'static str,
    /// The workflow that the case is in, as a transition has to name it.
    "lastWorkflowId" last_workflow_id: Uuid,
    /// The label of its status in that workflow.
    #[schema(example = "In progress")]
    "lastWorkflowStatus" last_workflow_status: String,
    /// The reason that was given for the last change of status.
    #[schema(example = json!(null))]
    "lastTransitionReason" last_transition_reason: Option<String>,
    /// Since when it is closed.
    #[schema(example = json!(null))]
    "closedDate" closed_date: Option<DateTime<Utc>>,
    /// Whether it ended by being cancelled.
    #[schema(example = false)]
    "canceled" canceled: bool,
    /// Who owns it, as free text.
    #[schema(example = "Dana Reyes")]
    "owner" owner: Option<String>,
    /// The kind of matter.
    #[schema(example = "fraud")]
    "caseType" case_type: Option<String>,
    /// What it is called; its number where nobody named it.
    #[schema(example = "Expenses of the Berlin office")]
    "title" title: String,
    /// What it is about.
    #[schema(example = "Receipts do not match the bookings of March.")]
    "description" description: Option<String>,
    /// How urgent it is: `low`, `normal`, `high` or `urgent`.
    #[schema(value_type = String, example = "high")]
    "priority" priority: Priority,
    /// The day by which it should be done.
    #[schema(example = "2026-12-31")]
    "dueDate" due_date: Option<NaiveDate>,
    /// Words by which it is found.
    #[schema(example = json!(["finance"]))]
    "tags" tags: Vec<String>,
}

impl CaseView {
    /// The case in the words of its workflow, with the reason of the last change of its status.
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
