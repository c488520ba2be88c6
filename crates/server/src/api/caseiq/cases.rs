//! Case handlers of the Case IQ dialect: create, retrieve, replace, patch, update the status. They only translate; the
//! domain decides.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use docket_domain::{
    case::Case,
    command::Command,
    error::Error,
    revision::Revised as _,
    service::{self, ChangeOptions},
};

use super::{
    body::{CaseBody, TransitionBody},
    error::CaseIqError,
    view::CaseView,
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        body::Body,
        conditional::{EntityTags, created, tagged},
        path::CasePath,
    },
};

/// The reason is read for the version of the case, so that both belong to the same state.
async fn view(app: &App, case: Case) -> Result<CaseView, Error> {
    let workflow = app.workflow_of(&case).await?;
    let reason = service::find_last_reason(&app.store, &case).await?;
    Ok(CaseView::new(case, &workflow, reason))
}

/// `prepare` makes the command from the stored case; it runs again if the case has changed in the meantime.
async fn change(
    who: &Conditional<CasesWrite>,
    app: &App,
    case: CasePath,
    prepare: impl AsyncFn(&Case) -> Result<Command, Error>,
) -> Result<HttpResponse, CaseIqError> {
    let (case, _) =
        service::change_case_with(&app.store, &who.context(app), case.0, prepare, ChangeOptions::default()).await?;
    Ok(tagged(&case.revision(), view(app, case).await?))
}

/// Create a case
///
/// Accepts any JSON object, including an empty one. Fields of the schema are validated. All other fields are stored as
/// free fields and returned exactly as sent. The case starts in the initial status of the account's workflow.
#[utoipa::path(
    post,
    path = "/case",
    tag = "cases",
    request_body = CaseBody,
    responses(
        (status = 201, description = "The created case.", body = CaseView, headers(
            ("Location" = String, description = "Path of the case."),
            ("ETag" = String, description = "Entity tag of the case."),
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
/// Returns the current state of the case, with its free fields.
#[utoipa::path(
    get,
    path = "/case/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    responses(
        (status = 200, description = "The case.", body = CaseView, headers(
            ("ETag" = String, description = "Entity tag of the case."),
        )),
        (status = 304, description = "Not modified: an entity tag in `If-None-Match` is the current one."),
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
/// Replaces every field that this dialect can write: a field that the body does not have is cleared. Read-only fields
/// are ignored, so a retrieved case can be sent back unchanged. Fields that only other dialects can write stay
/// unchanged.
#[utoipa::path(
    put,
    path = "/case/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    request_body = CaseBody,
    responses(
        (status = 200, description = "The case.", body = CaseView, headers(
            ("ETag" = String, description = "Entity tag of the case."),
        )),
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
/// Applies a JSON merge patch (RFC 7396): only fields in the body change, `null` clears a field, and objects in free
/// fields are merged. Read-only fields are ignored.
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
        (status = 200, description = "The case.", body = CaseView, headers(
            ("ETag" = String, description = "Entity tag of the case."),
        )),
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
/// Performs a transition of the case's workflow. The request is refused with 409 if the workflow does not allow the
/// transition from the current status, or if `workflowId` is not the current workflow of the case; the error message
/// then has the current one. A target status that the case already has changes nothing.
#[utoipa::path(
    post,
    path = "/case/{case}/transition",
    tag = "workflow",
    params(CasePath, EntityTags),
    request_body = TransitionBody,
    responses(
        (status = 200, description = "The case after the transition.", body = CaseView, headers(
            ("ETag" = String, description = "Entity tag of the case."),
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
