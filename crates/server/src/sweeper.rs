//! Sweeps bytes of documents that nothing refers to, and idempotency keys that stand for nothing any more: when the server starts, and every hour.

use std::time::Duration;

use actix_web::rt::time::interval;
use docket_domain::{
    error::StoreError,
    id::AccountId,
    store::{IdempotencyStore as _, VerifyStore as _},
};
use docket_persistence::{
    Database,
    files::{Files, Swept},
};

use crate::app;

/// How long from one sweep to the next.
const EVERY: Duration = Duration::from_secs(3_600);
/// How many accounts are read at once.
const ACCOUNTS: i64 = 100;

/// Sweeps until the server ends. A sweep that fails is made up for by the next.
pub async fn run(store: Database, files: Files) {
    let mut ticks = interval(EVERY);
    loop {
        ticks.tick().await;
        match files.sweep(&store, app::now()).await {
            Ok(Swept { orphans: 0, uploads: 0 }) => {}
            Ok(Swept { orphans, uploads }) => {
                log::info!("swept {orphans} documents that nothing referred to and {uploads} broken uploads");
            }
            Err(error) => log::warn!("the documents were not swept: {error:?}"),
        }
        match sweep_attempts(&store).await {
            Ok(0) => {}
            Ok(swept) => log::info!("deleted {swept} expired idempotency keys"),
            Err(error) => log::warn!("the idempotency keys were not swept: {error:?}"),
        }
    }
}

/// Account by account and batch by batch, so that no transaction is long.
async fn sweep_attempts(store: &Database) -> Result<usize, StoreError> {
    let (mut all, mut after) = (0, AccountId(0));
    loop {
        let accounts = store.list_accounts(after, ACCOUNTS).await?;
        let Some(last) = accounts.last() else { return Ok(all) };
        after = last.id;
        for account in accounts {
            loop {
                match store.sweep_attempts(account.id, app::now()).await? {
                    0 => break,
                    swept => all += swept,
                }
            }
        }
    }
}
