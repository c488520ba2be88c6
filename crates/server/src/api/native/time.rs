//! Handlers for calendars of working hours, service levels and the clocks of cases.

mod body;
mod ics;
mod view;

use actix_web::{
    HttpResponse,
    web::{Data, Json, Path},
};
use docket_domain::{
    error::Error,
    id::{CaseRef, Entity},
    service,
    service_level::draw_clocks,
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
    wire::{
        body::Body,
        params::{
            Query,
            param::{Words, word},
            params,
        },
        path::CasePath,
    },
};

/// A format of the clocks of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockFormat {
    Json,
    Svg,
}

impl ClockFormat {
    const ALL: [Self; 2] = [Self::Json, Self::Svg];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Svg => "svg",
        }
    }
}

params! {
    pub struct ClockParams {
        /// `json` or `svg`.
        format: ClockFormat = word(Words::new(&ClockFormat::ALL, ClockFormat::as_str)).default_word("json", ClockFormat::Json);
    }
}

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
    let is_new = service::put_calendar(&app.store, who.account(), &calendar, app.now()).await?;
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
/// applies to it. After a service level or a calendar changed, the clocks that lists and the timer use are computed anew;
/// `recomputation` shows how far that is.
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
    let levels = service::list_service_levels(&app.store, who.account()).await?;
    let recomputation = service::find_clock_rebuild(&app.store, who.account()).await.map_err(Error::from)?;
    Ok(Json(ServiceLevelListView::new(levels, recomputation)))
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
    let is_new = service::put_service_level(&app.store, who.account(), &level, app.now()).await?;
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
    service::remove_service_level(&app.store, who.account(), &key, app.now()).await?;
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
    let what_if = service::ask_what_if(&app.store, who.account(), &level, &filter, as_of).await?;
    Ok(Json(WhatIfView::from(what_if)))
}

/// Get the service level of a case
///
/// Returns the service level that applies to the case, and the clock of each target now, with the stretches of time that
/// counted and those that did not. `policy` is `null` if no service level applies. With `format=svg`, returns a picture of
/// the clocks.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/service-level",
    tag = "time",
    params(CasePath, ClockParams),
    responses(
        (status = 200, description = "The clocks.", content((CaseServiceLevelView = "application/json"), (String = "image/svg+xml"))),
        (status = 400),
        (status = 404),
    ),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_service_level(
    who: Authed<CasesRead>,
    case: CasePath,
    asked: Query<ClockParams>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let now = app.now();
    let clocks = service::load_clocks(&app.store, who.account(), case.0, now).await?;
    let response = match asked.0.format {
        ClockFormat::Json => HttpResponse::Ok().json(CaseServiceLevelView::from(clocks)),
        ClockFormat::Svg => {
            let (title, clocks) = match &clocks {
                Some(of_case) => (of_case.level.name.as_str(), of_case.clocks.as_slice()),
                None => ("No service level applies", [].as_slice()),
            };
            let clocks = clocks.iter().map(|(clock, hours)| (clock, &**hours)).collect::<Vec<_>>();
            HttpResponse::Ok().content_type("image/svg+xml").body(draw_clocks(title, &clocks, now))
        }
    };
    Ok(response)
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
    let (deadlines, cases) = service::list_subscribed(&app.store, who.account(), case, app.now()).await?;
    Ok(HttpResponse::Ok().content_type("text/calendar; charset=utf-8").body(ics::calendar(&deadlines, &cases)))
}
