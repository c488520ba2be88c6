//! Update handlers of the Trackops dialect: list, get, create, change. They only translate; the domain decides.

use actix_web::{HttpResponse, web::Data};
use docket_domain::{
    id::{AccessGroupId, CaseId, PersonId, SubjectId, UpdateId},
    revision::Revised as _,
    service,
    time::{TimeBound, TimeRange, Timestamp},
    update::UpdateFilter,
};

use super::{
    error::TrackopsError,
    query::{Listing, PageOrCount, PagingParams},
    update_body::UpdateBody,
    update_view::UpdateView,
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        body::Body,
        conditional::{EntityTags, created, tagged},
        linked::Linked,
        params::{
            Query,
            param::{boolean, bound, id, number},
            params,
        },
        path::IdPath,
    },
};

pub type UpdatesQuery = (UpdateFilterParams, PagingParams);

params! {
    pub struct UpdateFilterParams {
        /// Id of the update.
        id: Option<UpdateId> = id(UpdateId::parse);
        /// Case that the update is about, by its integer id.
        case: Option<CaseId> = number().map(CaseId);
        /// Access group that the update is meant for.
        access_group: Option<AccessGroupId> = id(AccessGroupId::parse);
        /// Author of the update: the person in `behalf_of_id`, else the person in `created_by_id`.
        created_by: Option<PersonId> = id(PersonId::parse);
        /// `true`: only valid updates. `false`: only updates that are not valid.
        is_valid: Option<bool> = boolean();
        /// Subject that the update is about.
        subject: Option<SubjectId> = id(SubjectId::parse);
        /// Thread of the update, by the id of its first update. Includes the first update and all replies.
        thread: Option<UpdateId> = id(UpdateId::parse);
        /// Activity at or after this time: `YYYY-MM-DD`, `YYYY-MM-DD HH:MM:SS` (UTC) or RFC 3339. Alias: `from`.
        activity_from: Option<Timestamp> = bound(&["from", "From"]).map(TimeBound::first_instant).example("2021-06-01");
        /// Activity at or before this time. A date includes the whole day. Alias: `to`.
        activity_to: Option<Timestamp> = bound(&["to", "To"]).map(TimeBound::first_instant_after);
        /// Created at or after this time.
        created_from: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant);
        /// Created at or before this time.
        created_to: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant_after);
        /// Last changed at or after this time.
        updated_from: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant);
        /// Last changed at or before this time.
        updated_to: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant_after);
        /// Validated at or after this time.
        validated_from: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant);
        /// Validated at or before this time.
        validated_to: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant_after);
    }
}

impl From<UpdateFilterParams> for UpdateFilter {
    fn from(params: UpdateFilterParams) -> Self {
        Self {
            id: params.id,
            cases: params.case.map(|case| vec![case]),
            access_group: params.access_group,
            author: params.created_by,
            is_valid: params.is_valid,
            subject: params.subject,
            thread: params.thread,
            activity: TimeRange { from: params.activity_from, before: params.activity_to },
            created: TimeRange { from: params.created_from, before: params.created_to },
            updated: TimeRange { from: params.updated_from, before: params.updated_to },
            validated: TimeRange { from: params.validated_from, before: params.validated_to },
        }
    }
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
) -> Result<Linked<Listing<UpdateView>>, TrackopsError> {
    let (filter, paging, account) = (UpdateFilter::from(query.0.0), query.0.1, who.account());
    let count = async || service::count_updates(&app.store, account, filter.clone()).await;
    let rows = async || {
        let (filter, descending) = (filter.clone(), paging.descending());
        let updates = service::list_updates(&app.store, account, filter, descending, paging.page()).await?;
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
    params(("id" = i64, Path, description = "Id of the update.", example = 1), EntityTags),
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
    params(("id" = i64, Path, description = "Id of the update.", example = 1), EntityTags),
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
    params(("id" = i64, Path, description = "Id of the update.", example = 1), EntityTags),
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
