//! Deadlines as native callers see them.

use chrono::{DateTime, NaiveDate, Utc};
use docket_domain::{
    deadline::{Computation, Deadline},
    page::{Cursor, Page},
    time::Timestamp,
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{compute::StepView, view::PaginationView};

/// A deadline.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadlineView {
    /// Its id.
    #[schema(example = "dl_000000000000B")]
    id: String,
    /// The case that it belongs to.
    case_id: Uuid,
    /// What has to be done.
    #[schema(example = "Statement of defence")]
    title: String,
    /// `statutory`, `court`, `contractual` or `internal`.
    #[schema(example = "court")]
    kind: &'static str,
    /// Due date (`YYYY-MM-DD`), or a timestamp in UTC.
    #[schema(example = "2026-08-06")]
    due_at: String,
    /// `pending`, `met`, `missed` or `cancelled`.
    #[schema(example = "pending")]
    status: &'static str,
    /// Who sees to it.
    #[schema(example = "usr_000000000000D")]
    assigned_to: Option<String>,
    /// Who checked it.
    #[schema(example = json!(null))]
    verified_by: Option<String>,
    /// The day from which it should worry somebody.
    #[schema(example = "2026-07-30")]
    warn_on: Option<NaiveDate>,
    /// The body of law that it was computed under.
    #[schema(example = "frcp6")]
    rule: Option<&'static str>,
    /// What it was computed from.
    #[schema(value_type = Option<Object>, example = json!({"rule": "frcp6", "trigger": "2026-07-03", "count": 30, "unit": "days", "direction": "after", "service": "mail"}))]
    compute: Option<Value>,
    /// How it was computed; empty where it was entered by hand.
    steps: Vec<StepView>,
    /// When it was put on the case.
    created_at: DateTime<Utc>,
    /// When it last changed.
    updated_at: DateTime<Utc>,
}

impl DeadlineView {
    /// The deadline as it is by then.
    pub fn new(deadline: Deadline, now: Timestamp) -> Self {
        let status = deadline.status(now).as_str();
        Self {
            id: deadline.id.to_string(),
            case_id: deadline.case_uuid,
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

/// A page of deadlines.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeadlineListView {
    /// The deadlines, the earliest first.
    data: Vec<DeadlineView>,
    /// Where the list goes on.
    pagination: PaginationView,
}

impl DeadlineListView {
    /// The page as it is by then, of the list with that letter.
    pub fn new(page: Page<Deadline>, now: Timestamp, list: char) -> Self {
        let pagination = PaginationView::new(&page, |deadline| Cursor::from(deadline.position()).encode(list));
        Self { data: page.rows.into_iter().map(|deadline| DeadlineView::new(deadline, now)).collect(), pagination }
    }
}
