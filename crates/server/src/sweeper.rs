//! Cleanup at startup and every hour: stored bytes of documents that no row refers to, expired idempotency keys, and old
//! deliveries of webhooks.

use std::time::Duration;

use actix_web::rt::time::interval;
use docket_domain::{
    error::StoreError,
    id::AccountId,
    store::{IdempotencyStore as _, VerifyStore as _, WebhookStore as _},
    webhook::DELIVERY_LIFE,
};
use docket_persistence::{
    Database,
    files::{Files, Swept},
};

use crate::app;

/// Time between two sweeps.
const EVERY: Duration = Duration::from_secs(3_600);
/// Accounts per page.
const ACCOUNTS: i64 = 100;

/// Runs until the server stops. A failed sweep is logged; the next one covers its work.
pub async fn run(store: Database, files: Files) {
    let mut ticks = interval(EVERY);
    loop {
        ticks.tick().await;
        match files.sweep(&store, app::now()).await {
            Ok(Swept { orphans: 0, uploads: 0 }) => {}
            Ok(Swept { orphans, uploads }) => {
                log::info!("deleted {orphans} unreferenced documents and {uploads} abandoned uploads");
            }
            Err(error) => log::warn!("failed to sweep documents: {error:?}"),
        }
        match sweep_rows(&store).await {
            Ok((0, 0)) => {}
            Ok((keys, deliveries)) => {
                log::info!("deleted {keys} expired idempotency keys and {deliveries} old deliveries");
            }
            Err(error) => log::warn!("failed to sweep idempotency keys and deliveries: {error:?}"),
        }
    }
}

/// Works in batches, so that no transaction is long. Returns the numbers of idempotency keys and of deliveries.
async fn sweep_rows(store: &Database) -> Result<(usize, usize), StoreError> {
    let (mut keys, mut deliveries, mut after) = (0, 0, AccountId(0));
    loop {
        let accounts = store.list_accounts(after, ACCOUNTS).await?;
        let Some(last) = accounts.last() else { return Ok((keys, deliveries)) };
        after = last.id;
        for account in accounts {
            loop {
                match store.sweep_attempts(account.id, app::now()).await? {
                    0 => break,
                    swept => keys += swept,
                }
            }
            loop {
                match store.sweep_deliveries(account.id, app::now() - DELIVERY_LIFE).await? {
                    0 => break,
                    swept => deliveries += swept,
                }
            }
        }
    }
}
