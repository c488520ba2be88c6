//! Case updates: find, read, write, change.

use actix_web::{HttpResponse, web::Data};
use docket_domain::{
    id::{AccessGroupId, CaseId, PersonId, SubjectId, UpdateId},
    revision::Revised as _,
    service,
    update::UpdateFilter,
};
use utoipa::IntoParams;

use super::{
    error::TrackopsError,
    query::{PageOrCount, Paging, PagingParams, times},
    update_body::UpdateBody,
    update_view::UpdateView,
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        body::Body,
        conditional::{EntityTags, created, tagged},
        params::{FromParams, Params, Query},
        path::IdPath,
    },
};

/// Which updates, and which part of them.
pub struct UpdatesQuery {
    filter: UpdateFilter,
    paging: Paging,
}

impl FromParams for UpdatesQuery {
    fn from_params(params: &mut Params) -> Self {
        let filter = UpdateFilter {
            id: params.id("id", UpdateId::parse),
            case: params.number("case").map(CaseId),
            access_group: params.id("access_group", AccessGroupId::parse),
            author: params.id("created_by", PersonId::parse),
            is_valid: params.boolean("is_valid"),
            subject: params.id("subject", SubjectId::parse),
            thread: params.id("thread", UpdateId::parse),
            activity: times(params, &["activity_from", "from", "From"], &["activity_to", "to", "To"]),
            created: times(params, &["created_from"], &["created_to"]),
            updated: times(params, &["updated_from"], &["updated_to"]),
            validated: times(params, &["validated_from"], &["validated_to"]),
        };
        Self { filter, paging: Paging::read(params) }
    }
}

/// The filters of updates, as the OpenAPI document shows them. All that are given must hold.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which UpdatesQuery reads")]
pub struct UpdateFilterParams {
    /// The update.
    id: Option<i64>,
    /// The case that it is about.
    case: Option<i64>,
    /// Those for whom it is meant.
    access_group: Option<i64>,
    /// Its author: the person on whose behalf it was written, else the one who wrote it.
    created_by: Option<i64>,
    /// Only updates that count, or only those that do not.
    is_valid: Option<bool>,
    /// The subject that it is about.
    subject: Option<i64>,
    /// The thread that it belongs to, by the id of its first update.
    thread: Option<i64>,
    /// Activity at this time or later: a date, `YYYY-MM-DD HH:MM:SS` or RFC 3339. Also as `from`.
    #[param(example = "2021-06-01")]
    activity_from: Option<String>,
    /// Activity at this time or earlier; a bare date includes that whole day. Also as `to`.
    activity_to: Option<String>,
    /// Written at this time or later.
    created_from: Option<String>,
    /// Written at this time or earlier.
    created_to: Option<String>,
    /// Last changed at this time or later.
    updated_from: Option<String>,
    /// Last changed at this time or earlier.
    updated_to: Option<String>,
    /// Validated at this time or later.
    validated_from: Option<String>,
    /// Validated at this time or earlier.
    validated_to: Option<String>,
}

/// List case updates
///
/// A page of updates by the time at which they were written, newest first, as a bare array. Updates that nobody has
/// validated, for a group that requires it, are there for keys with `cases:write` only. With `mode=count` the answer is
/// `{"record_count", "page_count"}` instead.
#[utoipa::path(
    get,
    path = "/api/v1/case/updates",
    tag = "updates",
    params(PagingParams, UpdateFilterParams),
    responses((status = 200, description = "A page of updates.", body = PageOrCount<UpdateView>), (status = 400)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_updates(
    who: Authed<CasesRead>,
    query: Query<UpdatesQuery>,
    app: Data<App>,
) -> Result<HttpResponse, TrackopsError> {
    let (UpdatesQuery { filter, paging }, account) = (query.0, who.account());
    let count = async || service::count_updates(&app.store, account, filter.clone()).await;
    let rows = async || {
        let (filter, Paging { page, descending, .. }) = (filter.clone(), paging);
        let updates = service::list_updates(&app.store, account, filter, descending, page).await?;
        Ok(updates.into_iter().map(UpdateView::from).collect())
    };
    Ok(paging.answer(count, rows).await?)
}

/// Get a case update
///
/// With its timetable.
#[utoipa::path(
    get,
    path = "/api/v1/case/updates/{id}",
    tag = "updates",
    params(("id" = i64, Path, description = "The id of the update.", example = 789), EntityTags),
    responses((status = 200, description = "The update.", body = UpdateView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_update(
    who: Conditional<CasesRead>,
    id: IdPath,
    app: Data<App>,
) -> Result<HttpResponse, TrackopsError> {
    let update = service::load_update(&app.store, who.account(), id.read(UpdateId::parse)).await?;
    Ok(who.conditions().respond(update.revision(), || UpdateView::from(update))?)
}

/// Create a case update
///
/// On a case, for an access group. A group that requires no validation takes it as valid at once. The body keeps basic
/// HTML; everything else is stripped. It is on the case's timeline.
#[utoipa::path(
    post,
    path = "/api/v1/case/updates",
    tag = "updates",
    request_body = UpdateBody,
    responses(
        (status = 201, description = "The update.", body = UpdateView, headers(
            ("Location" = String, description = "The path of the update."),
        )),
        (status = 400),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn create_update(
    who: Authed<CasesWrite>,
    body: Body<UpdateBody>,
    app: Data<App>,
) -> Result<HttpResponse, TrackopsError> {
    let update = service::create_update(&app.store, &who.context(&app), body.0.update.into()).await?;
    let location = format!("/api/v1/case/updates/{}", update.id.0);
    Ok(created(location, &update.revision(), UpdateView::from(update)))
}

/// Update a case update
///
/// Every field is optional; what is absent stays. `is_validated` validates or invalidates it.
#[utoipa::path(
    put,
    path = "/api/v1/case/updates/{id}",
    tag = "updates",
    params(("id" = i64, Path, description = "The id of the update.", example = 789), EntityTags),
    request_body = UpdateBody,
    responses((status = 200, description = "The update.", body = UpdateView), (status = 400), (status = 404), (status = 409)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn change_update(
    who: Conditional<CasesWrite>,
    id: IdPath,
    body: Body<UpdateBody>,
    app: Data<App>,
) -> Result<HttpResponse, TrackopsError> {
    let (context, id) = (who.context(&app), id.read(UpdateId::parse));
    let update = service::change_update(&app.store, &context, id, body.0.update.into()).await?;
    Ok(tagged(&update.revision(), UpdateView::from(update)))
}

/// Update a case update by POST
///
/// The same as by PUT.
#[utoipa::path(
    post,
    path = "/api/v1/case/updates/{id}",
    tag = "updates",
    params(("id" = i64, Path, description = "The id of the update.", example = 789), EntityTags),
    request_body = UpdateBody,
    responses((status = 200, description = "The update.", body = UpdateView), (status = 400), (status = 404), (status = 409)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn change_update_by_post(
    who: Conditional<CasesWrite>,
    id: IdPath,
    body: Body<UpdateBody>,
    app: Data<App>,
) -> Result<HttpResponse, TrackopsError> {
    change_update(who, id, body, app).await
}
