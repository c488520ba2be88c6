//! What Case IQ callers send about cases.

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

/// The fields of a case that this dialect can write and that have a meaning of their own.
const WRITABLE: [&str; 7] = ["title", "description", "priority", "dueDate", "tags", "caseType", "owner"];
/// What only the server sets. Callers may send it, so that what they read can be sent back, and it counts for nothing.
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
/// Read-only as well, and by its name no neighbour of the others.
const CANCELED: &str = "canceled";

/// Whether the name is one of the dialect's own, so that a free field of that name cannot be seen or written here.
#[must_use]
pub fn is_reserved(name: &str) -> bool {
    WRITABLE.contains(&name) || READ_ONLY.contains(&name) || name == CANCELED
}

/// A case: fields with a meaning, and any others of the caller's own, which are kept exactly as they are.
///
/// Read-only fields (`id`, `caseNumber`, `createdDate`, `updatedDate`, `caseStatus`, `lastWorkflowId`,
/// `lastWorkflowStatus`, `lastTransitionReason`, `closedDate`, `canceled`) may be sent and are ignored.
#[derive(Debug, Default, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct CaseBody {
    /// What it is called; without one, its number.
    #[schema(value_type = Option<String>, example = "Expenses of the Berlin office", min_length = 1, max_length = 500)]
    title: Given<String>,
    /// What it is about.
    #[schema(value_type = Option<String>, example = "Receipts do not match the bookings of March.")]
    description: Given<String>,
    /// How urgent it is: `low`, `normal` (also where nothing is said), `high` or `urgent`.
    #[schema(value_type = Option<String>, example = "high")]
    priority: Given<Priority>,
    /// The day by which it should be done.
    #[schema(value_type = Option<NaiveDate>, example = "2026-12-31")]
    due_date: Given<NaiveDate>,
    /// Words by which it is found.
    #[schema(value_type = Option<Vec<String>>, example = json!(["finance"]))]
    tags: Given<Vec<String>>,
    /// The kind of matter.
    #[schema(value_type = Option<String>, example = "fraud")]
    case_type: Given<String>,
    /// Who owns it, as free text.
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
    /// The new case that it means.
    #[must_use]
    pub fn into_new_case(self, uuid: Uuid, context: &Context) -> NewCase {
        let mut details = Details::opened_on(context.now.date_naive());
        for edit in self.edits_of_known(None) {
            edit.apply(&mut details);
        }
        details.custom_fields = self.own.into();
        NewCase::new(uuid, details)
    }

    /// All that this dialect can write, replaced: what the body does not have is cleared. Free fields that are hidden
    /// behind the dialect's own names are none that it can write, so that they stay.
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

    /// What the body has, merged into what is there (RFC 7396).
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

/// A case without a name shows its number as the title: sent back, that is still no name.
fn is_a_name(title: &str, case: Option<&Case>) -> bool {
    case.is_none_or(|case| case.details.name.is_some() || case.number().to_string() != title)
}

/// A change of status.
#[derive(Debug, Default, ToSchema)]
#[schema(rename_all = "camelCase")]
pub struct TransitionBody {
    /// `Close` or `Reopen`, whatever the letters' case; also any transition (by name or label) or, to move to it, any
    /// status (by label) of the case's workflow.
    #[schema(value_type = String, example = "Close")]
    case_status: Option<String>,
    /// The workflow that the caller believes the case to be in: its `lastWorkflowId`.
    #[schema(value_type = Uuid)]
    workflow_id: Option<Uuid>,
    /// Why. `Reopen` needs one.
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
    /// The move that it means in the workflow that the case is in.
    ///
    /// # Errors
    /// Where the workflow knows neither a transition nor a status by that word.
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
