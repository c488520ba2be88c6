//! Webhooks and their deliveries.

use super::Result;
use crate::{
    account_event::AccountEvent,
    actor::Actor,
    id::{AccountId, DeliveryId, WebhookId},
    page::Page,
    time::Timestamp,
    webhook::{Attempt, Delivery, DeliveryStatus, Webhook},
};

/// An event to deliver to a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedDelivery {
    /// Position of the event in the feed.
    pub position: i64,
    /// Public id of the event.
    pub event_id: String,
    /// Type of the event.
    pub kind: &'static str,
    /// Integer id of the case; 0 if the event is of no case.
    pub case: i64,
}

/// Webhooks and their deliveries.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait WebhookStore {
    /// Webhooks of an account, oldest first.
    async fn list_webhooks(&self, account: AccountId) -> Result<Vec<Webhook>>;

    /// Finds a webhook.
    async fn find_webhook(&self, account: AccountId, id: WebhookId) -> Result<Option<Webhook>>;

    /// Stores a new webhook, appends its event, and returns it with its id.
    async fn create_webhook(&self, webhook: Webhook, by: Actor) -> Result<Webhook>;

    /// Replaces the content of a webhook, and appends the event. With `restart_at`, deliveries are planned from this
    /// position on, and earlier failures are forgotten.
    ///
    /// # Errors
    /// [`StoreError::Stale`](crate::error::StoreError::Stale) if the stored webhook has another version.
    async fn update_webhook(&self, webhook: Webhook, restart_at: Option<i64>, event: AccountEvent) -> Result<()>;

    /// Deletes a webhook with its deliveries, and appends the event.
    async fn remove_webhook(&self, account: AccountId, id: WebhookId, event: AccountEvent) -> Result<()>;

    /// Plans deliveries and moves the position of the webhook, from and to `between`. Returns whether that was done: not if it has
    /// another position than the first one of `between`.
    async fn plan_deliveries(
        &self,
        account: AccountId,
        webhook: WebhookId,
        between: (i64, i64),
        planned: Vec<PlannedDelivery>,
        now: Timestamp,
    ) -> Result<bool>;

    /// Sets the position of a webhook, so that the events behind it are planned again.
    async fn rewind_webhook(&self, account: AccountId, webhook: WebhookId, position: i64) -> Result<()>;

    /// Active webhooks of all accounts.
    async fn list_active_webhooks(&self) -> Result<Vec<Webhook>>;

    /// Webhooks with deliveries that are due.
    async fn list_due_webhooks(&self, now: Timestamp) -> Result<Vec<(AccountId, WebhookId)>>;

    /// Takes due deliveries of a webhook until `until`: nobody else takes them before. A delivery waits for an earlier
    /// one of the same case.
    async fn take_deliveries(
        &self,
        account: AccountId,
        webhook: WebhookId,
        limit: i64,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<Delivery>>;

    /// Writes the attempts of a delivery and its state after them, and whether its webhook fails.
    async fn finish_attempt(
        &self,
        delivery: &Delivery,
        attempts: &[Attempt],
        after: (DeliveryStatus, Option<Timestamp>),
        now: Timestamp,
    ) -> Result<()>;

    /// A page of the deliveries of a webhook, newest first.
    async fn list_deliveries(
        &self,
        account: AccountId,
        webhook: WebhookId,
        status: Option<DeliveryStatus>,
        before: Option<DeliveryId>,
        limit: i64,
    ) -> Result<Page<Delivery>>;

    /// Makes a delivery due now. Returns it, or `None` if the webhook has no such delivery.
    async fn retry_delivery(
        &self,
        account: AccountId,
        webhook: WebhookId,
        id: DeliveryId,
        now: Timestamp,
    ) -> Result<Option<Delivery>>;

    /// Deletes deliveries of an account that were planned before a time and are over; at most some at once. Returns how
    /// many.
    async fn sweep_deliveries(&self, account: AccountId, before: Timestamp) -> Result<usize>;
}
