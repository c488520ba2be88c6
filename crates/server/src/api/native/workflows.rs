//! Handlers for the account's own workflows.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{Data, Json, Path},
};
use docket_domain::{
    catalog::Version,
    error::Error,
    id::{CaseRef, Entity},
    service::{self, InstallRequest, ListedWorkflow},
    workflow::{EntityType, Marks, Workflow, WorkflowDiff},
};

use super::{
    error::NativeError,
    workflow_body::{ActivateWorkflowBody, CheckWorkflowBody, InstallWorkflowBody},
    workflow_view::{
        CheckView, DiffView, FindingView, VersionDetailView, WorkflowDetailView, WorkflowListView, WorkflowView, detail,
    },
};
use crate::{
    app::App,
    auth::{Admin, Authed, CasesRead},
    wire::{
        body::Body,
        params::{
            Query,
            param::{Words, text, word},
            params,
        },
        problem::Problem,
    },
};

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
    Ok(Json(CheckView::from(report)))
}

/// Install a workflow version
///
/// Installs a version under a key, new or known, and activates it unless `activate` is `false`. The response is 400 with
/// every fault of the definition and of its assertions, and 200 if the workflow has this version already.
#[utoipa::path(
    put,
    path = "/api/v1/workflows/{key}",
    tag = "workflows",
    params(("key" = String, Path, description = "Key of the workflow.", example = "complaint")),
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
    Ok(Json(WorkflowDetailView::from(&listed)))
}

/// Remove a workflow
///
/// Removes the workflow with its versions. The response is 409 while a case follows one of its versions, and for the
/// workflow `default`.
#[utoipa::path(
    delete,
    path = "/api/v1/workflows/{key}",
    tag = "workflows",
    params(("key" = String, Path, description = "Key of the workflow.", example = "complaint")),
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
) -> Result<(ListedWorkflow, Version, Arc<Workflow>), NativeError> {
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
        ("id" = String, Path, description = "Id of the version.", example = "8fe56870-2605-8c1f-8ebc-e0066305da5c"),
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
        ("id" = String, Path, description = "Id of the version.", example = "8fe56870-2605-8c1f-8ebc-e0066305da5c"),
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
        Some(case) => {
            let case = CaseRef::parse(&case).ok_or(Error::not_found(Entity::Case))?;
            service::load_way(&app.store, who.account(), case).await?
        }
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

/// Compare two versions
///
/// Returns what changes from this version to another one of the same workflow, field by field.
#[utoipa::path(
    get,
    path = "/api/v1/workflows/{key}/versions/{id}/diff",
    tag = "workflows",
    params(
        ("key" = String, Path, description = "Key of the workflow.", example = "default"),
        ("id" = String, Path, description = "Id of the version.", example = "8fe56870-2605-8c1f-8ebc-e0066305da5c"),
        ("to" = String, Query, description = "Id of the version to compare with.", example = "8fe56870-2605-8c1f-8ebc-e0066305da5c"),
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
    Ok(Json(WorkflowDetailView::from(&listed)))
}
