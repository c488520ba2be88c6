//! Webhooks: requests that the server sends for each event of an account, as Standard Webhooks describe them.
//!
//! This module decides which events a webhook gets, when a failed delivery is tried again, and when a webhook is
//! disabled. Sending is not part of it.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::{
    id::{AccountId, DeliveryId, WebhookId},
    time::Timestamp,
};

/// Greatest number of webhooks of an account.
pub const WEBHOOKS_MAX: usize = 100;
/// Time in which a receiver must answer.
pub const PATIENCE: TimeDelta = TimeDelta::seconds(15);
/// How long an old secret signs beside the new one.
pub const OLD_SECRET_LIFE: TimeDelta = TimeDelta::hours(24);
/// How long deliveries are kept.
pub const DELIVERY_LIFE: TimeDelta = TimeDelta::days(30);
/// Time without a success after which a webhook is disabled.
const FAILING_MAX: TimeDelta = TimeDelta::days(5);
/// Waits before the attempts after the first.
const WAITS: [TimeDelta; 9] = [
    TimeDelta::seconds(5),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(5),
    TimeDelta::hours(10),
    TimeDelta::hours(14),
    TimeDelta::hours(20),
    TimeDelta::hours(24),
];
/// Greatest wait that a receiver can ask for.
const RETRY_AFTER_MAX: TimeDelta = TimeDelta::hours(24);

/// A webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    /// Its account.
    pub account: AccountId,
    /// Its id; 0 before it is stored.
    pub id: WebhookId,
    /// Number of its changes by users and by the server. Planning and attempts do not count.
    pub version: i64,
    /// Where the requests go.
    pub url: String,
    /// Types of events, or all types of a noun as `case.*`; empty for all.
    pub types: Vec<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether events are sent.
    pub active: bool,
    /// The secret that signs.
    pub secret: String,
    /// An earlier secret that signs too, until this time.
    pub old_secret: Option<(String, Timestamp)>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When the server disabled it.
    pub disabled_at: Option<Timestamp>,
    /// Why the server disabled it.
    pub disabled_reason: Option<String>,
    /// Position in the feed up to which deliveries were planned.
    pub position: i64,
    /// Time of the first failure since the last success.
    pub failing_since: Option<Timestamp>,
}

impl Webhook {
    /// The secrets that sign at a time, the newest first.
    #[must_use]
    pub fn secrets(&self, now: Timestamp) -> Vec<&str> {
        let old = self.old_secret.as_ref().filter(|(_, until)| now < *until).map(|(secret, _)| secret.as_str());
        std::iter::once(self.secret.as_str()).chain(old).collect()
    }

    /// Whether it had no success for so long that it is disabled.
    #[must_use]
    pub fn is_lost(&self, now: Timestamp) -> bool {
        self.failing_since.is_some_and(|since| now - since >= FAILING_MAX)
    }
}

/// State of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// It will be tried, or tried again.
    Pending,
    /// The receiver has it.
    Delivered,
    /// The last attempt failed.
    Failed,
}

impl DeliveryStatus {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Pending, Self::Delivered, Self::Failed];

    /// The word for the state.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }

    /// Parses the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }
}

/// One event for one webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Its account.
    pub account: AccountId,
    /// Its id.
    pub id: DeliveryId,
    /// The webhook.
    pub webhook: WebhookId,
    /// Position of the event in the feed.
    pub position: i64,
    /// Public id of the event.
    pub event_id: String,
    /// Type of the event.
    pub kind: String,
    /// State.
    pub status: DeliveryStatus,
    /// The attempts so far, oldest first.
    pub attempts: Vec<Attempt>,
    /// When it is tried next; `None` if it is over.
    pub next_attempt_at: Option<Timestamp>,
}

/// An attempt to deliver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// HTTP status of the answer; `None` if there was none.
    pub status: Option<u16>,
    /// How long it took, in milliseconds.
    pub milliseconds: u64,
    /// Why it failed; `None` for a success.
    pub error: Option<String>,
}

impl Attempt {
    /// Whether the receiver has the event.
    #[must_use]
    pub const fn is_success(&self) -> bool {
        matches!(self.status, Some(200..=299))
    }

    /// Whether the receiver wants no more events.
    #[must_use]
    pub const fn is_farewell(&self) -> bool {
        matches!(self.status, Some(410))
    }

    /// Whether the header `Retry-After` of the answer counts.
    #[must_use]
    pub const fn may_ask_for_time(&self) -> bool {
        matches!(self.status, Some(429 | 503))
    }
}

/// The state after an attempt, and the time of the next one. `attempts` includes the one that is over. `jitter` is from
/// -0.1 to 0.1 and spreads the attempts of many deliveries.
///
/// ```
/// use chrono::{DateTime, TimeDelta, Utc};
/// use docket_domain::webhook::{DeliveryStatus, after_attempt};
///
/// let now: DateTime<Utc> = "2026-03-02T09:00:00Z".parse().unwrap();
/// // Before the first attempt, a delivery is due at once.
/// assert_eq!(after_attempt(&[], None, 0.0, now), (DeliveryStatus::Pending, Some(now)));
/// ```
#[must_use]
pub fn after_attempt(
    attempts: &[Attempt],
    retry_after: Option<TimeDelta>,
    jitter: f64,
    now: Timestamp,
) -> (DeliveryStatus, Option<Timestamp>) {
    let Some(last) = attempts.last() else { return (DeliveryStatus::Pending, Some(now)) };
    if last.is_success() {
        return (DeliveryStatus::Delivered, None);
    }
    let wait = attempts.len().checked_sub(1).and_then(|failed| WAITS.get(failed));
    let (Some(wait), false) = (wait, last.is_farewell()) else { return (DeliveryStatus::Failed, None) };
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "waits are at most a day")]
    let spread = TimeDelta::milliseconds((wait.num_milliseconds() as f64 * (1.0 + jitter)) as i64);
    let asked = retry_after.filter(|_| last.may_ask_for_time()).map(|asked| asked.min(RETRY_AFTER_MAX));
    (DeliveryStatus::Pending, Some(now + asked.map_or(spread, |asked| asked.max(spread))))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn failed(status: u16) -> Attempt {
        Attempt { at: DateTime::UNIX_EPOCH, status: Some(status), milliseconds: 1, error: Some("no".to_owned()) }
    }

    fn wait(attempts: &[Attempt], asked: Option<i64>) -> Option<i64> {
        let now = DateTime::UNIX_EPOCH;
        after_attempt(attempts, asked.map(TimeDelta::seconds), 0.0, now).1.map(|at| (at - now).num_seconds())
    }

    #[test]
    fn the_waits_grow_until_the_delivery_has_failed() {
        let waits = (1..=10).map(|failures| wait(&vec![failed(500); failures], None)).collect::<Vec<_>>();
        let expected = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
        assert_eq!(waits, expected.into_iter().map(Some).chain([None]).collect::<Vec<_>>());
    }

    #[test]
    fn a_receiver_can_ask_for_time_or_for_an_end() {
        assert_eq!(wait(&[failed(429)], Some(60)), Some(60));
        assert_eq!(wait(&[failed(503)], Some(1)), Some(5));
        assert_eq!(wait(&[failed(503)], Some(1 << 40)), Some(86_400));
        assert_eq!(wait(&[failed(500)], Some(60)), Some(5));
        assert_eq!(after_attempt(&[failed(410)], None, 0.0, DateTime::UNIX_EPOCH), (DeliveryStatus::Failed, None));
        let success = Attempt { status: Some(204), error: None, ..failed(0) };
        assert_eq!(after_attempt(&[success], None, 0.0, DateTime::UNIX_EPOCH), (DeliveryStatus::Delivered, None));
    }
}
