//! Cases: create, retrieve, replace, patch, move along the workflow.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use docket_domain::{
    case::Case,
    command::Command,
    error::Error,
    revision::Revised as _,
    service::{self, Terms},
};

use super::{
    body::{CaseBody, TransitionBody},
    error::CaseIqError,
    view::CaseView,
};
use crate::{
    api::{
        body::Body,
        case_path::CasePath,
        conditional::{EntityTags, created, tagged},
    },
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
};

/// The case as it is at that version, with its words.
async fn view(app: &App, case: Case) -> Result<CaseView, Error> {
    let workflow = app.workflow_of(&case).await?;
    let reason = service::find_last_reason(&app.store, &case).await?;
    Ok(CaseView::new(case, &workflow, reason))
}

/// Changes a case by what the body makes of it as it stands.
async fn change(
    who: &Conditional<CasesWrite>,
    app: &App,
    case: CasePath,
    prepare: impl AsyncFn(&Case) -> Result<Command, Error>,
) -> Result<HttpResponse, CaseIqError> {
    let (case, _) = service::change_case_with(&app.store, &who.context(app), case.0, prepare, Terms::default()).await?;
    Ok(tagged(&case.revision(), view(app, case).await?))
}

/// Create a case
///
/// From any JSON object, an empty one included. Fields with a meaning of their own are checked; all others are kept as
/// they are and given back exactly.
#[utoipa::path(
    post,
    path = "/case",
    tag = "cases",
    request_body = CaseBody,
    responses(
        (status = 201, description = "The case.", body = CaseView, headers(
            ("Location" = String, description = "The path of the case."),
            ("ETag" = String, description = "Its version."),
        )),
        (status = 400),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_case(
    who: Authed<CasesWrite>,
    request: HttpRequest,
    body: Body<CaseBody>,
    app: Data<App>,
) -> Result<HttpResponse, CaseIqError> {
    let context = who.context(&app);
    let case = service::create_case(&app.store, &context, body.0.into_new_case(app.new_uuid(), &context)).await?;
    Ok(created(format!("{}/{}", request.path(), case.uuid), &case.revision(), view(&app, case).await?))
}

/// Retrieve a case
///
/// As it is now, by either of its ids.
#[utoipa::path(
    get,
    path = "/case/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    responses(
        (status = 200, description = "The case.", body = CaseView, headers(("ETag" = String, description = "Its version."))),
        (status = 304, description = "The caller has the present version."),
        (status = 404),
    ),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_case(
    who: Conditional<CasesRead>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, CaseIqError> {
    let case = service::load_case(&app.store, who.account(), case.0).await?;
    let revision = case.revision();
    let view = view(&app, case).await?;
    Ok(who.conditions().respond(revision, || view)?)
}

/// Replace a case
///
/// All that this dialect can write: what the body does not have is cleared. Read-only fields are ignored, so that what
/// was retrieved can be sent back, which changes nothing. What only other dialects can write is not touched.
#[utoipa::path(
    put,
    path = "/case/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    request_body = CaseBody,
    responses(
        (status = 200, description = "The case.", body = CaseView, headers(("ETag" = String, description = "Its version."))),
        (status = 400), (status = 404), (status = 409), (status = 412),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn replace_case(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<CaseBody>,
    app: Data<App>,
) -> Result<HttpResponse, CaseIqError> {
    change(&who, &app, case, async |case| Ok(body.0.replace(case))).await
}

/// Patch a case
///
/// A JSON merge patch (RFC 7396): only what the body has is changed, `null` clears, objects among the caller's own fields
/// are merged. Read-only fields are ignored.
#[utoipa::path(
    patch,
    path = "/case/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    request_body(content(
        (CaseBody = "application/json"),
        (CaseBody = "application/merge-patch+json"),
    )),
    responses(
        (status = 200, description = "The case.", body = CaseView, headers(("ETag" = String, description = "Its version."))),
        (status = 400), (status = 404), (status = 409), (status = 412),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn patch_case(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<CaseBody>,
    app: Data<App>,
) -> Result<HttpResponse, CaseIqError> {
    change(&who, &app, case, async |case| Ok(body.0.merge(case))).await
}

/// Update the status of a case
///
/// `Close` and `Reopen`, or any other transition or status of the case's workflow. `workflowId` has to name the workflow
/// that the case is in; where it names another, the answer says which one holds.
#[utoipa::path(
    post,
    path = "/case/{case}/transition",
    tag = "workflow",
    params(CasePath, EntityTags),
    request_body = TransitionBody,
    responses(
        (status = 200, description = "The case after it.", body = CaseView, headers(
            ("ETag" = String, description = "Its version."),
        )),
        (status = 400), (status = 404), (status = 409), (status = 412),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn apply_transition(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<TransitionBody>,
    app: Data<App>,
) -> Result<HttpResponse, CaseIqError> {
    let prepare = async |case: &Case| body.0.command(&*app.workflow_of(case).await?);
    change(&who, &app, case, prepare).await
}
