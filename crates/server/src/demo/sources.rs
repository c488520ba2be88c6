//! The inquiries and orders of the demonstration.

use anyhow::Context as _;
use docket_domain::{
    actor::Context,
    command::TransitionRequest,
    error::{Error, FieldErrors},
    id::CustomerId,
    service,
    source::{Content, NewSource, OrderContent, SourceChange, SourceId},
    workflow::{EntityType, StatusKey, builtin},
};
use docket_persistence::Database;
use serde_json::{Number, json};

use super::{
    calendar::Calendar,
    data::{Data, ItemData},
    resume::created_or_exists,
};

pub(super) async fn add(store: &Database, context: &Context, data: &Data, calendar: &Calendar) -> anyhow::Result<()> {
    let mut all = Vec::new();
    for inquiry in &data.inquiries {
        let new = NewSource {
            id: Some(inquiry.id),
            user: CustomerId(inquiry.user_id),
            title: Some(inquiry.title.clone()),
            description: Some(inquiry.description.clone()),
            status: None,
            content: Content::Inquiry,
            created_by: None,
        };
        all.push((new, inquiry.status.as_str(), inquiry.day));
    }
    for order in &data.orders {
        let items = order.items.iter().map(item).collect::<anyhow::Result<_>>()?;
        let total = Some(money(&order.total)?);
        let new = NewSource {
            id: Some(order.id),
            user: CustomerId(order.customer_id),
            title: Some(order.title.clone()),
            description: Some(order.notes.clone()),
            status: None,
            content: Content::Order(OrderContent { items, total, ..OrderContent::default() }),
            created_by: None,
        };
        all.push((new, order.status.as_str(), order.day));
    }
    // Sequential, because the ids are given: see `add_people`.
    for (new, status, day) in all {
        created_or_exists(create(store, context, new, status, day, calendar).await)?;
    }
    Ok(())
}

fn item(item: &ItemData) -> anyhow::Result<serde_json::Value> {
    let ItemData { title, quantity, unit_price } = item;
    Ok(json!({ "title": title, "quantity": quantity, "unit_price": money(unit_price)? }))
}

fn money(text: &str) -> anyhow::Result<Number> {
    text.parse::<Number>().with_context(|| format!("{text:?} is not an amount"))
}

/// A source in a terminal status is created in a status before it and moved there by a transition.
async fn create(
    store: &Database,
    context: &Context,
    new: NewSource,
    status: &str,
    day: i64,
    calendar: &Calendar,
) -> Result<(), Error> {
    let workflow = match new.content {
        Content::Inquiry => builtin(EntityType::Inquiry),
        Content::Order(_) => builtin(EntityType::Order),
    };
    let status = StatusKey::new(status);
    let is_end = workflow.status(&status).is_some_and(|found| found.terminal);
    let way_in =
        workflow.rules().into_iter().find(|rule| *rule.to_status == status).map(|rule| rule.from_status.clone());
    let first = if is_end { way_in } else { Some(status.clone()) };
    let kind = new.content.kind();
    let id = new.id.unwrap_or_default();
    let context = Context { occurred_at: calendar.time(day, 0), ..context.clone() };
    service::create_source(store, &context, NewSource { status: first, ..new }, FieldErrors::default()).await?;
    if is_end {
        let context = Context { occurred_at: calendar.time(day.min(-1) + 1, 3), ..context };
        let transition = Some(TransitionRequest::to(status, Some("done".to_owned())));
        service::change_source(store, &context, SourceId { kind, id }, SourceChange { edits: Vec::new(), transition })
            .await?;
    }
    Ok(())
}
