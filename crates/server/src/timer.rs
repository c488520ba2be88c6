//! Turns passing time into events: each second, the clocks of service levels and the deadlines whose next moment has come
//! get its event, and stored clocks are computed anew after a service level or a calendar changed.
//!
//! Every server looks. A moment is told in a commit under the version of its case, so it is told once.

use std::{collections::HashSet, fmt::Debug, hash::Hash, sync::Arc, time::Duration};

use actix_web::rt::time::interval;
use docket_domain::{
    actor::{Actor, Context},
    deadline::DeadlineMoment,
    error::{Error, StoreError},
    id::AccountId,
    scope::Scopes,
    service::{self, RebuildStep},
    store::{ClockStore as _, DeadlineStore as _, SettingKind, SettingStore as _},
    time::Timestamp,
};
use docket_persistence::Database;

use crate::{app, http::metrics::Metrics};

/// Time between two looks.
const EVERY: Duration = Duration::from_secs(1);
/// Clocks or deadlines per page.
const PAGE: i64 = 500;
/// Accounts whose stored clocks are computed anew in turns.
const ACCOUNTS: i64 = 100;

/// Computes stored clocks anew where that is wanted, until the server stops. It takes long for many cases, so it must not
/// hold back [`run`].
pub async fn run_rebuilds(store: Database) {
    let mut ticks = interval(EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = rebuild(&store, app::now).await {
            log::warn!("failed to compute stored clocks: {error:?}");
        }
    }
}

/// Tells moments until the server stops. A failed look is logged; the next one covers its work.
pub async fn run(store: Database, metrics: Arc<Metrics>) {
    let mut ticks = interval(EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = tick(&store, app::now, |told| metrics.count_clock_events(told)).await {
            log::warn!("failed to look for moments of service levels: {error:?}");
        }
        if let Err(error) = tick_deadlines(&store, app::now, |told| metrics.count_deadline_events(told)).await {
            log::warn!("failed to look for moments of deadlines: {error:?}");
        }
    }
}

/// Tells the moments of clocks that have come. `told` gets the number of events of each case.
///
/// # Errors
/// A store error on reading which clocks are due. A case that fails is logged and left to the next look.
pub async fn tick(store: &Database, now: impl Fn() -> Timestamp, told: impl Fn(usize)) -> Result<(), StoreError> {
    let list = async || store.list_due_clocks(now(), PAGE).await;
    let tell = async |(account, case)| service::tell_moments(store, &context(account, now()), case).await;
    tell_all(list, tell, told).await
}

/// Tells the moments of deadlines that have come. `told` gets the number of events of each deadline.
///
/// # Errors
/// A store error on reading which moments have come. A deadline that fails is logged and left to the next look.
pub async fn tick_deadlines(
    store: &Database,
    now: impl Fn() -> Timestamp,
    told: impl Fn(usize),
) -> Result<(), StoreError> {
    let list = async || store.list_due_moments(now(), PAGE).await;
    let tell = async |moment: DeadlineMoment| {
        Ok(usize::from(service::tell_deadline(store, &context(moment.account, now()), moment).await?))
    };
    tell_all(list, tell, told).await
}

/// Tells page by page, until a page has nothing but what failed before.
async fn tell_all<T: Copy + Eq + Hash + Debug>(
    list: impl AsyncFn() -> Result<Vec<T>, StoreError>,
    tell: impl AsyncFn(T) -> Result<usize, Error>,
    told: impl Fn(usize),
) -> Result<(), StoreError> {
    let (mut all, mut failed) = (0, HashSet::new());
    loop {
        let mut due = list().await?;
        let is_last = i64::try_from(due.len()).is_ok_and(|found| found < PAGE);
        due.dedup();
        due.retain(|due| !failed.contains(due));
        for due in &due {
            match tell(*due).await {
                Ok(events) => {
                    told(events);
                    all += events;
                }
                Err(error) => {
                    log::warn!("failed to tell the moment of {due:?}: {error}");
                    failed.insert(*due);
                }
            }
        }
        if due.is_empty() || is_last {
            if all > 0 {
                log::info!("told {all} moments");
            }
            return Ok(());
        }
    }
}

fn context(account: AccountId, now: Timestamp) -> Context {
    Context::new(account, Actor { id: None, name: "Docket".to_owned() }, Scopes::all(), now)
}

/// Computes the stored clocks of accounts with a changed service level or calendar anew, in turns, until none is left that
/// can be computed now. An account that fails is logged, and stays wanted.
///
/// # Errors
/// A store error on reading which accounts want it.
pub async fn rebuild(store: &Database, now: impl Fn() -> Timestamp) -> Result<(), StoreError> {
    loop {
        let mut is_over = true;
        for account in store.list_accounts_with(SettingKind::Rebuild, ACCOUNTS).await? {
            match service::continue_clocks(store, account, now()).await {
                Ok(RebuildStep::Nothing) => {}
                Ok(RebuildStep::Some) => is_over = false,
                Ok(RebuildStep::Done(cases)) => log::info!("computed the clocks of {cases} active cases"),
                Err(error) => log::warn!("failed to compute the clocks of account {}: {error}", account.0),
            }
        }
        if is_over {
            return Ok(());
        }
    }
}
