//! Request bodies of workflows.

use docket_domain::workflow::{ASSERTIONS_MAX, Assertion, WorkflowId};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::workflow_view::DefinitionView;
use crate::wire::fields::{Fields, FromFields, Given};

/// A definition that can be installed.
fn example_definition() -> Value {
    json!({
        "entity_type": "case",
        "name": "Complaint",
        "statuses": [
            { "key": "received", "id": 21, "label": "Received", "color": "#2563EB", "phase": "active", "initial": true },
            { "key": "in_review", "id": 22, "label": "In review", "color": "#F59E0B", "phase": "active" },
            { "key": "answered", "id": 23, "label": "Answered", "color": "#16A34A", "phase": "closed", "terminal": true, "outcome": "closed" },
        ],
        "transitions": [
            { "name": "start", "from": ["received"], "to": ["in_review"], "guards": [{ "staff_role_assigned": { "role": "lead" } }] },
            { "name": "answer", "from": ["in_review"], "to": ["answered"], "requires_reason": true },
        ],
    })
}

/// What to check.
#[derive(Debug, Default, ToSchema)]
#[schema(example = json!({
    "definition": example_definition(),
    "assertions": [{ "reachable": { "from": "received", "to": "answered" } }],
}))]
pub struct CheckWorkflowBody {
    /// The definition.
    #[schema(value_type = DefinitionView)]
    pub definition: Value,
    /// Assertions about every path that a case can take, at most 100.
    #[schema(value_type = Option<Vec<Object>>, nullable = false, example = json!([{"reachable": {"from": "open", "to": "closed"}}]))]
    pub assertions: Option<Vec<Assertion>>,
}

impl FromFields for CheckWorkflowBody {
    fn from_fields(fields: &mut Fields) -> Self {
        // A definition on its own is accepted too.
        if !fields.has("definition") {
            return Self { definition: Value::Object(fields.take_rest()), assertions: None };
        }
        Self { definition: fields.take("definition").unwrap_or_default(), assertions: assertions(fields) }
    }
}

fn definition(fields: &mut Fields) -> Value {
    fields.required("definition", |fields| fields.given("definition", "a definition", Some)).unwrap_or_default()
}

fn assertions(fields: &mut Fields) -> Option<Vec<Assertion>> {
    let expected = "an array of at most 100 assertions: reachable, never or always_passes";
    let read = |value: Value| {
        let assertions = serde_json::from_value::<Vec<Assertion>>(value).ok();
        assertions.filter(|assertions| assertions.len() <= ASSERTIONS_MAX)
    };
    fields.not_null("assertions", |fields| fields.given("assertions", expected, read))
}

/// A version to install.
#[derive(Debug, Default, ToSchema)]
#[schema(example = json!({
    "definition": example_definition(),
    "case_types": ["complaint"],
    "assertions": [{ "reachable": { "from": "received", "to": "answered" } }],
    "activate": true,
}))]
pub struct InstallWorkflowBody {
    /// The definition.
    #[schema(value_type = DefinitionView)]
    pub definition: Value,
    /// Types of the cases that begin in this workflow. Default: those that the workflow has.
    #[schema(value_type = Option<Vec<String>>, nullable = false, example = json!(["litigation"]))]
    pub case_types: Option<Vec<String>>,
    /// Assertions that this and every later version must meet, at most 100. Default: those that the workflow has.
    #[schema(value_type = Option<Vec<Object>>, nullable = false, example = json!([{"reachable": {"from": "open", "to": "closed"}}]))]
    pub assertions: Option<Vec<Assertion>>,
    /// Whether new cases begin with this version from now on. Default: `true`.
    #[schema(value_type = Option<bool>, nullable = false, example = true)]
    pub activate: Option<bool>,
}

impl FromFields for InstallWorkflowBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            definition: definition(fields),
            case_types: fields.not_null("case_types", |fields| fields.texts("case_types", 1_000)),
            assertions: assertions(fields),
            activate: fields.not_null("activate", |fields| fields.boolean("activate")),
        }
    }
}

/// The version to activate.
#[derive(Debug, Default, ToSchema)]
pub struct ActivateWorkflowBody {
    /// Id of the version.
    #[schema(value_type = String, format = Uuid, example = "8fe56870-2605-8c1f-8ebc-e0066305da5c")]
    pub version: Option<WorkflowId>,
}

impl FromFields for ActivateWorkflowBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let read =
            |fields: &mut Fields| -> Given<WorkflowId> { fields.word("version", "a UUID", |word| word.parse().ok()) };
        Self { version: fields.required("version", read) }
    }
}
