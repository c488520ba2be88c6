//! Moves the cases of running migrations between workflow versions, in the background.
//!
//! The server that receives the request begins at once. Every server also looks for migrations without progress, so a
//! migration continues after a crash, on whichever server comes first.

use std::time::Duration;

use actix_web::rt::time::{interval, sleep};
use chrono::TimeDelta;
use docket_domain::{
    catalog::{Migration, MigrationState},
    error::{Error, StoreError},
    id::AccountId,
    service,
    store::{MigrationStore as _, VerifyStore as _},
};
use docket_persistence::Database;
use uuid::Uuid;

use crate::app;

/// Time between two looks for migrations without progress.
const EVERY: Duration = Duration::from_secs(60);
/// Time without progress after which another server continues a migration.
const IDLE: TimeDelta = TimeDelta::seconds(30);
/// Wait after a failed batch.
const PAUSE: Duration = Duration::from_secs(1);
/// Number of failed batches in a row after which a migration is left to the next look.
const FAILURES: u32 = 5;
/// Accounts per page.
const ACCOUNTS: i64 = 100;

/// Continues migrations without progress, until the server stops.
pub async fn run(store: Database) {
    let mut ticks = interval(EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = resume(&store).await {
            log::warn!("failed to look for migrations: {error:?}");
        }
    }
}

async fn resume(store: &Database) -> Result<(), StoreError> {
    let mut after = AccountId(0);
    loop {
        let accounts = store.list_accounts(after, ACCOUNTS).await?;
        let Some(last) = accounts.last() else { return Ok(()) };
        after = last.id;
        for account in accounts {
            for idle in store.list_idle_migrations(account.id, app::now() - IDLE).await? {
                finish(store, account.id, idle.id).await;
            }
        }
    }
}

/// Moves all cases of a migration. A failure is logged; the next look continues.
pub async fn finish(store: &Database, account: AccountId, id: Uuid) {
    match run_to_end(store, account, id, |_| {}).await {
        Ok(done) => {
            log::info!("migration {id}: moved {} cases, refused {}", done.progress.moved, done.progress.refused)
        }
        Err(error) => log::warn!("migration {id} stopped and will continue later: {error}"),
    }
}

/// Moves all cases of a migration and reports its progress after each batch.
///
/// # Errors
/// If several batches in a row fail. The cases moved so far stay moved.
pub async fn run_to_end(
    store: &Database,
    account: AccountId,
    id: Uuid,
    mut progress: impl FnMut(&Migration),
) -> Result<Migration, Error> {
    let mut failures = 0;
    loop {
        match service::run_migration(store, account, id, app::now).await {
            Ok(migration) if migration.state == MigrationState::Running => {
                failures = 0;
                progress(&migration);
                // Other requests of this worker come first.
                actix_web::rt::task::yield_now().await;
            }
            Ok(migration) => return Ok(migration),
            Err(error) if failures >= FAILURES => return Err(error),
            Err(_) => {
                failures += 1;
                sleep(PAUSE).await;
            }
        }
    }
}
