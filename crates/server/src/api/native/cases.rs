//! Handlers for cases: create, list, get, update, delete, restore. Also the paging parameters that all lists share.

use actix_web::{
    HttpResponse,
    web::{Data, Json},
};
use docket_domain::{
    case::Case,
    command::Command,
    error::{Error, FieldErrors},
    page::{BadCursor, CaseKeyset, Cursor, KeysetKey},
    revision::Revised as _,
    service::{self, Basis, ChangeOptions, OpenCase},
    store::{CaseColumns, CaseFile, CaseStore as _},
};
use utoipa::IntoParams;

use super::{
    body::{CreateCaseBody, UpdateCaseBody},
    error::NativeError,
    view::{CaseListView, CaseView},
};
use crate::{
    app::App,
    auth::{Authed, CasesDelete, CasesRead, CasesWrite, Conditional},
    wire::{
        body::Body,
        conditional::{EntityTags, created, tagged},
        filter::{CaseFilterParams, Filters},
        params::{FromParams, Params, Query},
        path::CasePath,
    },
};

#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageParams {
    /// `pagination.cursor` of the previous page of the same list in the same order. Omit it for the first page.
    #[expect(dead_code, reason = "only describes the parameter, which ListQuery reads")]
    cursor: Option<String>,
    /// Maximum number of items on the page, 1 to 100. Default: 50.
    #[param(minimum = 1, maximum = 100, default = 50)]
    #[expect(dead_code, reason = "only describes the parameter, which ListQuery reads")]
    limit: Option<i64>,
}

#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SortParams {
    /// `created_at`, `updated_at` or `due_on`, ascending, or with a leading `-` descending. Default: `-created_at`.
    /// Cases without a due date come last in both directions.
    #[param(default = "-created_at", example = "-updated_at", pattern = "^-?(created_at|updated_at|due_on)$")]
    #[expect(dead_code, reason = "only describes the parameter, which ListQuery reads")]
    sort: Option<String>,
}

pub struct ListQuery {
    filters: Filters,
    keyset: CaseKeyset,
    limit: i64,
}

impl FromParams for ListQuery {
    fn from_params(params: &mut Params) -> Self {
        let order = params.value(&["sort"], "one of created_at, updated_at, due_on, each with - or without", order);
        let start = order.unwrap_or(CaseKeyset::NEWEST_FIRST);
        let keyset = position(params, |cursor| start.at(cursor)).unwrap_or(start);
        Self { filters: Filters::read(params), keyset, limit: limit(params) }
    }
}

fn order(word: &str) -> Option<CaseKeyset> {
    let (descending, key) = word.strip_prefix('-').map_or((false, word), |key| (true, key));
    let key = match key {
        "created_at" => KeysetKey::CreatedAt(None),
        "updated_at" => KeysetKey::UpdatedAt(None),
        "due_on" => KeysetKey::DueOn(None),
        _ => return None,
    };
    Some(CaseKeyset { key, descending })
}

pub fn limit(params: &mut Params) -> i64 {
    params.integer("limit", 1..=100).unwrap_or(50)
}

/// An empty cursor means the first page.
pub fn cursor(params: &mut Params, list: char) -> Option<Cursor> {
    position(params, |text| Cursor::decode(text, list))
}

/// The position that the parameter `cursor` names, as `read` understands it; an empty one is the beginning.
pub fn position<T>(params: &mut Params, read: impl Fn(&str) -> Result<T, BadCursor>) -> Option<T> {
    let expected = "a cursor from a previous answer of the same list in the same order";
    let position = |text: &str| match text {
        "" => Some(None),
        text => read(text).map(Some).ok(),
    };
    params.value(&["cursor"], expected, position).flatten()
}

pub async fn view(app: &App, case: Case) -> Result<CaseView, Error> {
    let workflow = app.workflow_of(&case).await?;
    let people = service::load_case_file(&app.store, case.account, case.id.into()).await?;
    Ok(CaseView::new(CaseFile { case, ..people }, &workflow))
}

/// List cases
///
/// Returns a page of cases, newest first by default. A case must match all filters. Cases that are created or deleted
/// between two pages do not cause other cases to be skipped or repeated.
#[utoipa::path(
    get,
    path = "/api/v1/cases",
    tag = "cases",
    params(PageParams, SortParams, CaseFilterParams),
    responses((status = 200, description = "A page of cases.", body = CaseListView), (status = 400)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_cases(
    who: Authed<CasesRead>,
    query: Query<ListQuery>,
    app: Data<App>,
) -> Result<Json<CaseListView>, NativeError> {
    let ListQuery { filters, keyset, limit } = query.0;
    let filter = filters.resolve(&app.store, who.account()).await?;
    let page = app.store.list_cases(who.account(), CaseColumns::Row, &filter, keyset, limit).await?;
    Ok(Json(CaseListView::load(&app, keyset, page).await?))
}

/// Create a case
///
/// The case starts in the initial status of the account's workflow. With `parent` it is a follow-up: it gets the series
/// number of the parent and the next instance in that series.
#[utoipa::path(
    post,
    path = "/api/v1/cases",
    tag = "cases",
    request_body = CreateCaseBody,
    responses(
        (status = 201, description = "The case.", body = CaseView, headers(
            ("Location" = String, description = "Path of the case."),
            ("ETag" = String, description = "Version of the case."),
        )),
        (status = 400),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_case(
    who: Authed<CasesWrite>,
    body: Body<CreateCaseBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let context = who.context(&app);
    let basis = Basis::Alone { parent: body.0.parent() };
    let faults = FieldErrors::default();
    let request = OpenCase { uuid: app.new_uuid(), basis, edits: body.0.edits(), status: None, faults };
    let case = service::open_case(&app.store, &context, request).await?;
    let (location, revision) = (format!("/api/v1/cases/{}", case.uuid), case.revision());
    let workflow = app.workflow_of(&case).await?;
    let view = CaseView::new(CaseFile { case, parties: Vec::new(), staff: Vec::new() }, &workflow);
    Ok(created(location, &revision, view))
}

/// Get a case
///
/// Returns the case with its parties, staff and custom fields.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    responses(
        (status = 200, description = "The case.", body = CaseView, headers(("ETag" = String, description = "Version of the case."))),
        (status = 304, description = "The caller has the current version."),
        (status = 404),
    ),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_case(
    who: Conditional<CasesRead>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let file = service::load_case_file(&app.store, who.account(), case.0).await?;
    let workflow = app.workflow_of(&file.case).await?;
    Ok(who.conditions().respond(file.case.revision(), || CaseView::new(file, &workflow))?)
}

/// Update a case
///
/// Only fields in the body change, all in one step; `null` clears an optional field. A change of `status` uses the
/// workflow: `closed` applies the transition `close`, `active` applies `reopen` to a closed case, `archived` archives a
/// closed case. A request that changes nothing adds nothing to the timeline.
#[utoipa::path(
    put,
    path = "/api/v1/cases/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    request_body = UpdateCaseBody,
    responses(
        (status = 200, description = "The case.", body = CaseView, headers(("ETag" = String, description = "Version of the case."))),
        (status = 400), (status = 404), (status = 409), (status = 412),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn update_case(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<UpdateCaseBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let case = service::edit_case(&app.store, &who.context(&app), case.0, body.0.into_request()).await?;
    Ok(tagged(&case.revision(), view(&app, case).await?))
}

/// Delete a case
///
/// A soft delete: the case is absent from every read, list and count of every dialect until it is restored.
#[utoipa::path(
    delete,
    path = "/api/v1/cases/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    responses((status = 204, description = "The case is deleted."), (status = 404), (status = 412)),
    security(("bearer" = ["cases:delete"]), ("basic" = [])),
)]
pub async fn delete_case(
    who: Conditional<CasesDelete>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    service::change_case(&app.store, &who.context(&app), case.0, Command::Delete, ChangeOptions::default()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Restore a deleted case
///
/// Restores the case with its former status and data. The response is 409 if the case is not deleted.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/restore",
    tag = "cases",
    params(CasePath, EntityTags),
    responses((status = 200, description = "The case.", body = CaseView), (status = 404), (status = 409)),
    security(("bearer" = ["cases:delete"]), ("basic" = [])),
)]
pub async fn restore_case(
    who: Conditional<CasesDelete>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (context, options) = (who.context(&app), ChangeOptions::default());
    let case = service::change_case(&app.store, &context, case.0, Command::Restore, options).await?;
    Ok(tagged(&case.revision(), view(&app, case).await?))
}
