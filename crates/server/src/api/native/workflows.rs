//! Handlers for the account's own workflows.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Json, Path},
};
use chrono::{DateTime, Utc};
use docket_domain::{
    catalog::{Migration, MigrationRefusal, Version},
    error::Error,
    event::EventData,
    id::{CaseRef, Entity},
    service::{self, InstallRequest, ListedWorkflow, MigrationRequest, PlannedMigration},
    store::CaseStore as _,
    workflow::{
        ASSERTIONS_MAX, Answer, Assertion, EntityType, Finding, Marks, StatusMap, Workflow, WorkflowDefinition,
        WorkflowDiff, WorkflowId, warnings,
    },
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::error::NativeError;
use crate::{
    app::App,
    auth::{Admin, Authed, CasesRead},
    migrator,
    wire::{
        body::Body,
        fields::{Fields, FromFields, Given},
        params::{
            Query,
            param::{Words, text, word},
            params,
        },
        problem::Problem,
    },
};

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

/// What to check.
#[derive(Debug, Default, ToSchema)]
pub struct CheckWorkflowBody {
    /// The definition.
    #[schema(value_type = DefinitionView)]
    definition: Value,
    /// Assertions about every path that a case can take, at most 100.
    #[schema(value_type = Option<Vec<Object>>, nullable = false, example = json!([{"reachable": {"from": "open", "to": "closed"}}]))]
    assertions: Option<Vec<Assertion>>,
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
pub struct InstallWorkflowBody {
    /// The definition.
    #[schema(value_type = DefinitionView)]
    definition: Value,
    /// Types of the cases that begin in this workflow. Default: those that the workflow has.
    #[schema(value_type = Option<Vec<String>>, nullable = false, example = json!(["litigation"]))]
    case_types: Option<Vec<String>>,
    /// Assertions that this and every later version must meet, at most 100. Default: those that the workflow has.
    #[schema(value_type = Option<Vec<Object>>, nullable = false, example = json!([{"reachable": {"from": "open", "to": "closed"}}]))]
    assertions: Option<Vec<Assertion>>,
    /// Whether new cases begin with this version from now on. Default: `true`.
    #[schema(value_type = Option<bool>, nullable = false, example = true)]
    activate: Option<bool>,
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
    #[schema(value_type = String, format = Uuid)]
    version: Option<WorkflowId>,
}

impl FromFields for ActivateWorkflowBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let read =
            |fields: &mut Fields| -> Given<WorkflowId> { fields.word("version", "a UUID", |word| word.parse().ok()) };
        Self { version: fields.required("version", read) }
    }
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
    data: Vec<WorkflowView>,
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
    warnings: Vec<FindingView>,
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
fn cases_by_status(listed: &ListedWorkflow, workflow: &Workflow) -> Map<String, Value> {
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

fn warnings_of(workflow: &Workflow) -> Vec<FindingView> {
    warnings(&workflow.definition()).into_iter().map(FindingView::from).collect()
}

fn detail(listed: &ListedWorkflow, version: &Version, workflow: &Workflow) -> VersionDetailView {
    VersionDetailView {
        version: VersionView::new(version, listed),
        key: listed.own.key.clone(),
        active: listed.own.active == version.id,
        definition: workflow.definition(),
        cases_by_status: cases_by_status(listed, workflow),
        warnings: warnings_of(workflow),
    }
}

const ENTITY_TYPES: Words<EntityType> = Words::new(&EntityType::ALL, EntityType::as_str);

/// A format of a diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiagramFormat {
    Svg,
    Mermaid,
    Dot,
}

impl DiagramFormat {
    const ALL: [Self; 3] = [Self::Svg, Self::Mermaid, Self::Dot];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Mermaid => "mermaid",
            Self::Dot => "dot",
        }
    }

    const fn content_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Mermaid => "text/vnd.mermaid; charset=utf-8",
            Self::Dot => "text/vnd.graphviz; charset=utf-8",
        }
    }

    /// The format that a client accepts; SVG unless it names another.
    fn accepted(accept: &str) -> Self {
        let names = |format: &Self| format.content_type().split(';').next().is_some_and(|name| accept.contains(name));
        Self::ALL.into_iter().find(names).unwrap_or(Self::Svg)
    }
}

const FORMATS: Words<DiagramFormat> = Words::new(&DiagramFormat::ALL, DiagramFormat::as_str);

params! {
    pub struct WorkflowListParams {
        /// `case`, `inquiry` or `order`. Default: all.
        entity_type: Option<EntityType> = word(ENTITY_TYPES);
    }

    pub struct DiagramParams {
        /// `svg`, `mermaid` or `dot`. Default: by `Accept`, else `svg`.
        format: Option<DiagramFormat> = word(FORMATS);
        /// A case, by UUID or integer id. Its present status is marked and each move that it made is numbered.
        case: Option<String> = text();
    }

    pub struct DiffParams {
        /// Id of the version to compare with.
        to: Option<String> = text();
    }
}

/// List workflows
///
/// Returns the workflows of the account with their versions. A built-in workflow that the account has not replaced is
/// listed too.
#[utoipa::path(
    get,
    path = "/api/v1/workflows",
    tag = "workflows",
    params(WorkflowListParams),
    responses((status = 200, description = "The workflows.", body = WorkflowListView), (status = 400)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_workflows(
    who: Authed<CasesRead>,
    asked: Query<WorkflowListParams>,
    app: Data<App>,
) -> Result<Json<WorkflowListView>, NativeError> {
    let WorkflowListParams { entity_type } = asked.0;
    let listed = service::list_workflows(&app.store, who.account(), entity_type).await?;
    Ok(Json(WorkflowListView { data: listed.iter().map(WorkflowView::from).collect() }))
}

/// Check a workflow
///
/// Reports every fault and every warning of a definition at once, and answers assertions about it. Nothing is installed.
#[utoipa::path(
    post,
    path = "/api/v1/workflows/check",
    tag = "workflows",
    request_body = CheckWorkflowBody,
    responses((status = 200, description = "What was found.", body = CheckView), (status = 400)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn check_workflow(
    who: Authed<CasesRead>,
    body: Body<CheckWorkflowBody>,
    app: Data<App>,
) -> Result<Json<CheckView>, NativeError> {
    let CheckWorkflowBody { definition, assertions } = body.0;
    let assertions = assertions.unwrap_or_default();
    let report = service::check_workflow(&app.store, who.account(), &definition, &assertions).await?;
    let read = report.definition.as_ref();
    Ok(Json(CheckView {
        valid: report.is_valid(),
        statuses: read.map_or(0, |read| read.statuses.len()),
        transitions: read.map_or(0, |read| read.transitions.len()),
        faults: report.faults.into_iter().map(FindingView::from).collect(),
        warnings: report.warnings.into_iter().map(FindingView::from).collect(),
        assertions: report.answers.into_iter().map(AnswerView::from).collect(),
    }))
}

/// Install a workflow version
///
/// Installs a version under a key, new or known, and activates it unless `activate` is `false`. The response is 400 with
/// every fault of the definition and of its assertions, and 200 if the workflow has this version already.
#[utoipa::path(
    put,
    path = "/api/v1/workflows/{key}",
    tag = "workflows",
    params(("key" = String, Path, description = "Key of the workflow.", example = "litigation")),
    request_body = InstallWorkflowBody,
    responses(
        (status = 200, description = "The version, which the workflow had already.", body = VersionDetailView),
        (status = 201, description = "The new version.", body = VersionDetailView),
        (status = 400),
    ),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn install_workflow(
    who: Authed<Admin>,
    key: Path<String>,
    body: Body<InstallWorkflowBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let InstallWorkflowBody { definition, case_types, assertions, activate } = body.0;
    let (key, activate) = (key.into_inner(), activate.unwrap_or(true));
    let request = InstallRequest { key: key.clone(), definition, case_types, assertions, activate };
    let installed = service::install_workflow(&app.store, &who.context(&app), request).await?;
    let listed = service::load_own_workflow(&app.store, who.account(), &key).await?;
    let version = listed.own.version(installed.version.id()).ok_or_else(|| Problem::not_found(Entity::Workflow))?;
    let mut view = detail(&listed, version, &installed.version);
    view.warnings = installed.warnings.into_iter().map(FindingView::from).collect();
    let location = format!("/api/v1/workflows/{key}/versions/{}", version.id);
    let mut response = if installed.is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.insert_header((header::LOCATION, location)).json(view))
}

/// Get a workflow
///
/// Returns the workflow with the definition of its active version.
#[utoipa::path(
    get,
    path = "/api/v1/workflows/{key}",
    tag = "workflows",
    params(("key" = String, Path, description = "Key of the workflow.", example = "default")),
    responses((status = 200, description = "The workflow.", body = WorkflowDetailView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_workflow(
    who: Authed<CasesRead>,
    key: Path<String>,
    app: Data<App>,
) -> Result<Json<WorkflowDetailView>, NativeError> {
    let listed = service::load_own_workflow(&app.store, who.account(), &key).await?;
    Ok(Json(WorkflowDetailView {
        workflow: WorkflowView::from(&listed),
        definition: listed.active.definition(),
        cases_by_status: cases_by_status(&listed, &listed.active),
        warnings: warnings_of(&listed.active),
    }))
}

/// Remove a workflow
///
/// Removes the workflow with its versions. The response is 409 while a case follows one of its versions, and for the
/// workflow `default`.
#[utoipa::path(
    delete,
    path = "/api/v1/workflows/{key}",
    tag = "workflows",
    params(("key" = String, Path, description = "Key of the workflow.", example = "litigation")),
    responses((status = 204, description = "The workflow is removed."), (status = 404), (status = 409)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn remove_workflow(
    who: Authed<Admin>,
    key: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    service::remove_workflow(&app.store, &who.context(&app), &key).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The workflow and one of its versions.
async fn load_one(
    app: &App,
    who: &Authed<CasesRead>,
    key: &str,
    id: &str,
) -> Result<(ListedWorkflow, Version, std::sync::Arc<Workflow>), NativeError> {
    let listed = service::load_own_workflow(&app.store, who.account(), key).await?;
    let version = id.parse().ok().and_then(|id| listed.own.version(id).cloned());
    let version = version.ok_or_else(|| Problem::not_found(Entity::Workflow))?;
    let workflow = service::load_workflow(&app.store, who.account(), version.id).await?;
    Ok((listed, version, workflow))
}

/// Get a workflow version
///
/// Returns the version with its definition.
#[utoipa::path(
    get,
    path = "/api/v1/workflows/{key}/versions/{id}",
    tag = "workflows",
    params(
        ("key" = String, Path, description = "Key of the workflow.", example = "default"),
        ("id" = String, Path, description = "Id of the version.", example = "00000000-0000-8000-8000-000000000000"),
    ),
    responses((status = 200, description = "The version.", body = VersionDetailView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_version(
    who: Authed<CasesRead>,
    path: Path<(String, String)>,
    app: Data<App>,
) -> Result<Json<VersionDetailView>, NativeError> {
    let (key, id) = path.into_inner();
    let (listed, version, workflow) = load_one(&app, &who, &key, &id).await?;
    Ok(Json(detail(&listed, &version, &workflow)))
}

/// Draw a workflow version
///
/// Returns the version as a diagram. With `case`, the present status of the case is marked, and each move that it made is
/// numbered in order.
#[utoipa::path(
    get,
    path = "/api/v1/workflows/{key}/versions/{id}/diagram",
    tag = "workflows",
    params(
        ("key" = String, Path, description = "Key of the workflow.", example = "default"),
        ("id" = String, Path, description = "Id of the version.", example = "00000000-0000-8000-8000-000000000000"),
        DiagramParams,
    ),
    responses(
        (status = 200, description = "The diagram.", body = String, content_type = "image/svg+xml"),
        (status = 400), (status = 404),
    ),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn draw_version(
    request: HttpRequest,
    who: Authed<CasesRead>,
    path: Path<(String, String)>,
    asked: Query<DiagramParams>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let DiagramParams { format, case } = asked.0;
    let (key, id) = path.into_inner();
    let (_, _, workflow) = load_one(&app, &who, &key, &id).await?;
    let marks = match case {
        Some(case) => marks_of(&app, &who, &case).await?,
        None => Marks::default(),
    };
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let format = format.unwrap_or_else(|| DiagramFormat::accepted(accept.unwrap_or_default()));
    let drawing = match format {
        DiagramFormat::Svg => workflow.to_svg_with(&marks),
        DiagramFormat::Mermaid => workflow.to_mermaid_with(&marks),
        DiagramFormat::Dot => workflow.to_dot_with(&marks),
    };
    Ok(HttpResponse::Ok().content_type(format.content_type()).insert_header((header::VARY, "Accept")).body(drawing))
}

/// The present status of a case, and its moves.
async fn marks_of(app: &App, who: &Authed<CasesRead>, case: &str) -> Result<Marks, NativeError> {
    let case = CaseRef::parse(case).ok_or(Error::not_found(Entity::Case))?;
    let case = service::load_case(&app.store, who.account(), case).await?;
    let events = app.store.list_status_events(who.account(), case.id).await.map_err(Error::from)?;
    let moves = events.into_iter().filter_map(|event| {
        let EventData::StatusChanged(change) = event.data else { return None };
        Some((change.transition, change.to))
    });
    Ok(Marks::new(case.status, moves))
}

/// Compare two versions
///
/// Returns what changes from this version to another one of the same workflow, field by field.
#[utoipa::path(
    get,
    path = "/api/v1/workflows/{key}/versions/{id}/diff",
    tag = "workflows",
    params(
        ("key" = String, Path, description = "Key of the workflow.", example = "default"),
        ("id" = String, Path, description = "Id of the version.", example = "00000000-0000-8000-8000-000000000000"),
        DiffParams,
    ),
    responses((status = 200, description = "The difference.", body = DiffView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn compare_versions(
    who: Authed<CasesRead>,
    path: Path<(String, String)>,
    asked: Query<DiffParams>,
    app: Data<App>,
) -> Result<Json<DiffView>, NativeError> {
    let DiffParams { to } = asked.0;
    let to = to.ok_or_else(|| Error::invalid("to", "is required: the id of a version"))?;
    let (key, id) = path.into_inner();
    let (_, _, old) = load_one(&app, &who, &key, &id).await?;
    let (_, _, new) = load_one(&app, &who, &key, &to).await?;
    Ok(Json(DiffView::from(WorkflowDiff::between(&old, &new))))
}

/// Activate a workflow version
///
/// New entities begin with this version from now on. An older version can be activated again.
#[utoipa::path(
    post,
    path = "/api/v1/workflows/{key}/activate",
    tag = "workflows",
    params(("key" = String, Path, description = "Key of the workflow.", example = "default")),
    request_body = ActivateWorkflowBody,
    responses((status = 200, description = "The workflow.", body = WorkflowDetailView), (status = 400), (status = 404)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn activate_workflow(
    who: Authed<Admin>,
    key: Path<String>,
    body: Body<ActivateWorkflowBody>,
    app: Data<App>,
) -> Result<Json<WorkflowDetailView>, NativeError> {
    let version = body.0.version.ok_or_else(|| Error::invalid("version", "is required"))?;
    service::activate_workflow(&app.store, &who.context(&app), &key, version).await?;
    let listed = service::load_own_workflow(&app.store, who.account(), &key).await?;
    Ok(Json(WorkflowDetailView {
        workflow: WorkflowView::from(&listed),
        definition: listed.active.definition(),
        cases_by_status: cases_by_status(&listed, &listed.active),
        warnings: warnings_of(&listed.active),
    }))
}

/// Cases to move to another version.
#[derive(Debug, Default, ToSchema)]
pub struct MigrationBody {
    /// Id of the version whose cases move, or `all` for all other versions of the workflow.
    #[schema(value_type = String, pattern = "^(all|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$", example = "all")]
    from: Option<Option<WorkflowId>>,
    /// Id of the version that they move to. Default: the active version.
    #[schema(value_type = Option<String>, format = Uuid, nullable = false)]
    to: Option<WorkflowId>,
    /// New status by old status, for the statuses that do not keep their key.
    #[schema(value_type = Option<BTreeMap<String, String>>, nullable = false, example = json!({"waiting": "pending_customer"}))]
    status_map: Option<StatusMap>,
    /// Reason, up to 2,000 characters. It is in the timelines of the cases.
    #[schema(value_type = Option<String>, example = "new approval step", max_length = 2000)]
    reason: Given<String>,
    /// Whether to return the plan and change nothing. Default: `false`.
    #[schema(value_type = Option<bool>, nullable = false, example = true)]
    dry_run: Option<bool>,
}

impl FromFields for MigrationBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let from = |word: &str| if word == "all" { Some(None) } else { word.parse().ok().map(Some) };
        let map = |value: Value| serde_json::from_value::<StatusMap>(value).ok();
        Self {
            from: fields.required("from", |fields| fields.word("from", "the id of a version, or all", from)),
            to: fields.not_null("to", |fields| fields.word("to", "a UUID", |word| word.parse().ok())),
            status_map: fields.not_null("status_map", |fields| {
                fields.given("status_map", "an object with a status key for each status key", map)
            }),
            reason: fields.text("reason"),
            dry_run: fields.not_null("dry_run", |fields| fields.boolean("dry_run")),
        }
    }
}

/// What a migration would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct MigrationPlanView {
    /// Always true.
    #[schema(example = true)]
    dry_run: bool,
    /// Id of the version that the cases move to.
    to: Uuid,
    /// Number of cases that can move.
    #[schema(example = 120)]
    planned: u64,
    /// Number of cases that cannot move.
    #[schema(example = 3)]
    refused: u64,
    /// Where the cases go: one row for each status of each old version.
    statuses: Vec<MigrationRowView>,
}

/// Where the cases of one status go.
#[derive(Debug, Serialize, ToSchema)]
pub struct MigrationRowView {
    /// Id of the old version.
    from: Uuid,
    /// Status in the old version.
    #[schema(example = "waiting")]
    from_status: String,
    /// Number of cases in it.
    #[schema(example = 12)]
    cases: u64,
    /// Status in the new version; `null` if the cases cannot move.
    #[schema(example = "pending_customer")]
    to_status: Option<String>,
    /// Why the cases cannot move: `no_such_status`, `terminal_to_active`; empty if they can.
    #[schema(example = json!([]))]
    reasons: Vec<&'static str>,
}

impl From<PlannedMigration> for MigrationPlanView {
    fn from(planned: PlannedMigration) -> Self {
        let rows = planned.plans.iter().flat_map(|(from, plan)| {
            plan.rows.iter().map(|row| MigrationRowView {
                from: from.0,
                from_status: row.from_status.to_string(),
                cases: row.cases,
                to_status: row.to_status.as_ref().map(ToString::to_string),
                reasons: row.reasons.iter().map(|obstacle| obstacle.as_str()).collect(),
            })
        });
        let statuses = rows.collect::<Vec<_>>();
        let refused = statuses.iter().filter(|row| row.to_status.is_none()).map(|row| row.cases).sum();
        Self { dry_run: true, to: planned.to.0, planned: planned.movable(), refused, statuses }
    }
}

/// A migration of cases and its progress.
#[derive(Debug, Serialize, ToSchema)]
pub struct MigrationView {
    /// Id of the migration.
    id: Uuid,
    /// `running`, `done` or `cancelled`.
    #[schema(example = "running")]
    state: &'static str,
    /// Ids of the versions whose cases move.
    from: Vec<Uuid>,
    /// Id of the version that they move to.
    to: Uuid,
    /// Number of cases that could move when the migration began.
    #[schema(example = 120)]
    planned: u64,
    /// Number of cases that moved so far.
    #[schema(example = 50)]
    moved: u64,
    /// Number of planned cases that left the old versions before the migration reached them.
    #[schema(example = 0)]
    skipped: u64,
    /// Cases that cannot move, at most 1,000.
    refused: Vec<MigrationRefusalView>,
    created_at: DateTime<Utc>,
    /// Time of the last progress.
    updated_at: DateTime<Utc>,
}

/// A case that cannot move.
#[derive(Debug, Serialize, ToSchema)]
pub struct MigrationRefusalView {
    /// Integer id of the case.
    #[schema(example = 42)]
    case: i64,
    /// Why not.
    reasons: Vec<ObstacleView>,
}

/// Why a case cannot move.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObstacleView {
    /// `no_such_status` or `terminal_to_active`.
    #[schema(example = "no_such_status")]
    code: &'static str,
    /// The reason in words.
    #[schema(example = "waiting: the new version has no such status; name one in status_map")]
    message: String,
}

impl MigrationView {
    fn new(migration: &Migration, refused: Vec<MigrationRefusal>) -> Self {
        let refused = refused.into_iter().map(|refusal| MigrationRefusalView {
            case: refusal.case.0,
            reasons: vec![ObstacleView {
                code: refusal.obstacle.as_str(),
                message: format!("{}: {}", refusal.status, refusal.obstacle.in_words()),
            }],
        });
        Self {
            id: migration.id,
            state: migration.state.as_str(),
            from: migration.from.iter().map(|id| id.0).collect(),
            to: migration.to.0,
            planned: migration.planned,
            moved: migration.progress.moved,
            skipped: migration.skipped(),
            refused: refused.collect(),
            created_at: migration.created_at,
            updated_at: migration.updated_at,
        }
    }
}

/// Migrate cases to another version
///
/// Moves cases to another version of their workflow in the background, in batches. A case keeps its status if the new
/// version has its key, else `status_map` names the new one; cases that cannot move are listed and do not stop the others.
/// The migration continues after a restart of the server and moves each case once. With `dry_run` the response is the plan
/// (200), and nothing changes.
#[utoipa::path(
    post,
    path = "/api/v1/workflows/{key}/migrations",
    tag = "workflows",
    params(("key" = String, Path, description = "Key of the workflow.", example = "default")),
    request_body = MigrationBody,
    responses(
        (status = 200, description = "The plan of a dry run.", body = MigrationPlanView),
        (status = 202, description = "The migration, which has begun.", body = MigrationView),
        (status = 400), (status = 404),
    ),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn migrate_cases(
    who: Authed<Admin>,
    key: Path<String>,
    body: Body<MigrationBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let MigrationBody { from, to, status_map, reason, dry_run } = body.0;
    let request = MigrationRequest {
        key: key.into_inner(),
        from: from.flatten(),
        to,
        status_map: status_map.unwrap_or_default(),
        reason: reason.flatten(),
    };
    if dry_run.unwrap_or_default() {
        let planned = service::plan_migration(&app.store, who.account(), &request).await?;
        return Ok(HttpResponse::Ok().json(MigrationPlanView::from(planned)));
    }
    let location = format!("/api/v1/workflows/{}/migrations", request.key);
    let migration = service::begin_migration(&app.store, &who.context(&app), app.new_uuid(), request).await?;
    let (background, account, id) = (app.clone(), who.account(), migration.id);
    actix_web::rt::spawn(async move { migrator::finish(&background.store, account, id).await });
    let location = (header::LOCATION, format!("{location}/{id}"));
    Ok(HttpResponse::Accepted().insert_header(location).json(MigrationView::new(&migration, Vec::new())))
}

/// Get a migration
///
/// Returns the progress of a migration, and the cases that it could not move.
#[utoipa::path(
    get,
    path = "/api/v1/workflows/{key}/migrations/{id}",
    tag = "workflows",
    params(
        ("key" = String, Path, description = "Key of the workflow.", example = "default"),
        ("id" = String, Path, description = "Id of the migration.", example = "01970000-0000-7000-8000-000000000000"),
    ),
    responses((status = 200, description = "The migration.", body = MigrationView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_migration(
    who: Authed<CasesRead>,
    path: Path<(String, String)>,
    app: Data<App>,
) -> Result<Json<MigrationView>, NativeError> {
    let (key, id) = path.into_inner();
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found(Entity::Workflow))?;
    let (migration, refused) = service::load_migration(&app.store, who.account(), &key, id).await?;
    Ok(Json(MigrationView::new(&migration, refused)))
}
