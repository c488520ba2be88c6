//! Cases: create, read, change, delete, restore; their status history.

use actix_web::{
    HttpResponse,
    web::{Data, Json},
};
use docket_domain::{
    actor::Context,
    command::Command,
    error::{Error, Rejection},
    id::{InquiryId, OrderId},
    revision::Revised as _,
    service::{self, Basis, OpenCase, Terms},
    source::SourceId,
};

use super::{
    body::{CreateCaseBody, OverridesBody, UpdateCaseBody},
    draft::Draft,
    envelope::{Many, One},
    error::{Services, ServicesError},
    view::{CaseDetailView, CaseView, StatusChangeView},
};
use crate::{
    api::{
        case_path::{CasePath, IdPath},
        conditional::{EntityTags, created, tagged},
        failure::Envelope as _,
    },
    app::App,
    auth::{Authed, CasesDelete, CasesRead, CasesWrite, Conditional},
};

async fn open(app: &App, context: &Context, request: OpenCase) -> Result<HttpResponse, ServicesError> {
    let read = request.faults.len();
    let opened = service::open_case(&app.store, context, request).await;
    let case = opened.map_err(|error| ServicesError::verbatim(translate_behind(read, error)))?;
    let location = format!("/api/cases/{}", case.id);
    let answer = One::done("Case created", CaseView::from(&case));
    Ok(created(location, &case.revision(), answer.0))
}

/// Create a case
///
/// On its own, or with `parent_case_id`, `initial_inquiry_id` or `order_id` as the follow-up of another case or from an
/// inquiry or an order that is there. Everything that is wrong is named at once.
#[utoipa::path(
    post,
    path = "/api/cases",
    tag = "cases",
    request_body = CreateCaseBody,
    responses(
        (status = 201, description = "The case.", body = One<CaseView>, headers(("Location" = String, description = "The path of the case."))),
        (status = 422),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_case(
    who: Authed<CasesWrite>,
    draft: Draft<CreateCaseBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let Draft { body, faults } = draft;
    let basis = Basis::Alone { parent: body.parent() };
    let request = OpenCase { uuid: app.new_uuid(), basis, edits: body.edits(), status: body.status(), faults };
    open(&app, &who.context(&app), request).await
}

/// The first faults are those of the reading, which speaks of the body's own fields already.
fn translate_behind(read: usize, error: Error) -> Error {
    let Error::Rejected(Rejection::Invalid(mut faults)) = error else { return error };
    for fault in faults.iter_mut().skip(read) {
        fault.field = Services::field(&fault.field).into_owned();
    }
    Rejection::Invalid(faults).into()
}

async fn open_from(
    app: &App,
    context: &Context,
    basis: Basis,
    draft: Draft<OverridesBody>,
) -> Result<HttpResponse, ServicesError> {
    let Draft { body, faults } = draft;
    let request = OpenCase { uuid: app.new_uuid(), basis, edits: body.edits(), status: None, faults };
    open(app, context, request).await
}

/// Create a case from an inquiry
///
/// The customer is the inquiry's user; title and description come from the inquiry unless they are given. No body is
/// needed.
#[utoipa::path(
    post,
    path = "/api/cases/from-inquiry/{id}",
    tag = "sources",
    params(("id" = String, Path, description = "The inquiry.", example = "42")),
    request_body = Option<OverridesBody>,
    responses((status = 201, description = "The case.", body = One<CaseView>), (status = 404), (status = 422)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_case_from_inquiry(
    who: Authed<CasesWrite>,
    inquiry: IdPath,
    draft: Draft<OverridesBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let basis = Basis::Source(inquiry.read(InquiryId::parse).into());
    open_from(&app, &who.context(&app), basis, draft).await
}

/// Create a case from an order
///
/// The customer is the order's; title and description come from the order (its notes) unless they are given. No body is
/// needed.
#[utoipa::path(
    post,
    path = "/api/cases/from-order/{id}",
    tag = "sources",
    params(("id" = String, Path, description = "The order.", example = "987")),
    request_body = Option<OverridesBody>,
    responses((status = 201, description = "The case.", body = One<CaseView>), (status = 404), (status = 422)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_case_from_order(
    who: Authed<CasesWrite>,
    order: IdPath,
    draft: Draft<OverridesBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let basis = Basis::Source(SourceId::from(order.read(OrderId::parse)));
    open_from(&app, &who.context(&app), basis, draft).await
}

/// Create a follow-up
///
/// It inherits the customer, the contractor and the series of the case, which may be closed. No body is needed.
#[utoipa::path(
    post,
    path = "/api/cases/{case}/follow-up",
    tag = "sources",
    params(("case" = String, Path, description = "The case to follow up: its integer id or its UUID.", example = "15")),
    request_body = Option<OverridesBody>,
    responses((status = 201, description = "The follow-up.", body = One<CaseView>), (status = 404), (status = 422)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_follow_up(
    who: Authed<CasesWrite>,
    parent: CasePath,
    draft: Draft<OverridesBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    open_from(&app, &who.context(&app), Basis::FollowUp(parent.0), draft).await
}

/// Get a case
///
/// With the case that it follows up, those that follow it up, its status history, and the moves that are open to the
/// caller now.
#[utoipa::path(
    get,
    path = "/api/cases/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    responses((status = 200, description = "The case.", body = One<CaseDetailView>), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_case(
    who: Conditional<CasesRead>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let detail = service::load_case_detail(&app.store, &who.context(&app), case.0).await?;
    let revision = detail.case.revision();
    Ok(who.conditions().respond_whole(&revision, &One::read(CaseDetailView::from(detail)).0)?)
}

/// Update a case
///
/// Only fields that are in the body change, all of them in one step; `null` clears an optional one. `status` goes
/// through the workflow. What only the server sets may stand in the body and is ignored, so that an answer can be sent
/// back. A body that changes nothing leaves no trace.
#[utoipa::path(
    put,
    path = "/api/cases/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    request_body = UpdateCaseBody,
    responses((status = 200, description = "The case.", body = One<CaseView>), (status = 404), (status = 422)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn update_case(
    who: Conditional<CasesWrite>,
    case: CasePath,
    draft: Draft<UpdateCaseBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let Draft { body, faults } = draft;
    let read = faults.len();
    let changed = service::edit_case(&app.store, &who.context(&app), case.0, body.into_request(faults)).await;
    let case = changed.map_err(|error| ServicesError::verbatim(translate_behind(read, error)))?;
    Ok(tagged(&case.revision(), One::done("Case updated", CaseView::from(&case)).0))
}

/// Delete a case
///
/// It is gone from every read, list and count, in every dialect, until it is restored.
#[utoipa::path(
    delete,
    path = "/api/cases/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    responses((status = 200, description = "The case as it was deleted.", body = One<CaseView>), (status = 404)),
    security(("bearer" = ["cases:delete"]), ("basic" = [])),
)]
pub async fn delete_case(
    who: Conditional<CasesDelete>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let (context, terms) = (who.context(&app), Terms::default());
    let case = service::change_case(&app.store, &context, case.0, Command::Delete, terms).await?;
    Ok(tagged(&case.revision(), One::done("Case deleted", CaseView::from(&case)).0))
}

/// Restore a deleted case
///
/// It is back as it was.
#[utoipa::path(
    post,
    path = "/api/cases/{case}/restore",
    tag = "cases",
    params(CasePath, EntityTags),
    responses((status = 200, description = "The case.", body = One<CaseView>), (status = 404), (status = 409)),
    security(("bearer" = ["cases:delete"]), ("basic" = [])),
)]
pub async fn restore_case(
    who: Conditional<CasesDelete>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let (context, terms) = (who.context(&app), Terms::default());
    let case = service::change_case(&app.store, &context, case.0, Command::Restore, terms).await?;
    Ok(tagged(&case.revision(), One::done("Case restored", CaseView::from(&case)).0))
}

/// Get the status history of a case
///
/// The complete, append-only trail of its statuses, oldest first; `from_status` is null for the creation.
#[utoipa::path(
    get,
    path = "/api/cases/{case}/history",
    tag = "cases",
    params(CasePath),
    responses((status = 200, description = "The history.", body = Many<StatusChangeView>), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_history(
    who: Authed<CasesRead>,
    case: CasePath,
    app: Data<App>,
) -> Result<Json<Many<StatusChangeView>>, ServicesError> {
    let events = service::list_history(&app.store, who.account(), case.0).await?;
    Ok(Many::all(events.into_iter().filter_map(StatusChangeView::of).collect()))
}
