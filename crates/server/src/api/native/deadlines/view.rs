//! Response bodies for deadlines.

use chrono::{DateTime, NaiveDate, Utc};
use docket_domain::{
    case::Case,
    deadline::{Computation, Deadline},
    page::{Cursor, Page},
    time::Timestamp,
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{
    compute::StepView,
    view::{PaginationView, linked},
};

/// A deadline on a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadlineView {
    #[schema(example = "dl_0000000000001")]
    id: String,
    case_id: Uuid,
    /// UUID of the part that the deadline is on, in a list of a case with parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    origin: Option<Uuid>,
    /// What has to be done.
    #[schema(example = "Statement of defence")]
    title: String,
    /// Origin: `statutory`, `court`, `contractual` or `internal`.
    #[schema(example = "court")]
    kind: &'static str,
    /// Due date (`YYYY-MM-DD`) or RFC 3339 timestamp in UTC.
    #[schema(example = "2026-08-06")]
    due_at: String,
    /// `pending` (upcoming), `met`, `missed` (overdue) or `cancelled`.
    #[schema(example = "pending")]
    status: &'static str,
    /// Id of the person responsible for the deadline.
    #[schema(example = "usr_0000000000037")]
    assigned_to: Option<String>,
    /// Id of the person who verified the deadline.
    #[schema(example = json!(null))]
    verified_by: Option<String>,
    /// First day on which to warn about the deadline.
    #[schema(example = "2026-07-30")]
    warn_on: Option<NaiveDate>,
    /// Body of law of the computation; `null` if the due date was entered.
    #[schema(example = "frcp6")]
    rule: Option<&'static str>,
    /// Input of the computation; `null` if the due date was entered.
    #[schema(value_type = Option<Object>, example = json!({"rule": "frcp6", "trigger": "2026-07-03", "count": 30, "unit": "days", "direction": "after", "service": "mail"}))]
    compute: Option<Value>,
    /// Steps of the computation; empty if the due date was entered.
    steps: Vec<StepView>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
}

impl DeadlineView {
    /// `now` decides whether an open deadline is pending or missed.
    pub fn new(deadline: Deadline, now: Timestamp) -> Self {
        let status = deadline.status(now).as_str();
        Self {
            id: deadline.id.to_string(),
            case_id: deadline.case_uuid,
            origin: None,
            title: deadline.title,
            kind: deadline.kind.as_str(),
            due_at: deadline.due.to_string(),
            status,
            assigned_to: deadline.assigned_to.map(|person| person.to_string()),
            verified_by: deadline.verified_by.map(|person| person.to_string()),
            warn_on: deadline.warn_on,
            rule: deadline.computation.as_ref().map(|computation| computation.rule.as_str()),
            compute: deadline.computation.as_ref().map(|computation: &Computation| json!(computation)),
            steps: deadline.steps.into_iter().map(StepView::from).collect(),
            created_at: deadline.created_at,
            updated_at: deadline.updated_at,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DeadlineListView {
    /// Deadlines by due date, earliest first.
    data: Vec<DeadlineView>,
    pagination: PaginationView,
}

linked!(DeadlineListView);

impl DeadlineListView {
    /// The list of a case, or of all cases. `list` is the letter of the list's cursors.
    pub fn new(case: Option<&Case>, page: Page<Deadline>, now: Timestamp, list: char) -> Self {
        let pagination = PaginationView::new(&page, |deadline| Cursor::from(deadline.position()).encode(list));
        let view = |deadline: Deadline| {
            let origin = case.and_then(|case| case.origin_of(deadline.case));
            DeadlineView { origin, ..DeadlineView::new(deadline, now) }
        };
        Self { data: page.rows.into_iter().map(view).collect(), pagination }
    }
}
