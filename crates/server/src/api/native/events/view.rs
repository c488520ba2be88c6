//! The view of an event.

use chrono::{DateTime, Utc};
use docket_domain::{
    feed::{FeedEvent, FeedSource},
    id::AccountId,
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{super::log::ActorView, cursor};

/// An event of the account.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventView {
    #[schema(example = "evt_000000000001A0000000000001")]
    id: String,
    /// Stable name of the type of event. It never changes its meaning.
    #[serde(rename = "type")]
    #[schema(example = "case.status_changed")]
    kind: &'static str,
    /// When it happened for the users. Differs from `recorded_at` only for imported events.
    occurred_at: DateTime<Utc>,
    /// When the system recorded it.
    recorded_at: DateTime<Utc>,
    /// `null` for the system.
    actor: Option<ActorView>,
    /// `null` for an event of no case.
    case: Option<EventCaseView>,
    /// What the event is about.
    subject: EventSubjectView,
    /// What changed. The fields depend on `type`; `/api/v1/events/types` describes them.
    #[schema(value_type = Object, example = json!({
        "transition": "resolve", "from": "open", "to": "resolved", "phase": "active", "outcome": "resolved",
        "reason": null,
    }))]
    data: Value,
}

/// The case of an event.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventCaseView {
    id: Uuid,
    /// Integer id of the case.
    #[schema(example = 42)]
    number: i64,
    /// The case number after the event.
    #[schema(example = "2026-01-00042-01")]
    case_number: String,
    /// The version of the case that the event made.
    #[schema(example = 3)]
    version: i64,
}

/// What an event is about.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventSubjectView {
    /// Kind of the thing, e.g. `case`, `note` or `person`.
    #[serde(rename = "type")]
    #[schema(example = "case")]
    kind: &'static str,
    #[schema(example = "019a0000-0000-7000-8000-000000000042")]
    id: String,
}

impl From<&FeedEvent> for EventView {
    fn from(event: &FeedEvent) -> Self {
        let case = match &event.source {
            FeedSource::Case { event, uuid, number } => Some(EventCaseView {
                id: *uuid,
                number: event.case.0,
                case_number: number.clone(),
                version: event.version,
            }),
            FeedSource::Account { .. } => None,
        };
        let subject = event.subject();
        Self {
            id: event.id().to_string(),
            kind: event.kind(),
            occurred_at: event.occurred_at(),
            recorded_at: event.recorded_at(),
            actor: event.actor().cloned().map(ActorView::from),
            case,
            subject: EventSubjectView { kind: subject.kind, id: subject.id },
            data: event.data(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EventListView {
    /// Events, oldest first.
    data: Vec<EventView>,
    pagination: EventPaginationView,
}

#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventPaginationView {
    /// Value of the parameter `after` for the next page. It is present on the last page too, and stays valid for ever.
    #[schema(example = "e40000000000010000000000001")]
    cursor: String,
    /// Whether more events follow now.
    #[schema(example = false)]
    has_more: bool,
}

impl EventListView {
    pub fn new(account: AccountId, events: Vec<FeedEvent>, upto: i64, has_more: bool) -> Self {
        let data = events.iter().map(EventView::from).collect();
        Self { data, pagination: EventPaginationView { cursor: cursor(account, upto), has_more } }
    }
}
