//! Cases: create, read, update, delete, restore; status history.
//!
//! The handlers translate requests and responses. They never decide: rules are in the domain crate.

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
    service::{self, Basis, ChangeOptions, OpenCase},
    source::SourceId,
};

use super::{
    body::{CreateCaseBody, OverridesBody, UpdateCaseBody},
    envelope::{Many, One},
    error::{Services, ServicesError},
    parsed::ParsedBody,
    view::{CaseDetailView, CaseView, StatusChangeView},
};
use crate::{
    app::App,
    auth::{Authed, CasesDelete, CasesRead, CasesWrite, Conditional},
    wire::{
        api_error::Envelope as _,
        conditional::{EntityTags, created, tagged},
        path::{CasePath, IdPath},
    },
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
/// Creates a case. With `parent_case_id`, it is a follow-up of that case. With `initial_inquiry_id` or `order_id`, it
/// comes from that inquiry or order. Without them, it is standalone.
#[utoipa::path(
    post,
    path = "/api/cases",
    tag = "cases",
    request_body = CreateCaseBody,
    responses(
        (
            status = 201,
            description = "The created case.",
            body = One<CaseView>,
            headers(("Location" = String, description = "Path of the case.")),
        ),
        (status = 422),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_case(
    who: Authed<CasesWrite>,
    parsed: ParsedBody<CreateCaseBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let ParsedBody { body, faults } = parsed;
    let basis = Basis::Alone { parent: body.parent() };
    let request =
        OpenCase { uuid: app.new_uuid(), basis, edits: body.edits(), workflow: None, status: body.status(), faults };
    open(&app, &who.context(&app), request).await
}

/// The first `read` faults were found while reading the body, so they already have the field names of this dialect.
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
    parsed: ParsedBody<OverridesBody>,
) -> Result<HttpResponse, ServicesError> {
    let ParsedBody { body, faults } = parsed;
    let request = OpenCase { uuid: app.new_uuid(), basis, edits: body.edits(), workflow: None, status: None, faults };
    open(app, context, request).await
}

/// Create a case from an inquiry
///
/// The customer of the case is the user of the inquiry. Title and description are those of the inquiry unless the body
/// has others. If the inquiry has no title, the title is `Inquiry <id>`. The body is optional.
#[utoipa::path(
    post,
    path = "/api/cases/from-inquiry/{id}",
    tag = "sources",
    params(("id" = String, Path, description = "Id of the inquiry.", example = "42")),
    request_body = Option<OverridesBody>,
    responses((status = 201, description = "The created case.", body = One<CaseView>), (status = 404), (status = 422)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_case_from_inquiry(
    who: Authed<CasesWrite>,
    inquiry: IdPath,
    parsed: ParsedBody<OverridesBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let basis = Basis::Source(inquiry.read(InquiryId::parse).into());
    open_from(&app, &who.context(&app), basis, parsed).await
}

/// Create a case from an order
///
/// The customer of the case is the customer of the order. Title and description are the title and the notes of the
/// order unless the body has others. If the order has no title, the title is `Order <id>`. The body is optional.
#[utoipa::path(
    post,
    path = "/api/cases/from-order/{id}",
    tag = "sources",
    params(("id" = String, Path, description = "Id of the order.", example = "987")),
    request_body = Option<OverridesBody>,
    responses((status = 201, description = "The created case.", body = One<CaseView>), (status = 404), (status = 422)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_case_from_order(
    who: Authed<CasesWrite>,
    order: IdPath,
    parsed: ParsedBody<OverridesBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let basis = Basis::Source(SourceId::from(order.read(OrderId::parse)));
    open_from(&app, &who.context(&app), basis, parsed).await
}

/// Create a follow-up
///
/// The follow-up inherits the customer, the contractor and the series of the parent case; the body can name another
/// contractor. The parent case may be closed. The body is optional.
#[utoipa::path(
    post,
    path = "/api/cases/{case}/follow-up",
    tag = "sources",
    params(("case" = String, Path, description = "Integer id or UUID of the parent case.", example = "15")),
    request_body = Option<OverridesBody>,
    responses(
        (status = 201, description = "The created follow-up.", body = One<CaseView>),
        (status = 404),
        (status = 422),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_follow_up(
    who: Authed<CasesWrite>,
    parent: CasePath,
    parsed: ParsedBody<OverridesBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    open_from(&app, &who.context(&app), Basis::FollowUp(parent.0), parsed).await
}

/// Get a case
///
/// Returns the case with its parent case, its follow-ups, its status history and the transitions that the caller can
/// make now.
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
/// Changes only the fields in the body, in one atomic step; `null` clears an optional field. The workflow checks a new
/// `status`. Fields that only the server sets are ignored, so that a client can send a response back. A request that
/// changes nothing writes nothing.
#[utoipa::path(
    put,
    path = "/api/cases/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    request_body = UpdateCaseBody,
    responses((status = 200, description = "The updated case.", body = One<CaseView>), (status = 404), (status = 422)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn update_case(
    who: Conditional<CasesWrite>,
    case: CasePath,
    parsed: ParsedBody<UpdateCaseBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let ParsedBody { body, faults } = parsed;
    let read = faults.len();
    let changed = service::edit_case(&app.store, &who.context(&app), case.0, body.into_request(faults)).await;
    let case = changed.map_err(|error| ServicesError::verbatim(translate_behind(read, error)))?;
    Ok(tagged(&case.revision(), One::done("Case updated", CaseView::from(&case)).0))
}

/// Delete a case
///
/// The case disappears from every read, list and count in every dialect until it is restored. A second deletion returns
/// 404.
#[utoipa::path(
    delete,
    path = "/api/cases/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    responses((status = 200, description = "The deleted case.", body = One<CaseView>), (status = 404)),
    security(("bearer" = ["cases:delete"]), ("basic" = [])),
)]
pub async fn delete_case(
    who: Conditional<CasesDelete>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let (context, options) = (who.context(&app), ChangeOptions::default());
    let case = service::change_case(&app.store, &context, case.0, Command::Delete, options).await?;
    Ok(tagged(&case.revision(), One::done("Case deleted", CaseView::from(&case)).0))
}

/// Restore a deleted case
///
/// Restores the case with its previous status and fields. Returns 409 if the case is not deleted.
#[utoipa::path(
    post,
    path = "/api/cases/{case}/restore",
    tag = "cases",
    params(CasePath, EntityTags),
    responses((status = 200, description = "The restored case.", body = One<CaseView>), (status = 404), (status = 409)),
    security(("bearer" = ["cases:delete"]), ("basic" = [])),
)]
pub async fn restore_case(
    who: Conditional<CasesDelete>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    let (context, options) = (who.context(&app), ChangeOptions::default());
    let case = service::change_case(&app.store, &context, case.0, Command::Restore, options).await?;
    Ok(tagged(&case.revision(), One::done("Case restored", CaseView::from(&case)).0))
}

/// Get the status history of a case
///
/// Returns every status change, oldest first. The history is append-only. `from_status` is null for the creation.
#[utoipa::path(
    get,
    path = "/api/cases/{case}/history",
    tag = "cases",
    params(CasePath),
    responses((status = 200, description = "The status changes.", body = Many<StatusChangeView>), (status = 404)),
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
