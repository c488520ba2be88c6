//! Bodies and views of workflows.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use docket_domain::{
    catalog::Version,
    service::ListedWorkflow,
    workflow::{Answer, Assertion, Finding, Workflow, WorkflowDefinition, WorkflowDiff, WorkflowReport, warnings},
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// A workflow definition, as in docs/workflow.md.
#[derive(Debug, Serialize, ToSchema)]
pub struct DefinitionView {
    /// Kind of entity that follows the workflow: `case`, `inquiry` or `order`.
    #[schema(example = "case")]
    entity_type: String,
    /// Display name.
    #[schema(example = "Litigation")]
    name: String,
    /// Statuses, in display order.
    statuses: Vec<StatusDefinitionView>,
    /// Transitions, in display order.
    transitions: Vec<TransitionDefinitionView>,
}

/// A status of a definition.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusDefinitionView {
    /// Stable key.
    #[schema(example = "open")]
    key: String,
    /// Integer id, unique in the workflow.
    #[schema(example = 1, minimum = 1)]
    id: i64,
    /// Display name.
    #[schema(example = "Open")]
    label: String,
    /// Meaning of the status. Default: empty.
    #[schema(required = false, example = "Received, and nobody has begun to work on it.")]
    description: String,
    /// Display color, `#RRGGBB`.
    #[schema(example = "#2563EB")]
    color: String,
    /// `active` or `closed`.
    #[schema(example = "active")]
    phase: String,
    /// Whether new entities begin in it. Exactly one status has `true`. Default: `false`.
    #[schema(required = false, example = true)]
    initial: bool,
    /// Whether only a reopening leaves it. Default: `false`.
    #[schema(required = false, example = false)]
    terminal: bool,
    /// How the matter ended: `resolved`, `closed`, `cancelled`, or not given.
    #[schema(required = false, nullable = false, example = "resolved")]
    outcome: Option<String>,
}

/// A transition of a definition.
#[derive(Debug, Serialize, ToSchema)]
pub struct TransitionDefinitionView {
    /// Stable name.
    #[schema(example = "start")]
    name: String,
    /// Display name. Default: the name in words.
    #[schema(required = false, nullable = false, example = "Start")]
    label: Option<String>,
    /// Keys of the statuses from which it starts.
    #[schema(example = json!(["open"]))]
    from: Vec<String>,
    /// Keys of its targets; the first is the default.
    #[schema(example = json!(["in_progress"]))]
    to: Vec<String>,
    /// Whether it requires a reason. Default: `false`.
    #[schema(required = false, example = false)]
    requires_reason: bool,
    /// Scope that it requires in addition to `cases:write`.
    #[schema(required = false, nullable = false, example = "admin")]
    scope: Option<String>,
    /// Conditions that must all be met, each an object with one guard.
    #[schema(required = false, value_type = Vec<Object>, example = json!([{"staff_role_assigned": {"role": "lead"}}]))]
    guards: Vec<Value>,
    /// `regular` (default), `rework` or `reopen`.
    #[schema(required = false, example = "regular")]
    kind: String,
}

/// A fault or a warning.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// Stable code.
    #[schema(example = "dead_end")]
    code: &'static str,
    /// JSON pointer (RFC 6901) into the definition.
    #[schema(example = "/statuses/3")]
    path: String,
    /// What is wrong.
    #[schema(example = "status waiting: has no outgoing transition; add one or make the status terminal")]
    message: String,
    /// What to do about it.
    #[schema(example = "add a transition that starts from it, or set terminal: true")]
    hint: String,
}

impl From<Finding> for FindingView {
    fn from(Finding { code, path, message, hint }: Finding) -> Self {
        Self { code, path, message, hint }
    }
}

/// The answer to an assertion.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnswerView {
    /// The assertion.
    #[schema(value_type = Object, example = json!({"reachable": {"from": "open", "to": "closed"}}))]
    assertion: Assertion,
    /// Whether it holds.
    #[schema(example = true)]
    holds: bool,
    /// Why it does not hold; `null` if it holds.
    #[schema(example = json!(null))]
    message: Option<String>,
    /// A shortest path that contradicts it; `null` if it holds, or if a path is missing.
    counterexample: Option<PathView>,
}

/// A path that a case can take.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathView {
    /// Keys of its statuses.
    #[schema(example = json!(["open", "closed"]))]
    statuses: Vec<String>,
    /// Names of the transitions between them.
    #[schema(example = json!(["close"]))]
    transitions: Vec<String>,
}

impl From<Answer> for AnswerView {
    fn from(Answer { assertion, holds, message, counterexample }: Answer) -> Self {
        let counterexample = counterexample.map(|path| PathView {
            statuses: path.statuses.into_iter().map(|key| key.to_string()).collect(),
            transitions: path.transitions,
        });
        Self { assertion, holds, message, counterexample }
    }
}

/// What was found in a definition.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckView {
    /// Whether the definition can be installed: no faults.
    #[schema(example = true)]
    valid: bool,
    /// Everything for which it cannot be installed.
    faults: Vec<FindingView>,
    /// What is valid, but hardly meant.
    warnings: Vec<FindingView>,
    /// The answers to the assertions, in their order.
    assertions: Vec<AnswerView>,
    /// Number of statuses.
    #[schema(example = 7)]
    statuses: usize,
    /// Number of transitions.
    #[schema(example = 10)]
    transitions: usize,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowListView {
    /// Workflows, by entity type and key.
    pub data: Vec<WorkflowView>,
}

/// A workflow with its versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowView {
    /// Stable key.
    #[schema(example = "default")]
    key: String,
    /// Kind of entity that follows it: `case`, `inquiry` or `order`.
    #[schema(example = "case")]
    entity_type: &'static str,
    /// Display name of the active version.
    #[schema(example = "Case")]
    name: String,
    /// Types of the cases that begin in it.
    #[schema(example = json!([]))]
    case_types: Vec<String>,
    /// Assertions that every new version must meet.
    #[schema(value_type = Vec<Object>, example = json!([]))]
    assertions: Vec<Assertion>,
    /// Id of the version that new entities begin with.
    active_version: Uuid,
    /// Versions, oldest first.
    versions: Vec<VersionView>,
}

/// A version of a workflow.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionView {
    /// Id, derived from the content: the `workflow_id` of its cases.
    id: Uuid,
    /// Number from 1, in the order of installation.
    #[schema(example = 1)]
    number: i64,
    /// When it was installed; `null` if it is built in.
    created_at: Option<DateTime<Utc>>,
    /// Id of the person whose key installed it; `null` if it is built in or was installed on the command line.
    #[schema(example = "usr_0000000000001")]
    created_by: Option<String>,
    /// Number of cases that follow it, deleted ones included.
    #[schema(example = 40)]
    cases: u64,
}

/// A workflow with the definition of its active version.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkflowDetailView {
    #[serde(flatten)]
    workflow: WorkflowView,
    /// Definition of the active version.
    #[schema(value_type = DefinitionView)]
    definition: WorkflowDefinition,
    /// Number of cases of the active version by status.
    #[schema(value_type = BTreeMap<String, i64>, example = json!({"open": 12, "closed": 9}))]
    cases_by_status: Map<String, Value>,
    /// Warnings about the definition.
    warnings: Vec<FindingView>,
}

/// A version with its definition.
#[derive(Debug, Serialize, ToSchema)]
pub struct VersionDetailView {
    #[serde(flatten)]
    version: VersionView,
    /// Key of the workflow.
    #[schema(example = "default")]
    key: String,
    /// Whether new entities begin with it.
    #[schema(example = true)]
    active: bool,
    /// The definition.
    #[schema(value_type = DefinitionView)]
    definition: WorkflowDefinition,
    /// Number of cases by status.
    #[schema(value_type = BTreeMap<String, i64>, example = json!({"open": 12, "closed": 9}))]
    cases_by_status: Map<String, Value>,
    /// Warnings about the definition.
    pub warnings: Vec<FindingView>,
}

/// What changes from one version to another.
#[derive(Debug, Serialize, ToSchema)]
pub struct DiffView {
    /// Fields of the workflow itself that differ, each with its former and its new value.
    fields: BTreeMap<String, ReplacedView>,
    /// Statuses, by key.
    statuses: ListDiffView,
    /// Transitions, by name.
    transitions: ListDiffView,
}

/// The difference between two lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListDiffView {
    /// New elements, as in a definition.
    #[schema(value_type = Vec<Object>)]
    added: Vec<Map<String, Value>>,
    /// Elements that are gone, as in a definition.
    #[schema(value_type = Vec<Object>)]
    removed: Vec<Map<String, Value>>,
    /// Elements that differ.
    changed: Vec<ChangedView>,
    /// Keys or names in their new order; empty if new elements follow the others and nothing else moves.
    #[schema(example = json!([]))]
    order: Vec<String>,
}

/// An element that differs.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangedView {
    /// Its key or name.
    #[schema(example = "open")]
    key: String,
    /// Fields that differ, each with its former and its new value.
    fields: BTreeMap<String, ReplacedView>,
}

/// A value and its replacement; `null` is a field with its default value.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplacedView {
    /// The former value.
    #[schema(value_type = Option<Value>, example = "Open")]
    from: Value,
    /// The new value.
    #[schema(value_type = Option<Value>, example = "New")]
    to: Value,
}

impl From<WorkflowDiff> for DiffView {
    fn from(diff: WorkflowDiff) -> Self {
        let fields = |fields: BTreeMap<String, docket_domain::workflow::Replaced>| {
            let views = fields.into_iter().map(|(name, value)| (name, ReplacedView { from: value.from, to: value.to }));
            views.collect::<BTreeMap<_, _>>()
        };
        let list = |list: docket_domain::workflow::ListDiff| ListDiffView {
            added: list.added,
            removed: list.removed,
            changed: list
                .changed
                .into_iter()
                .map(|one| ChangedView { key: one.key, fields: fields(one.fields) })
                .collect(),
            order: list.order,
        };
        Self { fields: fields(diff.fields), statuses: list(diff.statuses), transitions: list(diff.transitions) }
    }
}

impl VersionView {
    fn new(version: &Version, listed: &ListedWorkflow) -> Self {
        Self {
            id: version.id.0,
            number: version.number,
            created_at: version.created_at,
            created_by: version.created_by.as_ref().and_then(|actor| actor.id).map(|id| id.to_string()),
            cases: listed.cases_of(version.id),
        }
    }
}

impl From<&ListedWorkflow> for WorkflowView {
    fn from(listed: &ListedWorkflow) -> Self {
        Self {
            key: listed.own.key.clone(),
            entity_type: listed.own.entity_type.as_str(),
            name: listed.active.name().to_owned(),
            case_types: listed.own.case_types.clone(),
            assertions: listed.own.assertions.clone(),
            active_version: listed.own.active.0,
            versions: listed.own.versions.iter().map(|version| VersionView::new(version, listed)).collect(),
        }
    }
}

/// The numbers of cases of a version: every status of the version, and every other status that cases have.
pub(super) fn cases_by_status(listed: &ListedWorkflow, workflow: &Workflow) -> Map<String, Value> {
    let counted = listed.cases.get(&workflow.id());
    let of = |key| counted.and_then(|counted| counted.get(key)).copied().unwrap_or(0);
    let mut all = workflow
        .statuses()
        .iter()
        .map(|status| (status.key.to_string(), of(&status.key).into()))
        .collect::<Map<_, _>>();
    for (key, count) in counted.into_iter().flatten() {
        all.entry(key.as_str()).or_insert_with(|| (*count).into());
    }
    all
}

pub(super) fn warnings_of(workflow: &Workflow) -> Vec<FindingView> {
    warnings(&workflow.definition()).into_iter().map(FindingView::from).collect()
}

pub(super) fn detail(listed: &ListedWorkflow, version: &Version, workflow: &Workflow) -> VersionDetailView {
    VersionDetailView {
        version: VersionView::new(version, listed),
        key: listed.own.key.clone(),
        active: listed.own.active == version.id,
        definition: workflow.definition(),
        cases_by_status: cases_by_status(listed, workflow),
        warnings: warnings_of(workflow),
    }
}

impl From<&ListedWorkflow> for WorkflowDetailView {
    fn from(listed: &ListedWorkflow) -> Self {
        Self {
            workflow: WorkflowView::from(listed),
            definition: listed.active.definition(),
            cases_by_status: cases_by_status(listed, &listed.active),
            warnings: warnings_of(&listed.active),
        }
    }
}

impl From<WorkflowReport> for CheckView {
    fn from(report: WorkflowReport) -> Self {
        let read = report.definition.as_ref();
        Self {
            valid: report.is_valid(),
            statuses: read.map_or(0, |read| read.statuses.len()),
            transitions: read.map_or(0, |read| read.transitions.len()),
            faults: report.faults.into_iter().map(FindingView::from).collect(),
            warnings: report.warnings.into_iter().map(FindingView::from).collect(),
            assertions: report.answers.into_iter().map(AnswerView::from).collect(),
        }
    }
}
