//! Handlers for calendars of working hours, service levels and the clocks of cases.

mod body;
mod ics;
mod view;

use actix_web::{
    HttpResponse,
    web::{Data, Json, Path},
};
use docket_domain::{
    case::Case,
    deadline::{DeadlineFilter, DeadlineStatus},
    error::Error,
    id::{CaseRef, Entity},
    service,
    service_level::HoursCache,
    store::{CaseStore as _, DeadlineStore as _},
    time::TimeRange,
};

use self::{
    body::{ServiceLevelBody, WhatIfBody, WorkCalendarBody, is_key},
    view::{
        CaseServiceLevelView, ServiceLevelListView, ServiceLevelView, WhatIfView, WorkCalendarListView,
        WorkCalendarView,
    },
};
use super::error::NativeError;
use crate::{
    app::App,
    auth::{Admin, Authed, CasesRead},
    wire::{body::Body, path::CasePath},
};

/// Maximum number of open deadlines, and of ended ones, in a subscription.
const SUBSCRIBED: i64 = 1_000;
/// Days for which an ended deadline stays in a subscription.
const ENDED_DAYS: i64 = 30;

/// List working calendars
///
/// Returns the calendars of working hours of the account. The holidays of `holidays` are those of
/// `/api/v1/deadlines/calendars`.
#[utoipa::path(
    get,
    path = "/api/v1/calendars",
    tag = "time",
    responses((status = 200, description = "The calendars.", body = WorkCalendarListView)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_work_calendars(
    who: Authed<CasesRead>,
    app: Data<App>,
) -> Result<Json<WorkCalendarListView>, NativeError> {
    Ok(Json(WorkCalendarListView::from(service::list_calendars(&app.store, who.account()).await?)))
}

/// Set a working calendar
///
/// Creates the calendar, or replaces it. Clocks follow the new hours from then on, also for the past.
#[utoipa::path(
    put,
    path = "/api/v1/calendars/{key}",
    tag = "time",
    params(("key" = String, Path, description = "Key of the calendar.", example = "office")),
    request_body = WorkCalendarBody,
    responses(
        (status = 200, description = "The calendar, which replaces another.", body = WorkCalendarView),
        (status = 201, description = "The new calendar.", body = WorkCalendarView),
        (status = 400),
    ),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn put_work_calendar(
    who: Authed<Admin>,
    key: Path<String>,
    body: Body<WorkCalendarBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let calendar = body.0.into_calendar(key.into_inner())?;
    let is_new = service::put_calendar(&app.store, who.account(), &calendar).await?;
    let mut response = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.json(WorkCalendarView::from(calendar)))
}

/// Remove a working calendar
///
/// The response is 409 while a service level uses the calendar.
#[utoipa::path(
    delete,
    path = "/api/v1/calendars/{key}",
    tag = "time",
    params(("key" = String, Path, description = "Key of the calendar.", example = "office")),
    responses((status = 204, description = "The calendar is removed."), (status = 404), (status = 409)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn remove_work_calendar(
    who: Authed<Admin>,
    key: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    known_key(&key, Entity::Calendar)?;
    service::remove_calendar(&app.store, who.account(), &key).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List service levels
///
/// Returns the service levels of the account in the order in which they are tried: a case follows the first one that
/// applies to it.
#[utoipa::path(
    get,
    path = "/api/v1/service-levels",
    tag = "time",
    responses((status = 200, description = "The service levels.", body = ServiceLevelListView)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_service_levels(
    who: Authed<CasesRead>,
    app: Data<App>,
) -> Result<Json<ServiceLevelListView>, NativeError> {
    Ok(Json(ServiceLevelListView::from(service::list_service_levels(&app.store, who.account()).await?)))
}

/// Set a service level
///
/// Creates the service level, or replaces it. Clocks are read from the logs of the cases, so they follow the new targets
/// from then on, also for the past.
#[utoipa::path(
    put,
    path = "/api/v1/service-levels/{key}",
    tag = "time",
    params(("key" = String, Path, description = "Key of the service level.", example = "standard")),
    request_body = ServiceLevelBody,
    responses(
        (status = 200, description = "The service level, which replaces another.", body = ServiceLevelView),
        (status = 201, description = "The new service level.", body = ServiceLevelView),
        (status = 400),
    ),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn put_service_level(
    who: Authed<Admin>,
    key: Path<String>,
    body: Body<ServiceLevelBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let level = body.0.into_level(key.into_inner())?;
    let is_new = service::put_service_level(&app.store, who.account(), &level).await?;
    let mut response = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.json(ServiceLevelView::from(level)))
}

/// Remove a service level
///
/// Cases follow the next service level that applies to them, if there is one.
#[utoipa::path(
    delete,
    path = "/api/v1/service-levels/{key}",
    tag = "time",
    params(("key" = String, Path, description = "Key of the service level.", example = "standard")),
    responses((status = 204, description = "The service level is removed."), (status = 404)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn remove_service_level(
    who: Authed<Admin>,
    key: Path<String>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    known_key(&key, Entity::ServiceLevel)?;
    service::remove_service_level(&app.store, who.account(), &key).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ask what a service level would say
///
/// Reads the clocks of the cases that match `filter`, at most the 100,000 newest, as if the service level were theirs.
/// Nothing is written.
#[utoipa::path(
    post,
    path = "/api/v1/service-levels/what-if",
    tag = "time",
    request_body = WhatIfBody,
    responses((status = 200, description = "The summary of each target.", body = WhatIfView), (status = 400)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn ask_what_if(
    who: Authed<Admin>,
    body: Body<WhatIfBody>,
    app: Data<App>,
) -> Result<Json<WhatIfView>, NativeError> {
    let (level, filter, as_of) = body.0.into_parts()?;
    let filter = filter.resolve(&app.store, who.account()).await?;
    let as_of = as_of.unwrap_or_else(|| app.now());
    let what_if = service::ask_what_if(&app.store, who.account(), &level, &filter, HoursCache::shared(), as_of).await?;
    Ok(Json(WhatIfView::from(what_if)))
}

/// Get the service level of a case
///
/// Returns the service level that applies to the case, and the clock of each target now, with the stretches of time that
/// counted and those that did not. `policy` is `null` if no service level applies.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/service-level",
    tag = "time",
    params(CasePath),
    responses((status = 200, description = "The clocks.", body = CaseServiceLevelView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_service_level(
    who: Authed<CasesRead>,
    case: CasePath,
    app: Data<App>,
) -> Result<Json<CaseServiceLevelView>, NativeError> {
    let clocks = service::load_clocks(&app.store, who.account(), case.0, HoursCache::shared(), app.now()).await?;
    Ok(Json(CaseServiceLevelView::from(clocks)))
}

/// Subscribe to deadlines
///
/// Returns the open deadlines of all cases as an iCalendar document (RFC 5545). A deadline keeps its UID. One that was met
/// or cancelled stays for 30 days with `STATUS:CANCELLED`. Calendar programs can subscribe with HTTP Basic: user
/// `NAME/token`, and the key as the password.
#[utoipa::path(
    get,
    path = "/api/v1/deadlines.ics",
    tag = "time",
    responses((status = 200, description = "The deadlines.", body = String, content_type = "text/calendar")),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn subscribe_to_deadlines(who: Authed<CasesRead>, app: Data<App>) -> Result<HttpResponse, NativeError> {
    subscription(&app, &who, None).await
}

/// Subscribe to the deadlines of a case
///
/// Like `/api/v1/deadlines.ics`, for one case and its parts.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/deadlines.ics",
    tag = "time",
    params(CasePath),
    responses((status = 200, description = "The deadlines.", body = String, content_type = "text/calendar"), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn subscribe_to_case_deadlines(
    who: Authed<CasesRead>,
    case: CasePath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    subscription(&app, &who, Some(case.0)).await
}

/// Nothing has another kind of key.
fn known_key(key: &str, of: Entity) -> Result<(), Error> {
    if is_key(key) { Ok(()) } else { Err(Error::not_found(of)) }
}

async fn subscription(app: &App, who: &Authed<CasesRead>, case: Option<CaseRef>) -> Result<HttpResponse, NativeError> {
    let (account, now) = (who.account(), app.now());
    let case = match case {
        Some(case) => Some(service::load_case(&app.store, account, case).await?),
        None => None,
    };
    let cases = case.as_ref().map(Case::whole);
    let mut deadlines = Vec::new();
    for status in [DeadlineStatus::Missed, DeadlineStatus::Pending] {
        let (status, due) = (Some(status), TimeRange::default());
        let filter = DeadlineFilter { cases: cases.clone(), due, status, assigned_to: None, now };
        deadlines.extend(app.store.list_deadlines(account, &filter, None, SUBSCRIBED).await?.rows);
    }
    let since = now - chrono::TimeDelta::days(ENDED_DAYS);
    deadlines.extend(app.store.list_ended_deadlines(account, cases.as_deref(), since, SUBSCRIBED).await?);
    let mut ids = deadlines.iter().map(|deadline| deadline.case).collect::<Vec<_>>();
    ids.sort_unstable();
    ids.dedup();
    let cases = app.store.list_cases_by_id(account, &ids).await.map_err(Error::from)?;
    Ok(HttpResponse::Ok().content_type("text/calendar; charset=utf-8").body(ics::calendar(&deadlines, &cases)))
}
