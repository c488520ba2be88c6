//! Views of webhooks and their deliveries.

use chrono::{DateTime, Utc};
use docket_domain::{
    id::EntityId as _,
    page::{Cursor, Page},
    webhook::{Attempt, Delivery, Webhook},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::view::{PaginationView, linked};

/// Letter of the cursors of deliveries.
pub(super) const DELIVERIES: char = 'w';

#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookListView {
    /// Webhooks, oldest first.
    pub(super) data: Vec<WebhookView>,
}

/// A webhook without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct WebhookView {
    #[schema(example = "whk_0000000000001")]
    id: String,
    #[schema(example = "https://example.com/hook")]
    url: String,
    /// Types of events, or all types of a noun as `case.*`; empty for all.
    #[schema(example = json!(["case.*"]))]
    types: Vec<String>,
    /// What the webhook is for.
    #[schema(example = json!(null))]
    description: Option<String>,
    /// Whether events are sent.
    active: bool,
    created_at: DateTime<Utc>,
    /// When the server disabled it; `null` if it did not.
    #[schema(example = json!(null))]
    disabled_at: Option<DateTime<Utc>>,
    /// Why the server disabled it.
    #[schema(example = json!(null))]
    disabled_reason: Option<String>,
}

/// A webhook with its secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewWebhookView {
    #[schema(example = "whk_0000000000001")]
    id: String,
    #[schema(example = "https://example.com/hook")]
    url: String,
    /// Types of events, or all types of a noun as `case.*`; empty for all.
    #[schema(example = json!(["case.*"]))]
    types: Vec<String>,
    /// What the webhook is for.
    #[schema(example = json!(null))]
    description: Option<String>,
    /// Whether events are sent.
    active: bool,
    created_at: DateTime<Utc>,
    /// When the server disabled it; `null` if it did not.
    #[schema(example = json!(null))]
    disabled_at: Option<DateTime<Utc>>,
    /// Why the server disabled it.
    #[schema(example = json!(null))]
    disabled_reason: Option<String>,
    /// The secret that signs. No later response shows it.
    #[schema(example = "whsec_ZXhhbXBsZSBzZWNyZXQgdGhhdCBzaWducyBub3RoaW5n")]
    secret: String,
}

impl From<Webhook> for WebhookView {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id.to_string(),
            url: webhook.url,
            types: webhook.types,
            description: webhook.description,
            active: webhook.active,
            created_at: webhook.created_at,
            disabled_at: webhook.disabled_at,
            disabled_reason: webhook.disabled_reason,
        }
    }
}

impl From<Webhook> for NewWebhookView {
    fn from(webhook: Webhook) -> Self {
        let secret = webhook.secret.clone();
        let WebhookView { id, url, types, description, active, created_at, disabled_at, disabled_reason } =
            webhook.into();
        Self { id, url, types, description, active, created_at, disabled_at, disabled_reason, secret }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryListView {
    /// Deliveries, newest first.
    data: Vec<DeliveryView>,
    pagination: PaginationView,
}

linked!(DeliveryListView);

/// One event for one webhook.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryView {
    #[schema(example = "dlv_0000000000001")]
    id: String,
    /// The event; also the header `webhook-id`.
    #[schema(example = "evt_000000000001A0000000000001")]
    event_id: String,
    /// Type of the event.
    #[serde(rename = "type")]
    #[schema(example = "case.created")]
    kind: String,
    /// `pending`, `delivered` or `failed`.
    #[schema(example = "delivered")]
    status: &'static str,
    /// The attempts so far, oldest first.
    attempts: Vec<AttemptView>,
    /// When it is tried next; `null` if it is over.
    #[schema(example = json!(null))]
    next_attempt_at: Option<DateTime<Utc>>,
}

/// An attempt to deliver.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttemptView {
    /// When it began.
    at: DateTime<Utc>,
    /// HTTP status of the answer; `null` if there was none.
    #[schema(example = 204)]
    status: Option<u16>,
    /// How long it took, in milliseconds.
    #[schema(example = 12)]
    milliseconds: u64,
    /// Why it failed; `null` for a success.
    #[schema(example = json!(null))]
    error: Option<String>,
}

impl From<Attempt> for AttemptView {
    fn from(Attempt { at, status, milliseconds, error }: Attempt) -> Self {
        Self { at, status, milliseconds, error }
    }
}

impl From<Delivery> for DeliveryView {
    fn from(delivery: Delivery) -> Self {
        Self {
            id: delivery.id.to_string(),
            event_id: delivery.event_id,
            kind: delivery.kind,
            status: delivery.status.as_str(),
            attempts: delivery.attempts.into_iter().map(AttemptView::from).collect(),
            next_attempt_at: delivery.next_attempt_at,
        }
    }
}

impl From<Page<Delivery>> for DeliveryListView {
    fn from(page: Page<Delivery>) -> Self {
        let pagination =
            PaginationView::new(&page, |delivery| Cursor { key: 0, id: delivery.id.integer() }.encode(DELIVERIES));
        Self { data: page.rows.into_iter().map(DeliveryView::from).collect(), pagination }
    }
}
