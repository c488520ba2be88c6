//! Deliveries are planned once, and taken by one server at a time, in the order of each case.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use chrono::TimeDelta;
use docket_domain::{
    account_event::{AccountEvent, WebhookHappening},
    id::{AccountId, WebhookId},
    service::{self, WebhookChanges},
    store::{PlannedDelivery, WebhookStore as _},
    webhook::{Attempt, DeliveryStatus, Webhook},
};

use crate::bed::{Bed, on_both_databases};

on_both_databases! {
    a_delivery_is_planned_and_taken_once,
    a_delivery_waits_for_the_earlier_one_of_its_case,
    old_deliveries_are_swept,
    changes_at_the_same_time_all_count,
}

async fn webhook(bed: &Bed) -> Webhook {
    let webhook = Webhook {
        account: bed.account,
        id: WebhookId(0),
        version: 1,
        url: "https://example.com/".to_owned(),
        types: vec!["case.*".to_owned()],
        description: None,
        active: true,
        secret: "whsec_".to_owned(),
        old_secret: None,
        created_at: bed.now(),
        disabled_at: None,
        disabled_reason: None,
        position: 0,
        failing_since: None,
    };
    bed.store.create_webhook(webhook, bed.context().actor).await.unwrap()
}

fn planned(cases: impl IntoIterator<Item = i64>) -> Vec<PlannedDelivery> {
    let delivery = |(position, case)| PlannedDelivery {
        position,
        event_id: format!("evt_{position}"),
        kind: "case.created",
        case,
    };
    (1..).zip(cases).map(delivery).collect()
}

async fn a_delivery_is_planned_and_taken_once(bed: &Bed) {
    let webhook = webhook(bed).await;
    assert_eq!(bed.store.list_active_webhooks().await.unwrap(), std::slice::from_ref(&webhook));
    let (account, id, now): (AccountId, _, _) = (bed.account, webhook.id, bed.now());
    let plans = bed.in_parallel(8, async |store, _| {
        store.plan_deliveries(account, id, (0, 100), planned(1..=100), now).await.unwrap()
    });
    assert_eq!(plans.into_iter().filter(|planned| *planned).count(), 1);
    assert_eq!(bed.store.list_due_webhooks(now).await.unwrap(), [(account, id)]);
    let taken = bed.in_parallel(8, async |store, _| {
        let mut all = Vec::new();
        loop {
            let some = store.take_deliveries(account, id, 5, now, now + TimeDelta::seconds(60)).await.unwrap();
            if some.is_empty() {
                return all;
            }
            all.extend(some.into_iter().map(|delivery| delivery.position));
        }
    });
    let mut taken = taken.concat();
    taken.sort_unstable();
    assert_eq!(taken, (1..=100).collect::<Vec<_>>());
    assert!(bed.store.list_due_webhooks(now).await.unwrap().is_empty());
    // A server that died loses what it took.
    let later = now + TimeDelta::seconds(61);
    assert_eq!(bed.store.take_deliveries(account, id, 500, later, later).await.unwrap().len(), 100);
}

async fn a_delivery_waits_for_the_earlier_one_of_its_case(bed: &Bed) {
    let (webhook, now) = (webhook(bed).await, bed.now());
    let (account, id) = (bed.account, webhook.id);
    assert!(bed.store.plan_deliveries(account, id, (0, 5), planned([7, 7, 8, 0, 0]), now).await.unwrap());
    let take = async || bed.store.take_deliveries(account, id, 10, now, now + TimeDelta::seconds(60)).await.unwrap();
    let first = take().await;
    let positions = first.iter().map(|delivery| delivery.position).collect::<Vec<_>>();
    assert_eq!(positions, [1, 3, 4, 5]);
    assert!(take().await.is_empty());
    let failed = [Attempt { at: now, status: Some(500), milliseconds: 1, error: Some("500".to_owned()) }];
    let after = (DeliveryStatus::Pending, Some(now + TimeDelta::seconds(5)));
    bed.store.finish_attempt(&first[0], &failed, after, now).await.unwrap();
    assert!(take().await.is_empty());
    let failing = bed.store.find_webhook(account, id).await.unwrap().unwrap();
    assert_eq!(failing.failing_since, Some(now));
    let done = (DeliveryStatus::Delivered, None);
    bed.store.finish_attempt(&first[0], &failed, done, now).await.unwrap();
    assert_eq!(bed.store.find_webhook(account, id).await.unwrap().unwrap().failing_since, None);
    assert_eq!(take().await.iter().map(|delivery| delivery.position).collect::<Vec<_>>(), [2]);
    let page = bed.store.list_deliveries(account, id, Some(DeliveryStatus::Delivered), None, 10).await.unwrap();
    assert_eq!(page.rows.iter().map(|delivery| delivery.attempts.clone()).collect::<Vec<_>>(), [failed.to_vec()]);
    let again = bed.store.retry_delivery(account, id, first[0].id, now).await.unwrap().unwrap();
    assert_eq!((again.status, again.next_attempt_at), (DeliveryStatus::Pending, Some(now)));
    let other = bed.new_account("other").await;
    assert_eq!(bed.store.retry_delivery(other, id, first[0].id, now).await.unwrap(), None);
}

async fn old_deliveries_are_swept(bed: &Bed) {
    let (webhook, now) = (webhook(bed).await, bed.now());
    bed.store.plan_deliveries(bed.account, webhook.id, (0, 2), planned([1, 2]), now).await.unwrap();
    let taken = bed.store.take_deliveries(bed.account, webhook.id, 1, now, now).await.unwrap();
    bed.store.finish_attempt(&taken[0], &[], (DeliveryStatus::Failed, None), now).await.unwrap();
    assert_eq!(bed.store.sweep_deliveries(bed.account, now).await.unwrap(), 0);
    assert_eq!(bed.store.sweep_deliveries(bed.account, now + TimeDelta::days(30)).await.unwrap(), 1);
    let event = AccountEvent::of_webhook(&webhook, WebhookHappening::Removed, None, now);
    bed.store.remove_webhook(bed.account, webhook.id, event).await.unwrap();
    assert!(bed.store.list_webhooks(bed.account).await.unwrap().is_empty());
}

/// Each change is decided on the stored webhook, so none undoes another.
async fn changes_at_the_same_time_all_count(bed: &Bed) {
    let webhook = webhook(bed).await;
    let (context, key) = (bed.context(), (bed.account, webhook.id));
    bed.in_parallel(4, async |store, at| {
        let changes = match at {
            0 => WebhookChanges { url: Some("https://example.org/".to_owned()), ..WebhookChanges::default() },
            1 => WebhookChanges { description: Some(Some("a".to_owned())), ..WebhookChanges::default() },
            2 => WebhookChanges { types: Some(vec!["note.*".to_owned()]), ..WebhookChanges::default() },
            _ => {
                assert!(service::disable_webhook(&store, key, "gone", context.now).await.unwrap());
                return;
            }
        };
        service::change_webhook(&store, &context, key.1, &changes).await.unwrap();
    });
    let after = bed.store.find_webhook(key.0, key.1).await.unwrap().unwrap();
    assert_eq!((after.url.as_str(), after.description.as_deref()), ("https://example.org/", Some("a")));
    assert_eq!((after.types, after.active, after.version), (vec!["note.*".to_owned()], false, 5));
    assert!(!service::disable_webhook(&bed.store, key, "gone", context.now).await.unwrap());
    let begin = WebhookChanges { active: Some(true), ..WebhookChanges::default() };
    let active = service::change_webhook(&bed.store, &context, key.1, &begin).await.unwrap();
    assert_eq!((active.active, active.disabled_at, active.disabled_reason), (true, None, None));
    let end = service::find_feed_end(&bed.store, bed.account).await.unwrap();
    let stored = bed.store.find_webhook(key.0, key.1).await.unwrap().unwrap();
    // The event of the change itself comes behind it.
    assert_eq!(stored.position, end - 1);
}
