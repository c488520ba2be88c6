//! Database options, and the accounts of the database.

use std::{path::Path, time::Duration};

use actix_web::rt::System;
use anyhow::Context as _;
use clap::Args;
use docket_domain::{account::Account, error::StoreError, store::AccountStore as _};
use docket_persistence::{Connector, Database, Settings, StandbySettings};

use crate::app;

/// The default account. The server creates it.
pub(super) const MAIN_ACCOUNT: &str = "main";

#[derive(Debug, Args)]
pub(super) struct StoreArgs {
    /// Database URL: `sqlite://path` or `postgres://…`.
    #[arg(
        long,
        global = true,
        env = "DOCKET_DATABASE_URL",
        default_value = "sqlite://docket.db",
        hide_env_values = true
    )]
    pub(super) database_url: String,
    /// Maximum number of connections to PostgreSQL per worker.
    #[arg(long, global = true, env = "DOCKET_DATABASE_CONNECTIONS", default_value_t = 16)]
    database_connections: usize,
    /// Seconds to wait for a pooled connection, and for the response to a statement.
    #[arg(long, global = true, env = "DOCKET_DATABASE_TIMEOUT", default_value_t = 5)]
    pub(super) database_timeout: u64,
    /// URL of a PostgreSQL standby for lists and statistics.
    #[arg(long, global = true, env = "DOCKET_READ_DATABASE_URL", hide_env_values = true)]
    read_database_url: Option<String>,
    /// Maximum age of the standby's data in seconds. While the standby is further behind, the primary is read.
    #[arg(long, global = true, env = "DOCKET_READ_MAX_AGE", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=3600))]
    read_max_age: u64,
}

impl StoreArgs {
    /// Opens the database without migrating it.
    pub(super) fn open(&self) -> anyhow::Result<Connector> {
        self.open_for(Duration::from_secs(self.database_timeout))
    }

    pub(super) fn open_for(&self, timeout: Duration) -> anyhow::Result<Connector> {
        let max_age = Duration::from_secs(self.read_max_age);
        let standby = self.read_database_url.clone().map(|url| StandbySettings { url, max_age });
        let settings = Settings { connections: self.database_connections, timeout, standby };
        Connector::open(&self.database_url, settings).context("the database cannot be opened")
    }

    /// Opens an existing database without migrating it. A missing SQLite file is an error, not a new store.
    pub(super) fn open_existing(&self, timeout: Duration) -> anyhow::Result<Connector> {
        self.check_exists()?;
        self.open_for(timeout)
    }

    /// A mistyped path must not become a new store.
    pub(super) fn check_exists(&self) -> anyhow::Result<()> {
        if let Some(file) = self.database_url.strip_prefix("sqlite://") {
            anyhow::ensure!(Path::new(file).is_file(), "no store found at {file}; `docket migrate` creates one");
        }
        Ok(())
    }

    pub(super) fn open_migrated(&self) -> anyhow::Result<Connector> {
        let connector = self.open()?;
        for name in connector.migrate().context("the database cannot be migrated")? {
            log::info!("migrated: {name}");
        }
        Ok(connector)
    }

    /// Migrates the database and runs a short task on it.
    pub(super) fn run<T>(&self, work: impl AsyncFnOnce(&Database) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let connector = self.open_migrated()?;
        System::new().block_on(async { work(&connector.worker()?).await })
    }

    /// Migrates an existing database and runs a short task on it.
    pub(super) fn run_existing<T>(&self, work: impl AsyncFnOnce(&Database) -> anyhow::Result<T>) -> anyhow::Result<T> {
        self.check_exists()?;
        self.run(work)
    }
}

/// Finds an account by name. The main account is created if it is missing.
pub(super) async fn load_account(store: &Database, name: &str) -> anyhow::Result<Account> {
    if let Some(account) = store.find_account(name).await? {
        return Ok(account);
    }
    anyhow::ensure!(name == MAIN_ACCOUNT, "unknown account {name:?}");
    match store.create_account(name, app::now()).await {
        Ok(account) => Ok(account),
        // Another process created it in the meantime.
        Err(StoreError::Taken(_)) => store.find_account(name).await?.context("the main account is missing"),
        Err(error) => Err(error.into()),
    }
}
