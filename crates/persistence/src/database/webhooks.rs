//! Webhooks and their deliveries.

use docket_domain::{
    account_event::AccountEvent,
    actor::Actor,
    id::{AccountId, DeliveryId, WebhookId},
    page::Page,
    store::{PlannedDelivery, Result, WebhookStore},
    time::Timestamp,
    webhook::{Attempt, Delivery, DeliveryStatus, Webhook},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl WebhookStore for Database {
    async fn list_webhooks(&self, account: AccountId) -> Result<Vec<Webhook>> {
        read!(self, webhooks::list(account))
    }

    async fn find_webhook(&self, account: AccountId, id: WebhookId) -> Result<Option<Webhook>> {
        read!(self, webhooks::find(account, id))
    }

    async fn create_webhook(&self, webhook: Webhook, by: Actor) -> Result<Webhook> {
        write!(self, webhooks::create(webhook.clone(), by.clone()))
    }

    async fn update_webhook(&self, webhook: Webhook, restart_at: Option<i64>, event: AccountEvent) -> Result<()> {
        write!(self, webhooks::update(&webhook, restart_at, event.clone()))
    }

    async fn remove_webhook(&self, account: AccountId, id: WebhookId, event: AccountEvent) -> Result<()> {
        write!(self, webhooks::remove(account, id, event.clone()))
    }

    async fn plan_deliveries(
        &self,
        account: AccountId,
        webhook: WebhookId,
        between: (i64, i64),
        planned: Vec<PlannedDelivery>,
        now: Timestamp,
    ) -> Result<bool> {
        write!(self, webhooks::plan(account, webhook, between, planned.clone(), now))
    }

    async fn rewind_webhook(&self, account: AccountId, webhook: WebhookId, position: i64) -> Result<()> {
        write!(self, webhooks::rewind(account, webhook, position))
    }

    async fn list_active_webhooks(&self) -> Result<Vec<Webhook>> {
        read!(self, webhooks::list_active())
    }

    async fn list_due_webhooks(&self, now: Timestamp) -> Result<Vec<(AccountId, WebhookId)>> {
        read!(self, webhooks::list_due(now))
    }

    async fn take_deliveries(
        &self,
        account: AccountId,
        webhook: WebhookId,
        limit: i64,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Delivery>> {
        write!(self, webhooks::take(account, webhook, limit, now, until))
    }

    async fn finish_attempt(
        &self,
        delivery: &Delivery,
        attempts: &[Attempt],
        after: (DeliveryStatus, Option<Timestamp>),
        now: Timestamp,
    ) -> Result<()> {
        let (ids, attempts) = ((delivery.account, delivery.id, delivery.webhook), attempts.to_vec());
        write!(self, webhooks::finish(ids, &attempts, after, now))
    }

    async fn list_deliveries(
        &self,
        account: AccountId,
        webhook: WebhookId,
        status: Option<DeliveryStatus>,
        before: Option<DeliveryId>,
        limit: i64,
    ) -> Result<Page<Delivery>> {
        read!(self, webhooks::list_deliveries(account, webhook, status, before, limit))
    }

    async fn retry_delivery(
        &self,
        account: AccountId,
        webhook: WebhookId,
        id: DeliveryId,
        now: Timestamp,
    ) -> Result<Option<Delivery>> {
        write!(self, webhooks::retry(account, webhook, id, now))
    }

    async fn sweep_deliveries(&self, account: AccountId, before: Timestamp) -> Result<usize> {
        write!(self, webhooks::sweep(account, before))
    }
}
