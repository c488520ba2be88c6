//! Case handlers of the Trackops dialect: list, get, create, update. They only translate; the domain decides.

use actix_web::{HttpResponse, web::Data};
use docket_domain::{
    filter::{CaseOrder, SortKey},
    revision::Revised as _,
    service::{self, ChangeOptions},
    store::{CaseColumns, CaseStore as _},
};

use super::{
    case_body::CaseBody,
    error::TrackopsError,
    query::{Listing, PageOrCount, PagingParams},
    view::CaseView,
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        body::Body,
        conditional::{EntityTags, created, tagged},
        filter::CaseFilterParams,
        linked::Linked,
        params::Query,
        path::CasePath,
    },
};

pub type CasesQuery = (CaseFilterParams, PagingParams);

/// List cases
///
/// Returns a page of cases as a JSON array, sorted by creation time in the system, newest first. A case must match all
/// filters. With `mode=count`, the response is `{"record_count", "page_count"}`.
#[utoipa::path(
    get,
    path = "/api/v1/cases",
    tag = "cases",
    params(PagingParams, CaseFilterParams),
    responses(
        (status = 200, description = "A page of cases, or the counts.", body = PageOrCount<CaseView>),
        (status = 400),
    ),
    security(("basic" = ["cases:read"])),
)]
pub async fn list_cases(
    who: Authed<CasesRead>,
    query: Query<CasesQuery>,
    app: Data<App>,
) -> Result<Linked<Listing<CaseView>>, TrackopsError> {
    let (filters, paging) = query.0;
    let filter = filters.resolve(&app.store, who.account()).await?;
    let order = CaseOrder { key: SortKey::CreatedAt, descending: paging.descending() };
    let count = async || Ok(app.store.count_cases(who.account(), &filter).await?);
    let rows = async || {
        let cases =
            app.store.list_cases_page(who.account(), CaseColumns::RowAndNotes, &filter, order, paging.page()).await?;
        CaseView::load_all(&app, cases).await
    };
    Ok(paging.answer(count, rows).await?)
}

/// Get a case
///
/// Returns the current state of the case.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    responses(
        (status = 200, description = "The case.", body = CaseView, headers(
            ("ETag" = String, description = "Entity tag of the case."),
        )),
        (status = 304, description = "Not modified: an entity tag in `If-None-Match` is the current one."),
        (status = 404),
    ),
    security(("basic" = ["cases:read"])),
)]
pub async fn load_case(
    who: Conditional<CasesRead>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, TrackopsError> {
    let case = service::load_case(&app.store, who.account(), case.0).await?;
    let revision = case.revision();
    let view = CaseView::load(&app, case).await?;
    Ok(who.conditions().respond(revision, || view)?)
}

/// Create a case
///
/// The case starts in the initial status of the account's workflow. Primary persons are added to the parties or the
/// staff of the case. If a location is given without a client, the client of the location is set.
#[utoipa::path(
    post,
    path = "/api/v1/cases",
    tag = "cases",
    request_body = CaseBody,
    responses(
        (status = 201, description = "The created case.", body = CaseView, headers(
            ("Location" = String, description = "Path of the case."),
            ("ETag" = String, description = "Entity tag of the case."),
        )),
        (status = 400),
    ),
    security(("basic" = ["cases:write"])),
)]
pub async fn create_case(
    who: Authed<CasesWrite>,
    body: Body<CaseBody>,
    app: Data<App>,
) -> Result<HttpResponse, TrackopsError> {
    let form = body.0.casefile.into();
    let case = service::create_case_by_form(&app.store, &who.context(&app), app.new_uuid(), form).await?;
    Ok(created(format!("/api/v1/cases/{}", case.id), &case.revision(), CaseView::load(&app, case).await?))
}

/// Update a case
///
/// Changes the fields in the body, in one transaction. Absent fields stay unchanged, and `null` clears a field.
/// Subjects are added or changed, never removed.
#[utoipa::path(
    put,
    path = "/api/v1/cases/{case}",
    tag = "cases",
    params(CasePath, EntityTags),
    request_body = CaseBody,
    responses(
        (status = 200, description = "The case.", body = CaseView, headers(
            ("ETag" = String, description = "Entity tag of the case."),
        )),
        (status = 400), (status = 404), (status = 409), (status = 412),
    ),
    security(("basic" = ["cases:write"])),
)]
pub async fn update_case(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<CaseBody>,
    app: Data<App>,
) -> Result<HttpResponse, TrackopsError> {
    let (context, form) = (who.context(&app), body.0.casefile.into());
    let case = service::change_case_by_form(&app.store, &context, case.0, form, ChangeOptions::default()).await?;
    Ok(tagged(&case.revision(), CaseView::load(&app, case).await?))
}
