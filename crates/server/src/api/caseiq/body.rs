//! Request bodies of the Case IQ dialect. They check the form of a value; its rules are checked by the domain.

use std::borrow::Cow;

use chrono::NaiveDate;
use docket_domain::{
    actor::Context,
    case::{Case, Details, Edit, Priority, Tags},
    command::{Command, NewCase, TransitionRequest},
    error::{Error, FieldError},
    json::merge_patch,
    workflow::{Workflow, WorkflowId},
};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::wire::fields::{Fields, FromFields, Given};

const WRITABLE: [&str; 7] = ["title", "description", "priority", "dueDate", "tags", "caseType", "owner"];
/// Ignored in a body, so that a client can send a response back unchanged.
const READ_ONLY: [&str; 9] = [
    "id",
    "caseNumber",
    "createdDate",
    "updatedDate",
    "caseStatus",
    "lastWorkflowId",
    "lastWorkflowStatus",
    "lastTransitionReason",
    "closedDate",
];
/// Read-only too.
const CANCELED: &str = "canceled";

/// Whether the dialect has a field with this name. It hides a free field with the same name.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    WRITABLE.contains(&name) || READ_ONLY.contains(&name) || name == CANCELED
}

/// A case. Any other field is a free field: it can have any JSON value and is returned exactly as sent. The free fields
/// of a case have at most 64 KiB of JSON, unless the server is configured otherwise.
///
/// Read-only fields (`id`, `caseNumber`, `createdDate`, `updatedDate`, `caseStatus`, `lastWorkflowId`,
/// `lastWorkflowStatus`, `lastTransitionReason`, `closedDate`, `canceled`) are accepted and ignored.
#[derive(Debug, Default, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct CaseBody {
    /// Title of the case, at most 500 characters. Default: the case number.
    #[schema(value_type = Option<String>, example = "Expenses of the Berlin office", min_length = 1, max_length = 500)]
    title: Given<String>,
    /// Description of the matter, at most 100,000 characters.
    #[schema(value_type = Option<String>, example = "Receipts do not match the bookings of March.")]
    description: Given<String>,
    /// `low`, `normal`, `high` or `urgent`. Default: `normal`.
    #[schema(value_type = Option<String>, example = "high")]
    priority: Given<Priority>,
    /// Date by which the case should be done, in the years 1000 to 9999.
    #[schema(value_type = Option<NaiveDate>, example = "2026-12-31")]
    due_date: Given<NaiveDate>,
    /// At most 100 different tags with at most 255 characters each. Duplicates are removed.
    #[schema(value_type = Option<Vec<String>>, example = json!(["finance"]))]
    tags: Given<Vec<String>>,
    /// Kind of matter: free text, at most 255 characters.
    #[schema(value_type = Option<String>, example = "fraud")]
    case_type: Given<String>,
    /// Name of the owner: free text, at most 255 characters.
    #[schema(value_type = Option<String>, example = "Dana Reyes")]
    owner: Given<String>,
    #[schema(ignore)]
    own: Map<String, Value>,
}

impl FromFields for CaseBody {
    fn from_fields(fields: &mut Fields) -> Self {
        for name in READ_ONLY.into_iter().chain([CANCELED]) {
            fields.take(name);
        }
        Self {
            title: fields.text("title"),
            description: fields.text("description"),
            priority: fields.word("priority", "one of low, normal, high, urgent", |word| word.parse().ok()),
            due_date: fields.date("dueDate"),
            tags: fields.tags("tags"),
            case_type: fields.text("caseType"),
            owner: fields.text("owner"),
            own: fields.take_rest(),
        }
    }
}

impl CaseBody {
    #[must_use]
    pub fn into_new_case(self, uuid: Uuid, context: &Context) -> NewCase {
        let mut details = Details::opened_on(context.now.date_naive());
        for edit in self.edits_of_known(None) {
            edit.apply(&mut details);
        }
        details.custom_fields = self.own.into();
        NewCase::new(uuid, details)
    }

    /// Clears every field that the body does not have. Free fields with a reserved name stay: this dialect cannot write
    /// them.
    #[must_use]
    pub fn replace(&self, case: &Case) -> Command {
        let hidden = case.details.custom_fields.to_map().into_iter().filter(|(name, _)| is_reserved(name));
        let own = self.own.clone().into_iter().chain(hidden).collect();
        let all = Self {
            title: Some(self.title.clone().flatten()),
            description: Some(self.description.clone().flatten()),
            priority: Some(self.priority.flatten()),
            due_date: Some(self.due_date.flatten()),
            tags: Some(self.tags.clone().flatten()),
            case_type: Some(self.case_type.clone().flatten()),
            owner: Some(self.owner.clone().flatten()),
            own: Map::new(),
        };
        all.edit(case, own)
    }

    /// JSON merge patch (RFC 7396).
    #[must_use]
    pub fn merge(&self, case: &Case) -> Command {
        self.edit(case, merge_patch(case.details.custom_fields.to_map(), self.own.clone()))
    }

    fn edit(&self, case: &Case, own: Map<String, Value>) -> Command {
        let mut edits = self.edits_of_known(Some(case));
        edits.push(Edit::CustomFields(own.into()));
        Command::Edit(edits)
    }

    fn edits_of_known(&self, case: Option<&Case>) -> Vec<Edit> {
        let mut edits = Vec::with_capacity(WRITABLE.len() + 1);
        edits.extend(self.title.clone().map(|title| Edit::Name(title.filter(|title| is_a_name(title, case)))));
        edits.extend(self.description.clone().map(Edit::Description));
        edits.extend(self.priority.map(|priority| Edit::Priority(priority.unwrap_or_default())));
        edits.extend(self.due_date.map(Edit::DueOn));
        edits.extend(self.tags.clone().map(|tags| Edit::Tags(tags.into_iter().flatten().collect::<Tags>())));
        edits.extend(self.case_type.clone().map(Edit::CaseType));
        edits.extend(self.owner.clone().map(Edit::Owner));
        edits
    }
}

/// A case without a name has its number as the title. If a client sends the number back, the case still has no name.
fn is_a_name(title: &str, case: Option<&Case>) -> bool {
    case.is_none_or(|case| case.details.name.is_some() || case.number().to_string() != title)
}

#[derive(Debug, Default, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct TransitionBody {
    /// `Close`, `Reopen`, another transition of the case's workflow (name or label), or the target status (label). Not
    /// case-sensitive.
    #[schema(value_type = String, example = "Close")]
    case_status: Option<String>,
    /// Current workflow of the case: its `lastWorkflowId`.
    #[schema(value_type = Uuid, example = "8fe56870-2605-8c1f-8ebc-e0066305da5c")]
    workflow_id: Option<Uuid>,
    /// Reason for the change, at most 2,000 characters. Required for `Reopen`.
    #[schema(value_type = Option<String>, example = "i like it")]
    reason: Given<String>,
}

impl FromFields for TransitionBody {
    const REFUSES_UNKNOWN: bool = false;

    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            case_status: fields.required("caseStatus", |fields| fields.text("caseStatus")),
            workflow_id: fields.required("workflowId", |fields| {
                fields.word("workflowId", "a UUID", |text| Uuid::try_parse(text).ok())
            }),
            reason: fields.text("reason"),
        }
    }
}

impl TransitionBody {
    pub fn command(&self, workflow: &Workflow) -> Result<Command, Error> {
        let word = self.case_status.as_deref().unwrap_or_default();
        let movement = workflow.move_by_word(word.trim()).ok_or_else(|| unknown(workflow))?;
        let reason = self.reason.clone().flatten();
        Ok(Command::Transition(TransitionRequest { movement, reason, workflow: self.workflow_id.map(WorkflowId) }))
    }
}

fn unknown(workflow: &Workflow) -> FieldError {
    let transitions = workflow.transitions().iter().map(|transition| Cow::Borrowed(transition.name.as_str()));
    let statuses = workflow.statuses().iter().map(|status| Cow::Borrowed(status.label.as_str()));
    let known = transitions.chain(statuses).collect::<Vec<_>>().join(", ");
    FieldError::new("caseStatus", format!("must be a transition or a status of the case's workflow: {known}"))
}
