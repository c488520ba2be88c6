//! Handlers for webhooks and their deliveries.

mod body;
mod view;

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::header,
    web::{Data, Json},
};
use docket_domain::{
    error::{Error, StoreError},
    feed::{FeedEvent, TEST_EVENT},
    id::{DeliveryId, Entity, WebhookId},
    page::{BadCursor, Cursor},
    service::{self, WebhookChanges},
    store::WebhookStore as _,
    time::Timestamp,
    webhook::{DeliveryStatus, Webhook},
};
use serde_json::json;
use uuid::Uuid;

use self::body::{CreateWebhookBody, ReplayBody, UpdateWebhookBody};
pub use self::view::{AttemptView, DeliveryListView, DeliveryView, NewWebhookView, WebhookListView, WebhookView};
use super::{
    cases::{PageAfter, PageParams, Position},
    error::NativeError,
    events::{EventView, read_position},
};
use crate::{
    app::App,
    auth::{Admin, Authed},
    outbound,
    wire::{
        api_error::RequestError,
        body::Body,
        linked::Linked,
        params::{
            Query,
            param::{Words, word},
            params,
        },
        path::IdPath,
        problem::Problem,
    },
};

params! {
    pub struct DeliveryFilterParams {
        /// State of the delivery: `pending`, `delivered` or `failed`.
        status: Option<DeliveryStatus> = word(Words::new(&DeliveryStatus::ALL, DeliveryStatus::as_str));
    }
}

/// A position in the list of deliveries.
pub struct DeliveryPosition(DeliveryId);

impl Position for DeliveryPosition {
    const LIST: char = view::DELIVERIES;

    fn at(cursor: Cursor) -> Result<Self, BadCursor> {
        Ok(Self(DeliveryId(cursor.id)))
    }
}

/// The delivery in `{delivery}`. A malformed id becomes an id that no delivery has.
pub struct DeliveryPath(DeliveryId);

impl FromRequest for DeliveryPath {
    type Error = RequestError;
    type Future = Ready<Result<Self, RequestError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("delivery").and_then(DeliveryId::parse);
        ready(Ok(Self(id.unwrap_or(DeliveryId(-1)))))
    }
}

/// The body of the request for an event.
#[must_use]
pub fn body_of(event: &FeedEvent) -> String {
    json!({ "type": event.kind(), "timestamp": event.occurred_at(), "data": EventView::from(event) }).to_string()
}

/// The id and the body of a request that tests a webhook.
#[must_use]
pub fn test_event(webhook: &Webhook, now: Timestamp) -> (String, String) {
    let id = format!("evt_test_{}", Uuid::now_v7().simple());
    let body = json!({ "type": TEST_EVENT.name, "timestamp": now, "data": {
        "id": id, "type": TEST_EVENT.name, "occurred_at": now, "recorded_at": now, "actor": null, "case": null,
        "subject": { "type": "webhook", "id": webhook.id.to_string() }, "data": {},
    } });
    (id, body.to_string())
}

async fn find(app: &App, who: &Authed<Admin>, id: &IdPath) -> Result<Webhook, NativeError> {
    Ok(service::load_webhook(&app.store, who.account(), id.read(WebhookId::parse)).await?)
}

fn new_secret() -> Result<String, Error> {
    outbound::new_secret().map_err(|error| StoreError::Unavailable(error.to_string()).into())
}

async fn check_url(app: &App, url: Option<&str>) -> Result<(), Problem> {
    let Some(url) = url else { return Ok(()) };
    app.outbound().check(url).await.map_err(|why| Problem::invalid("url", why))
}

/// Create a webhook
///
/// From now on, the server sends each event to the URL, signed as Standard Webhooks describe it. Only this response has
/// the secret. The URL must have the scheme `https` and a public address.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks",
    tag = "webhooks",
    request_body = CreateWebhookBody,
    responses((status = 201, description = "The webhook with its secret.", body = NewWebhookView), (status = 400)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn create_webhook(
    who: Authed<Admin>,
    body: Body<CreateWebhookBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let new = WebhookChanges::from(body.0);
    check_url(&app, new.url.as_deref()).await?;
    let webhook = service::create_webhook(&app.store, &who.context(&app), new, new_secret()?).await?;
    Ok(HttpResponse::Created().insert_header((header::CACHE_CONTROL, "no-store")).json(NewWebhookView::from(webhook)))
}

/// List webhooks
///
/// Returns the webhooks of the account without their secrets, oldest first.
#[utoipa::path(
    get,
    path = "/api/v1/webhooks",
    tag = "webhooks",
    responses((status = 200, description = "The webhooks.", body = WebhookListView)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn list_webhooks(who: Authed<Admin>, app: Data<App>) -> Result<Json<WebhookListView>, NativeError> {
    let webhooks = app.store.list_webhooks(who.account()).await.map_err(Error::from)?;
    Ok(Json(WebhookListView { data: webhooks.into_iter().map(WebhookView::from).collect() }))
}

/// Get a webhook
#[utoipa::path(
    get,
    path = "/api/v1/webhooks/{id}",
    tag = "webhooks",
    description = "Returns the webhook without its secret.",
    params(("id" = String, Path, description = "The id of the webhook.", example = "whk_0000000000001")),
    responses((status = 200, description = "The webhook.", body = WebhookView), (status = 404)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn load_webhook(who: Authed<Admin>, id: IdPath, app: Data<App>) -> Result<Json<WebhookView>, NativeError> {
    Ok(Json(find(&app, &who, &id).await?.into()))
}

/// Change a webhook
///
/// Sets the given fields. `"active": true` also activates a webhook that the server disabled: it gets the events from then
/// on, and a replay sends the events in between.
#[utoipa::path(
    put,
    path = "/api/v1/webhooks/{id}",
    tag = "webhooks",
    params(("id" = String, Path, description = "The id of the webhook.", example = "whk_0000000000001")),
    request_body = UpdateWebhookBody,
    responses((status = 200, description = "The webhook.", body = WebhookView), (status = 400), (status = 404)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn update_webhook(
    who: Authed<Admin>,
    id: IdPath,
    body: Body<UpdateWebhookBody>,
    app: Data<App>,
) -> Result<Json<WebhookView>, NativeError> {
    let changes = WebhookChanges::from(body.0);
    check_url(&app, changes.url.as_deref()).await?;
    let webhook = service::change_webhook(&app.store, &who.context(&app), id.read(WebhookId::parse), &changes).await?;
    Ok(Json(webhook.into()))
}

/// Remove a webhook
///
/// Nothing is sent any more. The list of its deliveries goes, too.
#[utoipa::path(
    delete,
    path = "/api/v1/webhooks/{id}",
    tag = "webhooks",
    params(("id" = String, Path, description = "The id of the webhook.", example = "whk_0000000000001")),
    responses((status = 204, description = "The webhook is removed."), (status = 404)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn remove_webhook(who: Authed<Admin>, id: IdPath, app: Data<App>) -> Result<HttpResponse, NativeError> {
    service::remove_webhook(&app.store, &who.context(&app), id.read(WebhookId::parse)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Rotate the secret of a webhook
///
/// Only this response has the new secret. The old one signs beside it for 24 hours.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks/{id}/rotate-secret",
    tag = "webhooks",
    params(("id" = String, Path, description = "The id of the webhook.", example = "whk_0000000000001")),
    responses((status = 200, description = "The webhook with its new secret.", body = NewWebhookView), (status = 404)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn rotate_secret(who: Authed<Admin>, id: IdPath, app: Data<App>) -> Result<HttpResponse, NativeError> {
    let (context, secret) = (who.context(&app), new_secret()?);
    let webhook = service::rotate_webhook_secret(&app.store, &context, id.read(WebhookId::parse), &secret).await?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(NewWebhookView::from(webhook)))
}

/// Test a webhook
///
/// Sends one event of the type `webhook.test` now, and returns what came back. The event is in no log.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks/{id}/test",
    tag = "webhooks",
    params(("id" = String, Path, description = "The id of the webhook.", example = "whk_0000000000001")),
    responses((status = 200, description = "The attempt.", body = AttemptView), (status = 404)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn test_webhook(who: Authed<Admin>, id: IdPath, app: Data<App>) -> Result<Json<AttemptView>, NativeError> {
    let webhook = find(&app, &who, &id).await?;
    let now = app.now();
    let (event, body) = test_event(&webhook, now);
    let sent = app.outbound().send(&webhook.url, &webhook.secrets(now), &event, body).await;
    Ok(Json(sent.attempt.into()))
}

/// List the deliveries of a webhook
///
/// Returns a page of the deliveries of the last 30 days, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/webhooks/{id}/deliveries",
    tag = "webhooks",
    params(("id" = String, Path, description = "The id of the webhook.", example = "whk_0000000000001"), PageParams, DeliveryFilterParams),
    responses((status = 200, description = "A page of deliveries.", body = DeliveryListView), (status = 400), (status = 404)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn list_deliveries(
    who: Authed<Admin>,
    id: IdPath,
    query: Query<(PageAfter<DeliveryPosition>, DeliveryFilterParams)>,
    app: Data<App>,
) -> Result<Linked<DeliveryListView>, NativeError> {
    let webhook = find(&app, &who, &id).await?;
    let (PageAfter { after, limit }, DeliveryFilterParams { status }) = query.0;
    let before = after.map(|position| position.0);
    let page = app.store.list_deliveries(webhook.account, webhook.id, status, before, limit).await;
    Ok(Linked(page.map_err(Error::from)?.into()))
}

/// Retry a delivery
///
/// Sends the event again, whatever the state of the delivery. An earlier delivery of the same case goes first.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks/{id}/deliveries/{delivery}/retry",
    tag = "webhooks",
    params(
        ("id" = String, Path, description = "The id of the webhook.", example = "whk_0000000000001"),
        ("delivery" = String, Path, description = "The id of the delivery.", example = "dlv_0000000000001"),
    ),
    responses((status = 202, description = "The delivery.", body = DeliveryView), (status = 404)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn retry_delivery(
    who: Authed<Admin>,
    id: IdPath,
    delivery: DeliveryPath,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let webhook = find(&app, &who, &id).await?;
    let found = app.store.retry_delivery(webhook.account, webhook.id, delivery.0, app.now()).await;
    let found = found.map_err(Error::from)?.ok_or_else(|| Problem::not_found(Entity::Delivery))?;
    Ok(HttpResponse::Accepted().json(DeliveryView::from(found)))
}

/// Replay events to a webhook
///
/// Sends all events behind a cursor of `GET /api/v1/events` again.
#[utoipa::path(
    post,
    path = "/api/v1/webhooks/{id}/replay",
    tag = "webhooks",
    params(("id" = String, Path, description = "The id of the webhook.", example = "whk_0000000000001")),
    request_body = ReplayBody,
    responses((status = 202, description = "The webhook.", body = WebhookView), (status = 400), (status = 404)),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn replay_events(
    who: Authed<Admin>,
    id: IdPath,
    body: Body<ReplayBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let webhook = find(&app, &who, &id).await?;
    let after = read_position(&app.store, webhook.account, body.0.after.as_deref().unwrap_or_default()).await?;
    app.store.rewind_webhook(webhook.account, webhook.id, after).await.map_err(Error::from)?;
    Ok(HttpResponse::Accepted().json(WebhookView::from(webhook)))
}
