//! Handlers for conflicts of interest.

mod body;
mod view;

use std::time::Instant;

use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, Json, Path},
};
use docket_domain::{
    conflict::Findings,
    id::CheckId,
    page::{BadCursor, Cursor},
    revision::Revised as _,
    service,
};

use self::{
    body::{CheckBody, DecisionBody, SidesBody, unknown_case},
    view::{CHECKS, ConflictCheckListView, ConflictCheckView, FindingsView, SidesView},
};
use super::{
    cases::{PageAfter, PageParams, Position},
    error::NativeError,
};
use crate::{
    app::App,
    auth::{Admin, Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        body::Body,
        conditional::{EntityTags, entity_tag, tagged},
        linked::Linked,
        params::Query,
        path::{CasePath, IdPath},
    },
};

pub type ChecksQuery = PageAfter<CheckId>;

impl Position for CheckId {
    const LIST: char = CHECKS;

    fn at(cursor: Cursor) -> Result<Self, BadCursor> {
        Ok(Self(cursor.id))
    }
}

/// Check names for conflicts of interest
///
/// Compares the names and e-mail addresses, or the parties of a case, with everybody in the directory. Each hit names the
/// rules that hold, and the roles of the person in cases. `conflict` means that a person who matches stands on the other
/// side in a case, open or closed; `possible` that only the name is similar. Nothing is stored.
#[utoipa::path(
    post,
    path = "/api/v1/conflicts/check",
    tag = "conflicts",
    request_body = CheckBody,
    responses((status = 200, description = "Who matches.", body = FindingsView), (status = 400)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn check_conflicts(
    who: Authed<CasesRead>,
    body: Body<CheckBody>,
    app: Data<App>,
) -> Result<Json<FindingsView>, NativeError> {
    let (begin, account, min_score) = (Instant::now(), who.account(), body.0.min_score());
    let searched = match body.0.case {
        Some(case) => service::check_case(&app.store, account, case, min_score).await.map_err(unknown_case)?,
        None => service::check_names(&app.store, account, &body.0.into_queries(), min_score).await?,
    };
    let Findings { verdict, hits } = searched.findings;
    Ok(Json(FindingsView::new(verdict, hits, searched.people, begin.elapsed())))
}

/// Get the sides of the roles
///
/// Returns on which side the parties with a role stand: `client`, `adverse` or `neutral`. A role that is not in the map is
/// neutral.
#[utoipa::path(
    get,
    path = "/api/v1/conflicts/sides",
    tag = "conflicts",
    responses((status = 200, description = "The sides.", body = SidesView)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_sides(who: Authed<CasesRead>, app: Data<App>) -> Result<Json<SidesView>, NativeError> {
    Ok(Json(SidesView::from(service::load_sides(&app.store, who.account()).await?)))
}

/// Replace the sides of the roles
///
/// Replaces the whole map. Checks that were kept do not change.
#[utoipa::path(
    put,
    path = "/api/v1/conflicts/sides",
    tag = "conflicts",
    request_body = SidesBody,
    responses((status = 200, description = "The sides.", body = SidesView), (status = 400)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn replace_sides(
    who: Authed<Admin>,
    body: Body<SidesBody>,
    app: Data<App>,
) -> Result<Json<SidesView>, NativeError> {
    let sides = body.0.sides;
    service::replace_sides(&app.store, who.account(), &sides).await?;
    Ok(Json(SidesView::from(sides)))
}

/// Check a case for conflicts of interest
///
/// Compares the parties of the case with everybody in the directory, and keeps the result. Parties whose role is neutral
/// are left out.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/conflict-checks",
    tag = "conflicts",
    params(CasePath, EntityTags),
    responses((status = 201, description = "The check.", body = ConflictCheckView), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn run_check(
    who: Conditional<CasesWrite>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let context = who.context(&app);
    let check = service::run_conflict_check(&app.store, &context, case.0).await?;
    let now = check.parties.clone();
    let tag = (header::ETAG, entity_tag(&check.revision()));
    Ok(HttpResponse::Created().insert_header(tag).json(ConflictCheckView::new(check, &now)))
}

/// List the conflict checks of a case
///
/// Returns the checks, newest first. A check is `stale` when a party, or a name of one, is not as it was checked.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/conflict-checks",
    tag = "conflicts",
    params(CasePath, PageParams),
    responses((status = 200, description = "A page of checks.", body = ConflictCheckListView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_checks(
    who: Authed<CasesRead>,
    case: CasePath,
    query: Query<ChecksQuery>,
    app: Data<App>,
) -> Result<Linked<ConflictCheckListView>, NativeError> {
    let PageAfter { after, limit } = query.0;
    let (page, parties) = service::list_conflict_checks(&app.store, who.account(), case.0, after, limit).await?;
    Ok(Linked(ConflictCheckListView::new(page, &parties)))
}

/// Decide a hit of a conflict check
///
/// `cleared`: it is no conflict. `confirmed`: it is one. `waived`: it is one, and those concerned have consented. The person
/// who ran the check cannot decide. A later decision replaces an earlier one.
#[utoipa::path(
    put,
    path = "/api/v1/conflict-checks/{id}/hits/{number}",
    tag = "conflicts",
    params(
        ("id" = String, Path, description = "The id of the check.", example = "chk_0000000000001"),
        ("number" = i64, Path, description = "Number of the hit in the check, from 1.", example = 1),
        EntityTags,
    ),
    request_body = DecisionBody,
    responses((status = 200, description = "The check.", body = ConflictCheckView), (status = 400), (status = 404), (status = 409)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn decide_hit(
    who: Conditional<CasesWrite>,
    id: IdPath,
    path: Path<(String, String)>,
    body: Body<DecisionBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (context, id) = (who.context(&app), id.read(CheckId::parse));
    let hit = path.into_inner().1.parse().unwrap_or(0);
    let DecisionBody { decision, reason } = body.0;
    let check =
        service::decide_conflict_hit(&app.store, &context, id, hit, decision, reason.unwrap_or_default()).await?;
    let parties = service::find_parties_digest(&app.store, check.account, check.case).await?;
    Ok(tagged(&check.revision(), ConflictCheckView::new(check, &parties)))
}
