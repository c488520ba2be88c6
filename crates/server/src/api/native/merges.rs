//! Handlers for merging and splitting cases.

mod body;
mod view;

use actix_web::{HttpResponse, http::header, web::Data};
use docket_domain::{error::Error, merge::MergeId, page::BadCursor, revision::Revised as _, service};

use self::{
    body::{MergeBody, SplitBody, UndoBody},
    view::{MergeListView, MergeView, position},
};
use super::{
    cases::{self, PageParams},
    error::NativeError,
    view::CaseView,
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        body::{Body, OptionalBody},
        conditional::{EntityTags, created, entity_tag},
        linked::Linked,
        params::{FromParams, Params, Query},
        path::{CasePath, IdPath},
    },
};

/// A page of the merges of a case.
#[derive(Debug)]
pub struct MergesQuery {
    after: Option<MergeId>,
    limit: i64,
}

impl FromParams for MergesQuery {
    fn from_params(params: &mut Params) -> Self {
        let page = PageParams::from_params(params);
        let after = page.position(params, |text| position(text).ok_or(BadCursor));
        Self { after, limit: page.limit }
    }
}

/// Merge cases into a case
///
/// Makes the cases parts of the case in the path, all in one step. Nothing moves: the case is read with the parties,
/// staff, notes, documents, deadlines, updates, links and events of its parts, each with `origin`. A part leaves the lists,
/// counts and statistics, and accepts no change on its own path any more: the response is 409 `CASE_MERGED`. Its things are
/// still changed by their own ids. A case has at most 200 parts, the parts of its parts included.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/merges",
    tag = "merges",
    params(CasePath, EntityTags),
    request_body = MergeBody,
    responses((status = 201, description = "The merge.", body = MergeView), (status = 400), (status = 404), (status = 409)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn merge_cases(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<MergeBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (context, uuid) = (who.context(&app), app.new_uuid());
    let MergeBody { cases, reason } = body.0;
    let merge = service::merge_cases(&app.store, &context, case.0, &cases, &reason, uuid).await?;
    let tag = (header::ETAG, entity_tag(&merge.revision()));
    Ok(HttpResponse::Created().insert_header(tag).json(MergeView::from(merge)))
}

/// List the merges of a case
///
/// Returns the merges into the case and those that made it a part of another, newest first, also those that were undone.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/merges",
    tag = "merges",
    params(CasePath, PageParams),
    responses((status = 200, description = "A page of merges.", body = MergeListView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_merges(
    who: Authed<CasesRead>,
    case: CasePath,
    query: Query<MergesQuery>,
    app: Data<App>,
) -> Result<Linked<MergeListView>, NativeError> {
    let MergesQuery { after, limit } = query.0;
    Ok(Linked(service::list_merges(&app.store, who.account(), case.0, after, limit).await?.into()))
}

/// Undo a merge
///
/// The cases of the merge are no parts any more. They are as they were, with what happened to their things meanwhile.
#[utoipa::path(
    delete,
    path = "/api/v1/cases/{case}/merges/{id}",
    tag = "merges",
    params(
        EntityTags,
        CasePath,
        ("id" = String, Path, description = "The id of the merge.", example = "mrg_019a00000000700080000000000000aa"),
    ),
    request_body = UndoBody,
    responses((status = 204, description = "The merge is undone."), (status = 400), (status = 404), (status = 409)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn undo_merge(
    who: Conditional<CasesWrite>,
    case: CasePath,
    id: IdPath,
    body: OptionalBody<UndoBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let reason = body.0.ok_or_else(|| Error::invalid("reason", "is required"))?.reason;
    let merge = MergeId::parse(id.as_str()).unwrap_or(MergeId::UNKNOWN);
    service::undo_merge(&app.store, &who.context(&app), case.0, merge, &reason).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Split a case
///
/// Creates a case that follows up the case in the path, and moves or copies the listed things to it, all in one step. A
/// thing that moves keeps its id. The new case has a link `split_from` to the case in the path.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/split",
    tag = "merges",
    params(CasePath, EntityTags),
    request_body = SplitBody,
    responses(
        (status = 201, description = "The new case.", body = CaseView, headers(
            ("Location" = String, description = "Path of the new case."),
            ("ETag" = String, description = "Version of the new case."),
        )),
        (status = 400), (status = 404), (status = 409),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn split_case(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<SplitBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let context = who.context(&app);
    let made = service::split_case(&app.store, &context, case.0, body.0.into_request(app.new_uuid(), case.0)).await?;
    let (location, revision) = (format!("/api/v1/cases/{}", made.uuid), made.revision());
    Ok(created(location, &revision, cases::view(&app, made).await?))
}
