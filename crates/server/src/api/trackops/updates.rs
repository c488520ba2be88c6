//! Update handlers of the Trackops dialect: list, get, create, change. They only translate; the domain decides.

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

#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only describes the parameters, which UpdatesQuery reads")]
pub struct UpdateFilterParams {
    /// Id of the update.
    id: Option<i64>,
    /// Case that the update is about, by its integer id.
    case: Option<i64>,
    /// Access group that the update is meant for.
    access_group: Option<i64>,
    /// Author of the update: the person in `behalf_of_id`, else the person in `created_by_id`.
    created_by: Option<i64>,
    /// `true`: only valid updates. `false`: only updates that are not valid.
    is_valid: Option<bool>,
    /// Subject that the update is about.
    subject: Option<i64>,
    /// Thread of the update, by the id of its first update. Includes the first update and all replies.
    thread: Option<i64>,
    /// Activity at or after this time: `YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS` (UTC) or RFC 3339. Alias: `from`.
    #[param(example = "2021-06-01")]
    activity_from: Option<String>,
    /// Activity at or before this time. A date includes the whole day. Alias: `to`.
    activity_to: Option<String>,
    /// Created at or after this time.
    created_from: Option<String>,
    /// Created at or before this time.
    created_to: Option<String>,
    /// Last changed at or after this time.
    updated_from: Option<String>,
    /// Last changed at or before this time.
    updated_to: Option<String>,
    /// Validated at or after this time.
    validated_from: Option<String>,
    /// Validated at or before this time.
    validated_to: Option<String>,
}

/// List case updates
///
/// Returns a page of updates as a JSON array, sorted by creation time, newest first. An update must match all filters.
/// Updates that are not valid are included; `is_valid` filters them. With `mode=count`, the response is
/// `{"record_count", "page_count"}`.
#[utoipa::path(
    get,
    path = "/api/v1/case/updates",
    tag = "updates",
    params(PagingParams, UpdateFilterParams),
    responses(
        (status = 200, description = "A page of updates, or the counts.", body = PageOrCount<UpdateView>),
        (status = 400),
    ),
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
/// Returns the update with its timetable.
#[utoipa::path(
    get,
    path = "/api/v1/case/updates/{id}",
    tag = "updates",
    params(("id" = i64, Path, description = "Id of the update.", example = 789), EntityTags),
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
/// Adds an update to a case and to its timeline. The update is valid at once if its access group requires no
/// validation.
#[utoipa::path(
    post,
    path = "/api/v1/case/updates",
    tag = "updates",
    request_body = UpdateBody,
    responses(
        (status = 201, description = "The created update.", body = UpdateView, headers(
            ("Location" = String, description = "Path of the update."),
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
/// Changes the fields in the body. All fields are optional; absent fields stay unchanged. `is_validated` validates the
/// update or withdraws the validation.
#[utoipa::path(
    put,
    path = "/api/v1/case/updates/{id}",
    tag = "updates",
    params(("id" = i64, Path, description = "Id of the update.", example = 789), EntityTags),
    request_body = UpdateBody,
    responses(
        (status = 200, description = "The update.", body = UpdateView),
        (status = 400), (status = 404), (status = 409),
    ),
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

/// Update a case update (POST)
///
/// The same as `PUT` on this path.
#[utoipa::path(
    post,
    path = "/api/v1/case/updates/{id}",
    tag = "updates",
    params(("id" = i64, Path, description = "Id of the update.", example = 789), EntityTags),
    request_body = UpdateBody,
    responses(
        (status = 200, description = "The update.", body = UpdateView),
        (status = 400), (status = 404), (status = 409),
    ),
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
