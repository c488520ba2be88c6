//! Delivers events to webhooks, in the background. Any number of servers deliver together.
//!
//! Planning writes a delivery for each event that a webhook wants, and moves the webhook's position in the feed in the
//! same transaction. A delivery is then taken for a while, sent, and finished. A server that dies in between leaves a
//! delivery that another one takes later: the receiver may get it twice, with the same id.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeSet, HashMap},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use actix_web::rt::{self, time::sleep};
use chrono::TimeDelta;
use docket_domain::{
    error::Error,
    feed::{FeedEvent, FeedQuery, TypeFilter},
    id::{AccountId, WebhookId},
    service,
    store::{FeedStore as _, PlannedDelivery, WebhookStore as _},
    webhook::{Delivery, Webhook, after_attempt},
};
use docket_persistence::Database;
use tokio::sync::Notify;

use crate::{
    api::native::webhooks::body_of,
    app::now,
    http::metrics::Metrics,
    outbound::{Outbound, Sent},
};

/// Time between two looks for work.
const EVERY: Duration = Duration::from_millis(100);
/// Time between two looks if no webhook is active, or after a failure.
const IDLE: Duration = Duration::from_secs(1);
/// Deliveries of a webhook under way at once.
const OF_WEBHOOK: usize = 32;
/// Deliveries under way at once.
const AT_ONCE: usize = 256;
/// Events planned at once.
const PLANNED: i64 = 500;
/// How long a delivery is taken for: longer than an attempt can last.
const TAKEN: TimeDelta = TimeDelta::seconds(60);

type Key = (AccountId, WebhookId);

struct Deliverer {
    store: Database,
    outbound: Outbound,
    /// Deliveries under way, by webhook.
    busy: RefCell<HashMap<Key, usize>>,
    all_busy: Cell<usize>,
    metrics: Arc<Metrics>,
    /// A delivery is over, so there may be a next one.
    over: Notify,
}

/// Delivers until the server stops.
pub async fn run(store: Database, allow_private: bool, metrics: Arc<Metrics>) {
    let deliverer = Rc::new(Deliverer {
        store,
        outbound: Outbound::new(allow_private),
        busy: RefCell::default(),
        all_busy: Cell::new(0),
        metrics,
        over: Notify::new(),
    });
    loop {
        let wait = match deliverer.look().await {
            Ok(true) => EVERY,
            Ok(false) => IDLE,
            Err(error) => {
                log::warn!("failed to look for deliveries: {error}");
                IDLE
            }
        };
        tokio::select! {
            () = sleep(wait) => {}
            () = deliverer.over.notified() => {}
        }
    }
}

impl Deliverer {
    /// Plans and begins what is due. Returns whether a webhook is active.
    async fn look(self: &Rc<Self>) -> Result<bool, Error> {
        let active = self.store.list_active_webhooks().await?;
        if active.is_empty() {
            return Ok(false);
        }
        let mut accounts = active.iter().map(|webhook| webhook.account).collect::<Vec<_>>();
        accounts.dedup();
        let ends = self.store.list_feed_ends(&accounts).await?;
        for end in ends.iter().filter(|end| end.is_queued) {
            self.store.place_events(end.account).await?;
        }
        let behind = |webhook: &&Webhook| {
            let end = ends.iter().find(|end| end.account == webhook.account);
            end.is_some_and(|end| end.is_queued || end.position > webhook.position)
        };
        // The fault of one webhook must not stop the others.
        for webhook in active.iter().filter(behind) {
            if let Err(error) = self.plan(webhook).await {
                log::warn!("failed to plan deliveries of webhook {}: {error}", webhook.id);
            }
        }
        for key in self.store.list_due_webhooks(now()).await? {
            let Some(webhook) = active.iter().find(|webhook| (webhook.account, webhook.id) == key) else { continue };
            if let Err(error) = self.begin(webhook).await {
                log::warn!("failed to begin deliveries of webhook {}: {error}", webhook.id);
            }
        }
        Ok(true)
    }

    async fn plan(&self, webhook: &Webhook) -> Result<(), Error> {
        let types = TypeFilter::parse(webhook.types.iter().map(String::as_str)).unwrap_or_default();
        let query = FeedQuery { after: webhook.position, limit: PLANNED, types, case: None };
        let page = service::read_feed(&self.store, webhook.account, &query).await?;
        let planned = |event: &FeedEvent| PlannedDelivery {
            position: event.position,
            event_id: event.id().to_string(),
            kind: event.kind(),
            case: event.case().map_or(0, |case| case.0),
        };
        let planned = page.events.iter().map(planned).collect();
        let between = (webhook.position, page.upto);
        // If another server was first, it has planned the same.
        self.store.plan_deliveries(webhook.account, webhook.id, between, planned, now()).await?;
        Ok(())
    }

    async fn begin(self: &Rc<Self>, webhook: &Webhook) -> Result<(), Error> {
        let key = (webhook.account, webhook.id);
        let busy = self.busy.borrow().get(&key).copied().unwrap_or(0);
        let free = OF_WEBHOOK.saturating_sub(busy).min(AT_ONCE.saturating_sub(self.all_busy.get()));
        let Some(free) = i64::try_from(free).ok().filter(|free| *free > 0) else { return Ok(()) };
        let now = now();
        let taken = self.store.take_deliveries(key.0, key.1, free, now, now + TAKEN).await?;
        if taken.is_empty() {
            return Ok(());
        }
        // A replay can have the same event twice.
        let positions = taken.iter().map(|delivery| delivery.position).collect::<BTreeSet<_>>();
        let positions = positions.into_iter().collect::<Vec<_>>();
        let events = self.store.list_events_at(key.0, &positions).await?;
        for delivery in taken {
            let Some(event) = events.iter().find(|event| event.position == delivery.position) else { continue };
            let (this, webhook, body) = (Rc::clone(self), webhook.clone(), body_of(event));
            *self.busy.borrow_mut().entry(key).or_default() += 1;
            self.all_busy.set(self.all_busy.get() + 1);
            rt::spawn(async move {
                let _counting = this.metrics.count_delivery();
                if let Err(error) = this.deliver(&webhook, &delivery, body).await {
                    log::warn!("failed to finish delivery {}: {error}", delivery.id);
                }
                if let Some(busy) = this.busy.borrow_mut().get_mut(&key) {
                    *busy -= 1;
                }
                this.all_busy.set(this.all_busy.get() - 1);
                this.over.notify_one();
            });
        }
        Ok(())
    }

    async fn deliver(&self, webhook: &Webhook, delivery: &Delivery, body: String) -> Result<(), Error> {
        let secrets = webhook.secrets(now());
        let Sent { attempt, retry_after } = self.outbound.send(&webhook.url, &secrets, &delivery.event_id, body).await;
        self.metrics.count_attempt(attempt.is_success());
        let (is_success, is_farewell) = (attempt.is_success(), attempt.is_farewell());
        let mut attempts = delivery.attempts.clone();
        attempts.push(attempt);
        let now = now();
        let after = after_attempt(&attempts, retry_after, jitter(), now);
        self.store.finish_attempt(delivery, &attempts, after, now).await?;
        if is_farewell {
            self.disable(webhook, "the receiver answered 410").await?;
        } else if !is_success {
            let current = self.store.find_webhook(webhook.account, webhook.id).await?;
            if current.is_some_and(|current| current.active && current.is_lost(now)) {
                self.disable(webhook, "no delivery succeeded for five days").await?;
            }
        }
        Ok(())
    }

    async fn disable(&self, webhook: &Webhook, reason: &str) -> Result<(), Error> {
        if service::disable_webhook(&self.store, (webhook.account, webhook.id), reason, now()).await? {
            log::warn!("webhook {} is disabled: {reason}", webhook.id);
        }
        Ok(())
    }
}

/// A number from -0.1 to 0.1.
fn jitter() -> f64 {
    let mut bytes = [0; 2];
    // Without random numbers, all wait the same time.
    if getrandom::fill(&mut bytes).is_err() {
        return 0.0;
    }
    f64::from(u16::from_be_bytes(bytes)) / f64::from(u16::MAX) * 0.2 - 0.1
}
