//! What happened to a case.

use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use docket_domain::{
    actor::Actor,
    event::{CaseEvent, StatusStep},
    id::EntityId as _,
    page::{Cursor, Page},
    service,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    cases::{PageParams, cursor, limit},
    error::NativeError,
    view::PaginationView,
};
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    wire::{
        params::{FromParams, Params, Query},
        path::CasePath,
    },
};

/// The letter of the cursors of timelines.
const TIMELINE: char = 't';

/// Who did something.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorView {
    /// The person; none where a log of another system knows only a name.
    #[schema(example = "usr_000000000000A")]
    id: Option<String>,
    /// The name.
    #[schema(example = "front desk")]
    name: String,
}

impl From<Actor> for ActorView {
    fn from(Actor { id, name }: Actor) -> Self {
        Self { id: id.map(|id| id.to_string()), name }
    }
}

/// The statuses that a case had.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryView {
    /// The changes of status, oldest first.
    data: Vec<StatusChangeView>,
}

/// A change of status.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusChangeView {
    /// The status before; none for the first.
    #[schema(example = "open")]
    from: Option<String>,
    /// The status after.
    #[schema(example = "resolved")]
    to: String,
    /// Why.
    #[schema(example = "both sides agreed")]
    reason: Option<String>,
    /// Who did it; none where the system did.
    actor: Option<ActorView>,
    /// When it happened for the user.
    occurred_at: DateTime<Utc>,
    /// Time of recording in the system.
    recorded_at: DateTime<Utc>,
}

impl StatusChangeView {
    fn of(event: CaseEvent) -> Option<Self> {
        let StatusStep { from, to, reason } = event.data.into_status_step()?;
        let actor = event.actor.map(ActorView::from);
        Some(Self {
            from: from.map(String::from),
            to: to.into(),
            reason,
            actor,
            occurred_at: event.occurred_at,
            recorded_at: event.recorded_at,
        })
    }
}

/// A page of a timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineView {
    /// What happened, newest first.
    data: Vec<TimelineEntryView>,
    /// Where the list goes on.
    pagination: PaginationView,
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEntryView {
    /// Its id.
    #[schema(example = "evt_000000000001A0000000000001")]
    id: String,
    /// What sort of thing it is; stable.
    #[serde(rename = "type")]
    #[schema(example = "case.status_changed")]
    kind: &'static str,
    /// One line for people.
    #[schema(example = "Status changed from open to resolved")]
    title: String,
    /// Who did it; none where the system did.
    actor: Option<ActorView>,
    /// When it happened for the user.
    occurred_at: DateTime<Utc>,
    /// Time of recording in the system.
    recorded_at: DateTime<Utc>,
    /// The particulars.
    #[schema(value_type = Object, example = json!({"transition": "resolve", "from": "open", "to": "resolved"}))]
    metadata: Value,
}

impl From<CaseEvent> for TimelineEntryView {
    fn from(event: CaseEvent) -> Self {
        Self {
            id: event.id().to_string(),
            kind: event.data.kind(),
            title: event.data.title(),
            metadata: event.data.metadata(),
            actor: event.actor.map(ActorView::from),
            occurred_at: event.occurred_at,
            recorded_at: event.recorded_at,
        }
    }
}

impl From<Page<CaseEvent>> for TimelineView {
    fn from(page: Page<CaseEvent>) -> Self {
        let pagination = PaginationView::new(&page, |event| {
            Cursor { key: event.version, id: event.case.integer() }.encode(TIMELINE)
        });
        Self { data: page.rows.into_iter().map(TimelineEntryView::from).collect(), pagination }
    }
}

/// Which page of a timeline.
pub struct TimelineQuery {
    after: Option<Cursor>,
    limit: i64,
}

impl FromParams for TimelineQuery {
    fn from_params(params: &mut Params) -> Self {
        Self { after: cursor(params, TIMELINE), limit: limit(params) }
    }
}

/// Get the history of a case
///
/// The statuses that it had, oldest first; the first one came with its creation.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/history",
    tag = "transitions",
    params(CasePath),
    responses((status = 200, description = "The history.", body = HistoryView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_history(
    who: Authed<CasesRead>,
    case: CasePath,
    app: Data<App>,
) -> Result<Json<HistoryView>, NativeError> {
    let events = service::list_history(&app.store, who.account(), case.0).await?;
    Ok(Json(HistoryView { data: events.into_iter().filter_map(StatusChangeView::of).collect() }))
}

/// Get the timeline of a case
///
/// Everything that happened to it, newest first: every command left one entry or more.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/timeline",
    tag = "transitions",
    params(CasePath, PageParams),
    responses((status = 200, description = "A page of the timeline.", body = TimelineView), (status = 400), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_timeline(
    who: Authed<CasesRead>,
    case: CasePath,
    query: Query<TimelineQuery>,
    app: Data<App>,
) -> Result<Json<TimelineView>, NativeError> {
    let TimelineQuery { after, limit } = query.0;
    let page = service::list_timeline(&app.store, who.account(), case.0, after, limit).await?;
    Ok(Json(page.into()))
}
