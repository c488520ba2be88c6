//! Orders of customers, from which cases can be created.
//!
//! Only the fields are here; what inquiries and orders have in common is in `sources.rs`.

use actix_web::{HttpResponse, web::Data};
use chrono::{DateTime, Utc};
use docket_domain::{
    id::{CustomerId, OrderId},
    source::{Content, NewSource, OrderContent, SourceChange, SourceEdit, SourceId, SourceItem, SourceKind},
    workflow::StatusKey,
};
use serde::Serialize;
use serde_json::{Map, Number, Value};
use utoipa::ToSchema;

use super::{
    envelope::{One, Paged},
    error::ServicesError,
    list::{DateParams, PageParams},
    parsed::{ParsedBody, ParsedQuery},
    sources::{
        self, Resource, Shown, SourceMoveView, SourceStatusView, SourcesQuery, StatusParams, source_views, transition,
    },
};
use crate::{
    app::App,
    auth::{Authed, CasesRead, CasesWrite, Conditional},
    wire::{
        conditional::EntityTags,
        fields::{Fields, FromFields, Given},
        linked::Linked,
        params::{param::foreign_id, params},
        path::IdPath,
    },
};

/// In characters.
const TOTAL_MAX: usize = 40;

/// An order to place.
#[derive(Debug, ToSchema)]
pub struct PlaceOrderBody {
    /// Id of the customer in another system; any positive integer. A case created from the order has the same
    /// customer.
    #[schema(value_type = i64, example = 123, minimum = 1)]
    customer_id: Option<i64>,
    #[schema(value_type = Option<String>, example = "Visit to the cooling unit", max_length = 500)]
    title: Given<String>,
    /// Ordered items, as free JSON: at most 64 KiB (the operator can change this limit) and 100 levels of nesting.
    #[schema(value_type = Option<Vec<Value>>, example = json!([{"title": "Visit", "quantity": 1, "unit_price": "92.00"}]))]
    items: Given<Vec<Value>>,
    /// Total, as a number or a decimal string of at most 40 characters. The currency is not stored.
    #[schema(value_type = Option<f64>, example = 92.0)]
    total: Given<Number>,
    /// First status; must not be terminal. Default: the initial status of the workflow, `pending` in the built-in one.
    #[schema(value_type = Option<String>, example = "pending", nullable = false)]
    status: Option<String>,
    #[schema(value_type = Option<String>, example = "Before ten, please.", max_length = 100_000)]
    notes: Given<String>,
    /// Free JSON fields. At most 64 KiB of JSON (the operator can change this limit) and 100 levels of nesting.
    #[schema(value_type = Option<Object>, example = json!({"channel": "phone"}))]
    metadata: Given<Map<String, Value>>,
}

impl FromFields for PlaceOrderBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            customer_id: fields.required("customer_id", |fields| fields.integer_id("customer_id")),
            title: fields.text("title"),
            items: items(fields),
            total: total(fields),
            status: fields.not_null("status", |fields| fields.text("status")),
            notes: fields.text("notes"),
            metadata: fields.object("metadata"),
        }
    }
}

fn items(fields: &mut Fields) -> Given<Vec<Value>> {
    fields.given("items", "an array", |value| match value {
        Value::Array(items) => Some(items),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => None,
    })
}

fn total(fields: &mut Fields) -> Given<Number> {
    let number = |value| match value {
        Value::Number(number) => Some(number),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    fields.given("total", "a number or a decimal string", |value| {
        number(value).filter(|number| number.to_string().len() <= TOTAL_MAX)
    })
}

impl From<PlaceOrderBody> for NewSource {
    fn from(body: PlaceOrderBody) -> Self {
        Self {
            id: None,
            user: CustomerId(body.customer_id.unwrap_or_default()),
            title: body.title.flatten(),
            description: body.notes.flatten(),
            status: body.status.map(StatusKey::new),
            content: Content::Order(OrderContent {
                items: body.items.flatten().unwrap_or_default(),
                total: body.total.flatten(),
                metadata: body.metadata.flatten().unwrap_or_default(),
            }),
            created_by: None,
        }
    }
}

/// Fields to change. An absent field keeps its value; `null` clears an optional field.
#[derive(Debug, ToSchema)]
pub struct UpdateOrderBody {
    #[schema(value_type = Option<String>, example = "Visit to the cooling unit", max_length = 500)]
    title: Given<String>,
    /// Replaces all items. At most 64 KiB of JSON (the operator can change this limit) and 100 levels of nesting.
    #[schema(value_type = Option<Vec<Value>>, example = json!([{"title": "Visit", "quantity": 1, "unit_price": "92.00"}]))]
    items: Given<Vec<Value>>,
    /// Total, as a number or a decimal string of at most 40 characters. The currency is not stored.
    #[schema(value_type = Option<f64>, example = 92.0)]
    total: Given<Number>,
    /// New status. The workflow must have a transition to it. Sending the current status changes nothing.
    #[schema(value_type = Option<String>, example = "completed", nullable = false)]
    status: Option<String>,
    /// Reason for the status change. Required if the transition requires one; ignored without `status`.
    #[schema(value_type = Option<String>, example = json!(null), max_length = 2000)]
    reason: Given<String>,
    #[schema(value_type = Option<String>, example = json!(null), max_length = 100_000)]
    notes: Given<String>,
    /// Replaces all free JSON fields. At most 64 KiB of JSON (the operator can change this limit) and 100 levels of
    /// nesting.
    #[schema(value_type = Option<Object>, example = json!({"channel": "phone"}))]
    metadata: Given<Map<String, Value>>,
}

impl FromFields for UpdateOrderBody {
    fn from_fields(fields: &mut Fields) -> Self {
        fields.refuse(&["customer_id"], "can only be set at creation");
        Self {
            title: fields.text("title"),
            items: items(fields),
            total: total(fields),
            status: fields.not_null("status", |fields| fields.text("status")),
            reason: fields.text("reason"),
            notes: fields.text("notes"),
            metadata: fields.object("metadata"),
        }
    }
}

impl From<UpdateOrderBody> for SourceChange {
    fn from(body: UpdateOrderBody) -> Self {
        let mut edits = Vec::new();
        edits.extend(body.title.map(SourceEdit::Title));
        edits.extend(body.notes.map(SourceEdit::Description));
        edits.extend(body.items.map(|items| SourceEdit::Items(items.unwrap_or_default())));
        edits.extend(body.total.map(SourceEdit::Total));
        edits.extend(body.metadata.map(|metadata| SourceEdit::Metadata(metadata.unwrap_or_default())));
        Self { edits, transition: transition(body.status, body.reason.flatten()) }
    }
}

params! {
    pub struct OrderParams {
        /// Id of the customer.
        customer_id: Option<CustomerId> = foreign_id().map(CustomerId).example(123);
    }
}

impl From<OrderParams> for Option<CustomerId> {
    fn from(params: OrderParams) -> Self {
        params.customer_id
    }
}

pub struct Orders;

impl Resource for Orders {
    const KIND: SourceKind = SourceKind::Order;
    const PATH: &'static str = "/api/orders";
    type Owner = OrderParams;
    type New = PlaceOrderBody;
    type Change = UpdateOrderBody;
    type View = OrderView;
    type Detail = OrderDetailView;

    fn id(path: &IdPath) -> SourceId {
        path.read(OrderId::parse).into()
    }
}

source_views! {
    /// An order.
    OrderView;
    /// An order with its linked cases, status history and allowed transitions.
    OrderDetailView;
    #[schema(example = 987)]
    id: i64,
    /// Id of the customer in another system.
    #[schema(example = 123)]
    customer_id: i64,
    #[schema(example = "Visit to the cooling unit")]
    title: Option<String>,
    /// Ordered items, as free JSON.
    #[schema(value_type = Vec<Value>, example = json!([{"title": "Visit", "quantity": 1, "unit_price": "92.00"}]))]
    items: Vec<Value>,
    /// Total, exactly as it was sent. The currency is not stored.
    #[schema(value_type = Option<f64>, example = 92.0)]
    total: Option<Number>,
    #[schema(example = "pending")]
    status: String,
    #[schema(example = "Before ten, please.")]
    notes: Option<String>,
    /// Free JSON fields.
    #[schema(value_type = Object, example = json!({"channel": "phone"}))]
    metadata: Map<String, Value>,
    /// Name of the creator.
    #[schema(example = "front desk")]
    created_by: String,
    /// When the order was created.
    created_at: DateTime<Utc>,
    /// When the order was last updated.
    updated_at: DateTime<Utc>,
}

impl From<SourceItem> for OrderView {
    fn from(item: SourceItem) -> Self {
        let OrderContent { items, total, metadata } = match item.content {
            Content::Order(content) => content,
            Content::Inquiry => OrderContent::default(),
        };
        Self {
            id: item.id.id,
            customer_id: item.user.0,
            title: item.title,
            items,
            total,
            status: item.status.to_string(),
            notes: item.description,
            metadata,
            created_by: item.created_by,
            created_at: item.created_at,
            updated_at: item.updated_at,
        }
    }
}

/// Place an order
///
/// Creates an order, from which a case can be created.
#[utoipa::path(
    post,
    path = "/api/orders/place",
    tag = "orders",
    request_body = PlaceOrderBody,
    responses((status = 201, description = "The created order.", body = One<OrderView>), (status = 422)),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn place_order(
    who: Authed<CasesWrite>,
    parsed: ParsedBody<PlaceOrderBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    sources::create::<Orders>(&app, &who, parsed, "Order placed").await
}

/// List orders
///
/// Returns the orders that match all filters, newest first, in numbered pages with exact totals.
#[utoipa::path(
    get,
    path = "/api/orders",
    tag = "orders",
    params(OrderParams, StatusParams, DateParams, PageParams),
    responses((status = 200, description = "A page of orders.", body = Paged<OrderView>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_orders(
    who: Authed<CasesRead>,
    asked: ParsedQuery<SourcesQuery<Orders>>,
    app: Data<App>,
) -> Result<Linked<Paged<OrderView>>, ServicesError> {
    sources::list::<Orders>(&app, &who, asked).await
}

/// Get an order
///
/// Returns the order with its linked cases, its status history and the transitions that the caller can make now.
#[utoipa::path(
    get,
    path = "/api/orders/{id}",
    tag = "orders",
    params(("id" = String, Path, description = "Id of the order.", example = "987"), EntityTags),
    responses((status = 200, description = "The order.", body = One<OrderDetailView>), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_order(
    who: Conditional<CasesRead>,
    order: IdPath,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    sources::load::<Orders>(&app, &who, &order).await
}

/// Update an order
///
/// Changes only the fields in the body. The workflow of orders checks a new `status`. `customer_id` cannot be changed.
#[utoipa::path(
    put,
    path = "/api/orders/{id}",
    tag = "orders",
    params(("id" = String, Path, description = "Id of the order.", example = "987"), EntityTags),
    request_body = UpdateOrderBody,
    responses(
        (status = 200, description = "The updated order.", body = One<OrderView>),
        (status = 404),
        (status = 422),
    ),
    security(("bearer" = ["cases:write"]), ("basic" = [])),
)]
pub async fn update_order(
    who: Conditional<CasesWrite>,
    order: IdPath,
    parsed: ParsedBody<UpdateOrderBody>,
    app: Data<App>,
) -> Result<HttpResponse, ServicesError> {
    sources::change::<Orders>(&app, &who, &order, parsed, "Order updated").await
}
