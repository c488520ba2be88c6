//! Handlers for deadlines on cases. The clock decides when a deadline is missed; that status is never stored.

mod body;
mod view;

use actix_web::{HttpResponse, web::Data};
use docket_domain::{
    deadline::{DeadlineFilter, DeadlinePosition, DeadlineStatus},
    id::{CaseRef, DeadlineId, PersonId},
    page::{BadCursor, Cursor},
    revision::Revised as _,
    service,
    time::{TimeBound, TimeRange, Timestamp},
};

pub use self::{
    body::{CreateDeadlineBody, UpdateDeadlineBody},
    view::{DeadlineListView, DeadlineView},
};
use super::{
    cases::{PageAfter, PageParams, Position},
    error::NativeError,
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
            param::{Words, bound, opaque_id, word},
            params,
        },
        path::{CasePath, IdPath},
    },
};

/// Letter of the cursors of deadlines.
const DEADLINES: char = 'W';

pub type DeadlinesQuery = (DeadlineParams, PageAfter<DeadlinePosition>);

params! {
    pub struct DeadlineParams {
        /// Due at this time or later: a date or an RFC 3339 timestamp.
        due_from: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant).example("2026-08-01");
        /// Due at this time or earlier: a date, which includes the whole day, or an RFC 3339 timestamp.
        due_to: Option<Timestamp> = bound(&[]).map(TimeBound::first_instant_after).example("2026-08-31");
        /// `pending` (upcoming), `met`, `missed` (overdue) or `cancelled`.
        status: Option<DeadlineStatus> = word(Words::new(DeadlineStatus::ALL, DeadlineStatus::as_str)).example("missed");
        /// Id of the person responsible for the deadline.
        assigned_to: Option<PersonId> = opaque_id(PersonId::parse).example("usr_0000000000037");
    }
}

impl Position for DeadlinePosition {
    const LIST: char = DEADLINES;

    fn at(cursor: Cursor) -> Result<Self, BadCursor> {
        cursor.try_into()
    }
}

async fn list(
    app: &App,
    who: &Authed<CasesRead>,
    case: Option<CaseRef>,
    (params, page): DeadlinesQuery,
) -> Result<Linked<DeadlineListView>, NativeError> {
    let now = app.now();
    let DeadlineParams { due_from, due_to, status, assigned_to } = params;
    let due = TimeRange { from: due_from, before: due_to };
    let filter = DeadlineFilter { cases: None, due, status, assigned_to, now };
    let (case, page) = service::list_deadlines(&app.store, who.account(), case, filter, page.after, page.limit).await?;
    Ok(Linked(DeadlineListView::new(case.as_ref(), page, now, DEADLINES)))
}

/// Create a deadline
///
/// Adds a deadline to the case, with a given due date (`due_at`) or a computed one (`compute`). A computed deadline has
/// the steps of the computation, each with its legal provision.
#[utoipa::path(
    post,
    path = "/api/v1/cases/{case}/deadlines",
    tag = "deadlines",
    params(CasePath, EntityTags),
    request_body(content = CreateDeadlineBody, example = json!({
        "title": "Statement of defence", "kind": "court", "due_at": "2026-08-06", "warn_on": "2026-07-30",
    })),
    responses(
        (status = 201, description = "The deadline.", body = DeadlineView, headers(("Location" = String, description = "Path of the deadline."))),
        (status = 400), (status = 404),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn add_deadline(
    who: Conditional<CasesWrite>,
    case: CasePath,
    body: Body<CreateDeadlineBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let context = who.context(&app);
    let deadline = service::add_deadline(&app.store, &context, case.0, body.0.into_new()?).await?;
    let location = format!("/api/v1/deadlines/{}", deadline.id);
    Ok(created(location, &deadline.revision(), DeadlineView::new(deadline, context.now)))
}

/// List the deadlines of a case
///
/// Returns the deadlines of the case and of its parts by due date, earliest first, also for a closed case.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/deadlines",
    tag = "deadlines",
    params(CasePath, PageParams, DeadlineParams),
    responses((status = 200, description = "A page of deadlines.", body = DeadlineListView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_case_deadlines(
    who: Authed<CasesRead>,
    case: CasePath,
    query: Query<DeadlinesQuery>,
    app: Data<App>,
) -> Result<Linked<DeadlineListView>, NativeError> {
    list(&app, &who, Some(case.0), query.0).await
}

/// List deadlines
///
/// Returns the deadlines of all cases by due date, earliest first. `status=missed` returns overdue deadlines,
/// `status=pending` upcoming ones. An open deadline is missed once its due time has passed; a due date passes at the
/// end of that day in UTC.
#[utoipa::path(
    get,
    path = "/api/v1/deadlines",
    tag = "deadlines",
    params(PageParams, DeadlineParams),
    responses((status = 200, description = "A page of deadlines.", body = DeadlineListView), (status = 400)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_deadlines(
    who: Authed<CasesRead>,
    query: Query<DeadlinesQuery>,
    app: Data<App>,
) -> Result<Linked<DeadlineListView>, NativeError> {
    list(&app, &who, None, query.0).await
}

/// Get a deadline
///
/// Returns the deadline. A computed deadline includes the steps of the computation.
#[utoipa::path(
    get,
    path = "/api/v1/deadlines/{id}",
    tag = "deadlines",
    params(("id" = String, Path, description = "The id of the deadline.", example = "dl_0000000000001"), EntityTags),
    responses((status = 200, description = "The deadline.", body = DeadlineView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_deadline(
    who: Conditional<CasesRead>,
    id: IdPath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let deadline = service::load_deadline(&app.store, who.account(), id.read(DeadlineId::parse)).await?;
    let revision = deadline.revision();
    Ok(who.conditions().respond_whole(&revision, &DeadlineView::new(deadline, app.now()))?)
}

/// Update a deadline
///
/// Only fields in the body change. `"verified": true` records the person of the calling key in `verified_by`. The
/// response is 409 if that person entered the deadline or last changed its title, kind or due date (four-eyes
/// principle). Such a change removes the verification. A new `due_at` removes the computation; `compute` computes a new
/// due date.
#[utoipa::path(
    put,
    path = "/api/v1/deadlines/{id}",
    tag = "deadlines",
    params(("id" = String, Path, description = "The id of the deadline.", example = "dl_0000000000001"), EntityTags),
    request_body(content = UpdateDeadlineBody, example = json!({
        "status": "met", "verified": true,
    })),
    responses((status = 200, description = "The deadline.", body = DeadlineView), (status = 400), (status = 404), (status = 409)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn update_deadline(
    who: Conditional<CasesWrite>,
    id: IdPath,
    body: Body<UpdateDeadlineBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let (context, id) = (who.context(&app), id.read(DeadlineId::parse));
    let deadline = service::change_deadline(&app.store, &context, id, body.0.into_changes()).await?;
    Ok(tagged(&deadline.revision(), DeadlineView::new(deadline, context.now)))
}

/// Remove a deadline
///
/// The timeline of the case keeps the entries of the deadline. To keep the deadline itself, set `status` to `cancelled`
/// instead.
#[utoipa::path(
    delete,
    path = "/api/v1/deadlines/{id}",
    tag = "deadlines",
    params(("id" = String, Path, description = "The id of the deadline.", example = "dl_0000000000001"), EntityTags),
    responses((status = 204, description = "The deadline is removed."), (status = 404)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn remove_deadline(
    who: Conditional<CasesWrite>,
    id: IdPath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    service::remove_deadline(&app.store, &who.context(&app), id.read(DeadlineId::parse)).await?;
    Ok(HttpResponse::NoContent().finish())
}
