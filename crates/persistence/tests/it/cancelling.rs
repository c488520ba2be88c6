//! Dropped requests: their transactions are committed or rolled back, never left open.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{future::poll_fn, pin::pin, task::Poll};

use docket_domain::{
    command::Command,
    decide,
    store::{CaseStore, Health},
    workflow::{EntityType, builtin},
};
use docket_persistence::{Connector, Settings};

use crate::bed::{Bed, named, on_both_databases, to_status};

on_both_databases! {
    a_dropped_commit_leaves_no_transaction_open,
}

/// Polls a future up to `polls` times and drops it. Returns whether it had completed.
async fn dropped_after(polls: usize, future: impl Future) -> bool {
    let mut future = pin!(future);
    let mut left = polls;
    poll_fn(|cx| {
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(_) => Poll::Ready(true),
            Poll::Pending if left == 0 => Poll::Ready(false),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

async fn a_dropped_commit_leaves_no_transaction_open(bed: &Bed) {
    // With one connection, the next request uses the connection of the dropped request or a new one.
    let store =
        Connector::open(&bed.url, Settings { connections: 1, ..Settings::default() }).unwrap().worker().unwrap();
    let mut case = bed.create(named("interrupted")).await;
    for round in 1.. {
        let tag = Command::Tag { add: vec![format!("tag {round}")], remove: Vec::new() };
        let decision = decide::decide(&case, builtin(EntityType::Case), tag, &bed.context()).unwrap();
        let done = dropped_after(round, store.commit(decision)).await;
        // Another connection sees all of the dropped commit or nothing, and later writes are committed.
        store.ping().await.unwrap();
        let other = bed.create(named("next")).await;
        let decision =
            decide::decide(&other, builtin(EntityType::Case), to_status("in_progress"), &bed.context()).unwrap();
        store.commit(decision).await.unwrap();
        let other = bed.store.find_case(bed.account, other.id.into()).await.unwrap().unwrap();
        assert_eq!(other.version, 2, "after {round} polls");
        case = bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap();
        let log = bed.store.list_events(bed.account, case.id, 0, 1000).await.unwrap();
        crate::commits::assert_folds_to(&log, &case);
        if done {
            assert!(case.details.tags.contains(&format!("tag {round}")));
            assert!(round > 1 || !bed.is_postgres(), "nothing was ever dropped half-way");
            return;
        }
    }
}
