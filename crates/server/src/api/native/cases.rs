//! Handlers for cases: create, list, get, update, delete, restore. Also the paging parameters that all lists share.

use actix_web::{HttpResponse, web::Data};
use docket_domain::{
    case::Case,
    command::Command,
    error::{Error, FieldErrors},
    filter::{CaseFilter, SlaFilter, SlaState},
    page::{BadCursor, CaseKeyset, Cursor, KeysetKey},
    revision::Revised as _,
    service::{self, Basis, ChangeOptions, OpenCase},
    store::{CaseColumns, CaseFile, CaseStore as _},
};

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
        filter::CaseFilterParams,
        linked::Linked,
        params::{
            FromParams, Params, Query,
            param::{Words, boolean, integer, signed_word, table, text, verbatim, word},
            params,
        },
        path::CasePath,
    },
};

params! {
    pub struct PageParams {
        /// `pagination.cursor` of the previous page of the same list in the same order. Omit it for the first page.
        cursor: Option<String> = verbatim();
        /// Maximum number of items on the page, 1 to 100. Default: 50.
        limit: i64 = integer(1..=100).default(50);
    }

    pub struct SortParams {
        /// `created_at`, `updated_at`, `due_on` or `sla_due` (when the first running clock of a service level is due),
        /// ascending, or with a leading `-` descending. Default: `-created_at`. Cases without a due date, or without a
        /// running clock, come last in both directions.
        sort: CaseKeyset = signed_word(KEYS)
            .map(|((_, key), descending)| CaseKeyset { key, descending })
            .default_word("-created_at", CaseKeyset::NEWEST_FIRST)
            .example("-updated_at");
    }
}

params! {
    pub struct MergedParams {
        /// `true` to include cases that are parts of others. Default: `false`.
        merged: bool = boolean().or(false);
    }

    pub struct SlaParams {
        /// Cases with a clock of a service level in this state: `breached`, `at_risk`, `running` (at risk or not), `paused`
        /// or `met`.
        sla: Option<SlaState> = word(Words::new(&SlaState::ALL, SlaState::as_str)).example("breached");
        /// Only clocks of the target with this name.
        sla_target: Option<String> = text().example("Resolution");
    }
}

const KEYS: Words<(&str, KeysetKey)> = table(&[
    ("created_at", KeysetKey::CreatedAt(None)),
    ("updated_at", KeysetKey::UpdatedAt(None)),
    ("due_on", KeysetKey::DueOn(None)),
    ("sla_due", KeysetKey::SlaDue(None)),
]);

impl PageParams {
    /// The position that the cursor names, as `read` understands it.
    pub(super) fn position<T>(
        &self,
        params: &mut Params,
        read: impl FnOnce(&str) -> Result<T, BadCursor>,
    ) -> Option<T> {
        let position = self.cursor.as_deref().map(read)?;
        if position.is_err() {
            params.fault("cursor", "must be a cursor from a previous answer of the same list in the same order");
        }
        position.ok()
    }
}

/// A page of a list, behind the position that the cursor names.
#[derive(Debug)]
pub struct PageAfter<P> {
    /// `None`: the first page.
    pub after: Option<P>,
    pub limit: i64,
}

/// A position in a list.
pub trait Position: Sized + 'static {
    /// Letter of the cursors of the list.
    const LIST: char;

    /// # Errors
    /// [`BadCursor`] if the list has no such position.
    fn at(cursor: Cursor) -> Result<Self, BadCursor>;
}

impl<P: Position> FromParams for PageAfter<P> {
    fn from_params(params: &mut Params) -> Self {
        let page = PageParams::from_params(params);
        let after = page.position(params, |text| Cursor::decode(text, P::LIST).and_then(P::at));
        Self { after, limit: page.limit }
    }
}

pub struct ListQuery {
    filters: CaseFilterParams,
    merged: bool,
    sla: SlaParams,
    keyset: CaseKeyset,
    limit: i64,
}

impl FromParams for ListQuery {
    fn from_params(params: &mut Params) -> Self {
        let SortParams { sort } = SortParams::from_params(params);
        let page = PageParams::from_params(params);
        let keyset = page.position(params, |cursor| sort.at(cursor)).unwrap_or(sort);
        let MergedParams { merged } = MergedParams::from_params(params);
        let sla = SlaParams::from_params(params);
        Self { filters: CaseFilterParams::from_params(params), merged, sla, keyset, limit: page.limit }
    }
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
    params(PageParams, SortParams, MergedParams, SlaParams, CaseFilterParams),
    responses((status = 200, description = "A page of cases.", body = CaseListView), (status = 400)),
    security(("bearer" = ["cases:read"])),
)]
pub async fn list_cases(
    who: Authed<CasesRead>,
    query: Query<ListQuery>,
    app: Data<App>,
) -> Result<Linked<CaseListView>, NativeError> {
    let ListQuery { filters, merged, sla: SlaParams { sla, sla_target }, keyset, limit } = query.0;
    let is_asked = sla.is_some() || sla_target.is_some();
    let sla = is_asked.then(|| SlaFilter { state: sla, target: sla_target, now: app.now() });
    let filter = CaseFilter { merged, sla, ..filters.resolve(&app.store, who.account()).await? };
    let page = app.store.list_cases(who.account(), CaseColumns::Row, &filter, keyset, limit).await?;
    Ok(Linked(CaseListView::load(&app, keyset, page).await?))
}

/// Create a case
///
/// The case starts in the initial status of its workflow: the named one, else the one of its `type`. With `parent` it is a follow-up: it gets the series
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
    security(("bearer" = ["cases:write"])),
)]
pub async fn create_case(
    who: Authed<CasesWrite>,
    body: Body<CreateCaseBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let context = who.context(&app);
    let basis = Basis::Alone { parent: body.0.parent() };
    let (faults, workflow) = (FieldErrors::default(), body.0.workflow.clone());
    let request = OpenCase { uuid: app.new_uuid(), basis, edits: body.0.edits(), workflow, status: None, faults };
    let case = service::open_case(&app.store, &context, request).await?;
    let (location, revision) = (format!("/api/v1/cases/{}", case.uuid), case.revision());
    let workflow = app.workflow_of(&case).await?;
    let view =
        CaseView::new(CaseFile { case, parties: Vec::new(), staff: Vec::new(), on_parts: Vec::new() }, &workflow);
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
    security(("bearer" = ["cases:read"])),
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
    security(("bearer" = ["cases:write"])),
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
