//! Webhooks: creating, changing, disabling and removing them.

use crate::{
    account_event::{AccountEvent, WebhookHappening},
    actor::{Actor, Context},
    error::{Error, StoreError},
    id::{AccountId, Entity, WebhookId},
    service::find_feed_end,
    store::{FeedStore, WebhookStore},
    time::Timestamp,
    webhook::{OLD_SECRET_LIFE, WEBHOOKS_MAX, Webhook},
};

/// Number of attempts to change a webhook that others change at the same time.
const ATTEMPTS: usize = 16;

/// New values of a webhook. `None` keeps what it has, or is the default of a new one.
#[derive(Debug, Clone, Default)]
pub struct WebhookChanges {
    /// Where the requests go. The caller has checked it.
    pub url: Option<String>,
    /// Types of events; empty for all.
    pub types: Option<Vec<String>>,
    /// What it is for.
    pub description: Option<Option<String>>,
    /// Whether events are sent.
    pub active: Option<bool>,
}

/// Creates a webhook that gets the events from now on.
///
/// # Errors
/// On the field `url`, if the account has the greatest number of webhooks; or a [`StoreError`].
pub async fn create_webhook<S: WebhookStore + FeedStore>(
    store: &S,
    context: &Context,
    new: WebhookChanges,
    secret: String,
) -> Result<Webhook, Error> {
    let present = store.list_webhooks(context.account).await?.len();
    if present >= WEBHOOKS_MAX {
        return Err(Error::invalid("url", format!("the account has {WEBHOOKS_MAX} webhooks, the most it can have")));
    }
    let webhook = Webhook {
        account: context.account,
        id: WebhookId(0),
        version: 1,
        url: new.url.unwrap_or_default(),
        types: new.types.unwrap_or_default(),
        description: new.description.flatten(),
        active: new.active.unwrap_or(true),
        secret,
        old_secret: None,
        created_at: context.now,
        disabled_at: None,
        disabled_reason: None,
        position: find_feed_end(store, context.account).await?,
        failing_since: None,
    };
    Ok(store.create_webhook(webhook, context.actor.clone()).await?)
}

/// A webhook of the account.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_webhook<S: WebhookStore>(store: &S, account: AccountId, id: WebhookId) -> Result<Webhook, Error> {
    store.find_webhook(account, id).await?.ok_or(Error::not_found(Entity::Webhook))
}

/// Changes a webhook. One that becomes active again gets the events from now on.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn change_webhook<S: WebhookStore + FeedStore>(
    store: &S,
    context: &Context,
    id: WebhookId,
    changes: &WebhookChanges,
) -> Result<Webhook, Error> {
    let end = find_feed_end(store, context.account).await?;
    let change = |before: Webhook| {
        let begins = changes.active == Some(true) && !before.active;
        let kept = |at: Option<Timestamp>| at.filter(|_| !begins);
        let after = Webhook {
            url: changes.url.clone().unwrap_or(before.url),
            types: changes.types.clone().unwrap_or(before.types),
            description: changes.description.clone().unwrap_or(before.description),
            active: changes.active.unwrap_or(before.active),
            disabled_at: kept(before.disabled_at),
            disabled_reason: before.disabled_reason.filter(|_| !begins),
            failing_since: kept(before.failing_since),
            ..before
        };
        Some((after, begins.then_some(end)))
    };
    let by = Some(context.actor.clone());
    let changed = update(store, (context.account, id), WebhookHappening::Updated, by, context.now, change).await?;
    changed.ok_or(Error::not_found(Entity::Webhook))
}

/// Gives a webhook a new secret. The old one signs beside it for a while.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn rotate_webhook_secret<S: WebhookStore>(
    store: &S,
    context: &Context,
    id: WebhookId,
    secret: &str,
) -> Result<Webhook, Error> {
    let change = |before: Webhook| {
        let old_secret = Some((before.secret.clone(), context.now + OLD_SECRET_LIFE));
        Some((Webhook { secret: secret.to_owned(), old_secret, ..before }, None))
    };
    let (by, what) = (Some(context.actor.clone()), WebhookHappening::SecretRotated);
    let changed = update(store, (context.account, id), what, by, context.now, change).await?;
    changed.ok_or(Error::not_found(Entity::Webhook))
}

/// Disables an active webhook on behalf of the server. Returns whether it did.
///
/// # Errors
/// A [`StoreError`].
pub async fn disable_webhook<S: WebhookStore>(
    store: &S,
    (account, id): (AccountId, WebhookId),
    reason: &str,
    now: Timestamp,
) -> Result<bool, Error> {
    let change = |before: Webhook| {
        let (disabled_at, disabled_reason) = (Some(now), Some(reason.to_owned()));
        before.active.then_some((Webhook { active: false, disabled_at, disabled_reason, ..before }, None))
    };
    Ok(update(store, (account, id), WebhookHappening::Disabled, None, now, change).await?.is_some())
}

/// Removes a webhook with its deliveries.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn remove_webhook<S: WebhookStore>(store: &S, context: &Context, id: WebhookId) -> Result<(), Error> {
    let webhook = load_webhook(store, context.account, id).await?;
    let by = Some(context.actor.clone());
    let event = AccountEvent::of_webhook(&webhook, WebhookHappening::Removed, by, context.now);
    Ok(store.remove_webhook(context.account, id, event).await?)
}

/// Decides on the stored webhook and writes it, and again if it changed meanwhile. `change` returns the webhook
/// afterwards, and the position at which planning starts anew. `None` if there is nothing to change.
async fn update<S: WebhookStore>(
    store: &S,
    (account, id): (AccountId, WebhookId),
    what: WebhookHappening,
    by: Option<Actor>,
    now: Timestamp,
    change: impl Fn(Webhook) -> Option<(Webhook, Option<i64>)>,
) -> Result<Option<Webhook>, Error> {
    for _ in 0..ATTEMPTS {
        let Some((after, restart_at)) = store.find_webhook(account, id).await?.and_then(&change) else {
            return Ok(None);
        };
        let event = AccountEvent::of_webhook(&after, what, by.clone(), now);
        match store.update_webhook(after.clone(), restart_at, event).await {
            Err(StoreError::Stale) => {}
            other => return Ok(other.map(|()| Some(after))?),
        }
    }
    Err(StoreError::Stale.into())
}
