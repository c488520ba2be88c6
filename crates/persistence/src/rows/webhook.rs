//! Rows of webhooks and their deliveries.

use diesel::{
    prelude::*,
    sql_types::{BigInt, Nullable, Text},
};
use docket_domain::{
    error::StoreError,
    id::{AccountId, DeliveryId, WebhookId},
    store::PlannedDelivery,
    time::Timestamp,
    webhook::{Delivery, DeliveryStatus, Webhook},
};

use super::damaged;
use crate::{
    schema::{webhook_deliveries, webhooks},
    sql_types::{DbJson, DbTime, JsonText, Moment},
};

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = webhooks)]
pub(crate) struct WebhookRow {
    account_id: i64,
    id: i64,
    version: i64,
    #[diesel(embed)]
    content: WebhookContentRow,
    position: i64,
    failing_since: Option<Moment>,
}

/// The columns that a change of a webhook sets.
#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhooks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub(crate) struct WebhookContentRow {
    url: String,
    types: JsonText,
    description: Option<String>,
    active: bool,
    secret: String,
    old_secret: Option<String>,
    old_secret_until: Option<Moment>,
    created_at: Moment,
    disabled_at: Option<Moment>,
    disabled_reason: Option<String>,
}

impl TryFrom<&Webhook> for WebhookContentRow {
    type Error = StoreError;

    fn try_from(webhook: &Webhook) -> Result<Self, StoreError> {
        let types = serde_json::to_string(&webhook.types).map_err(|error| StoreError::Defect(error.to_string()))?;
        Ok(Self {
            url: webhook.url.clone(),
            types: JsonText(types),
            description: webhook.description.clone(),
            active: webhook.active,
            secret: webhook.secret.clone(),
            old_secret: webhook.old_secret.as_ref().map(|(secret, _)| secret.clone()),
            old_secret_until: webhook.old_secret.as_ref().map(|(_, until)| Moment(*until)),
            created_at: Moment(webhook.created_at),
            disabled_at: webhook.disabled_at.map(Moment),
            disabled_reason: webhook.disabled_reason.clone(),
        })
    }
}

impl TryFrom<WebhookRow> for Webhook {
    type Error = StoreError;

    fn try_from(row: WebhookRow) -> Result<Self, StoreError> {
        let content = row.content;
        let types = serde_json::from_str(&content.types.0).map_err(|error| damaged("webhooks.types", error))?;
        let until = content.old_secret_until.map(|until| until.0);
        Ok(Self {
            account: AccountId(row.account_id),
            id: WebhookId(row.id),
            version: row.version,
            url: content.url,
            types,
            description: content.description,
            active: content.active,
            secret: content.secret,
            old_secret: content.old_secret.zip(until),
            created_at: content.created_at.0,
            disabled_at: content.disabled_at.map(|at| at.0),
            disabled_reason: content.disabled_reason,
            position: row.position,
            failing_since: row.failing_since.map(|since| since.0),
        })
    }
}

/// A new delivery.
#[derive(Debug, Insertable)]
#[diesel(table_name = webhook_deliveries, treat_none_as_default_value = false)]
pub(crate) struct PlannedRow {
    account_id: i64,
    webhook_id: i64,
    position: i64,
    event_id: String,
    kind: &'static str,
    case_id: i64,
    status: &'static str,
    attempts: JsonText,
    due_at: Option<Moment>,
    created_at: Moment,
}

impl PlannedRow {
    pub(crate) fn new(account: AccountId, webhook: WebhookId, planned: PlannedDelivery, now: Timestamp) -> Self {
        Self {
            account_id: account.0,
            webhook_id: webhook.0,
            position: planned.position,
            event_id: planned.event_id,
            kind: planned.kind,
            case_id: planned.case,
            status: DeliveryStatus::Pending.as_str(),
            attempts: JsonText("[]".to_owned()),
            due_at: Some(Moment(now)),
            created_at: Moment(now),
        }
    }
}

#[derive(Debug, Queryable, Selectable, QueryableByName)]
#[diesel(table_name = webhook_deliveries)]
pub(crate) struct DeliveryRow {
    #[diesel(sql_type = BigInt)]
    account_id: i64,
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = BigInt)]
    webhook_id: i64,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Text)]
    event_id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = DbJson)]
    attempts: JsonText,
    #[diesel(sql_type = Nullable<DbTime>)]
    due_at: Option<Moment>,
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = StoreError;

    fn try_from(row: DeliveryRow) -> Result<Self, StoreError> {
        let attempts =
            serde_json::from_str(&row.attempts.0).map_err(|error| damaged("webhook_deliveries.attempts", error))?;
        let status =
            DeliveryStatus::parse(&row.status).ok_or_else(|| damaged("webhook_deliveries.status", &row.status))?;
        Ok(Self {
            account: AccountId(row.account_id),
            id: DeliveryId(row.id),
            webhook: WebhookId(row.webhook_id),
            position: row.position,
            event_id: row.event_id,
            kind: row.kind,
            status,
            attempts,
            next_attempt_at: row.due_at.map(|at| at.0),
        })
    }
}
