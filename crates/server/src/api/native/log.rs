//! Handlers for the history and the timeline of a case. They only read the log.

use actix_web::web::{Data, Json};
use chrono::{DateTime, Utc};
use docket_domain::{
    actor::Actor,
    case::Case,
    event::{CaseEvent, StatusStep},
    page::{BadCursor, Cursor, Page},
    service::{self, TimelineEvent},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    cases::{PageAfter, PageParams, Position},
    error::NativeError,
    view::{PaginationView, linked},
};
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    wire::{linked::Linked, params::Query, path::CasePath},
};

/// Letter of the cursors of timelines.
const TIMELINE: char = 't';

/// The person who acted. Each API key also acts as a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActorView {
    /// Id of the person; `null` if an imported log has only a name.
    #[schema(example = "usr_000000000000A")]
    id: Option<String>,
    #[schema(example = "front desk")]
    name: String,
}

impl From<Actor> for ActorView {
    fn from(Actor { id, name }: Actor) -> Self {
        Self { id: id.map(|id| id.to_string()), name }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryView {
    /// Changes of status, oldest first.
    data: Vec<StatusChangeView>,
}

/// A change of status.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusChangeView {
    /// Key of the status before; `null` for the creation.
    #[schema(example = "open")]
    from: Option<String>,
    /// Key of the status after.
    #[schema(example = "resolved")]
    to: String,
    /// Reason that the caller gave.
    #[schema(example = "both sides agreed")]
    reason: Option<String>,
    /// `null` for the system.
    actor: Option<ActorView>,
    /// When it happened for the users. Differs from `recorded_at` only for imported events.
    occurred_at: DateTime<Utc>,
    /// When the system recorded it.
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

#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineView {
    /// Events, newest first.
    data: Vec<TimelineEntryView>,
    pagination: PaginationView,
}

linked!(TimelineView);

/// An event of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct TimelineEntryView {
    #[schema(example = "evt_000000000001A0000000000001")]
    id: String,
    /// Stable name of the kind of event.
    #[serde(rename = "type")]
    #[schema(example = "case.status_changed")]
    kind: &'static str,
    /// UUID of the part that the event is of, in the timeline of a case with parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Uuid, required = false)]
    origin: Option<Uuid>,
    /// One-line summary for display.
    #[schema(example = "Status changed from open to resolved")]
    title: String,
    /// `null` for the system.
    actor: Option<ActorView>,
    /// When it happened for the users. Differs from `recorded_at` only for imported events.
    occurred_at: DateTime<Utc>,
    /// When the system recorded it.
    recorded_at: DateTime<Utc>,
    /// Details of the event. The fields depend on `type`.
    #[schema(value_type = Object, example = json!({"transition": "resolve", "from": "open", "to": "resolved"}))]
    metadata: Value,
}

impl TimelineEntryView {
    fn new(case: &Case, event: CaseEvent) -> Self {
        Self {
            id: event.id().to_string(),
            origin: case.origin_of(event.case),
            kind: event.data.kind(),
            title: event.data.title(),
            metadata: event.data.metadata(),
            actor: event.actor.map(ActorView::from),
            occurred_at: event.occurred_at,
            recorded_at: event.recorded_at,
        }
    }
}

impl TimelineView {
    fn new(case: &Case, page: Page<TimelineEvent>) -> Self {
        let pagination = PaginationView::new(&page, |event| event.cursor.encode(TIMELINE));
        let entries = page.rows.into_iter().map(|row| TimelineEntryView::new(case, row.event));
        Self { data: entries.collect(), pagination }
    }
}

pub type TimelineQuery = PageAfter<TimelinePosition>;

/// A position in the timeline of a case.
pub struct TimelinePosition(Cursor);

impl Position for TimelinePosition {
    const LIST: char = TIMELINE;

    fn at(cursor: Cursor) -> Result<Self, BadCursor> {
        Ok(Self(cursor))
    }
}

/// Get the status history of a case
///
/// Returns every change of status, oldest first. The first entry is the creation.
#[utoipa::path(
    get,
    path = "/api/v1/cases/{case}/history",
    tag = "transitions",
    params(CasePath),
    responses((status = 200, description = "The status history.", body = HistoryView), (status = 404)),
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
/// Returns every event of the case and of its parts, newest first. Each change of the case adds one or more events.
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
) -> Result<Linked<TimelineView>, NativeError> {
    let PageAfter { after, limit } = query.0;
    let after = after.map(|position| position.0);
    let (case, page) = service::list_timeline(&app.store, who.account(), case.0, after, limit).await?;
    Ok(Linked(TimelineView::new(&case, page)))
}
