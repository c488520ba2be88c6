//! The command line. Results go to stdout, everything else to stderr.

mod accounts;
mod backup;
mod checkpoint;
mod import;
mod keys;
mod migrate;
mod openapi;
mod serve;
mod verify;
mod workflow;

use std::{
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
    time::Duration,
};

use actix_web::rt::System;
use anyhow::Context as _;
use chrono::SecondsFormat;
use clap::{Args, Parser, Subcommand};
use docket_domain::{account::Account, error::StoreError, store::AccountStore as _};
use docket_persistence::{Connector, Database, Settings};
use nix::sys::stat::{Mode, umask};

use crate::app;

/// The account that is there without being made.
const MAIN_ACCOUNT: &str = "main";

/// A case-management server: one store of cases, four API dialects.
#[derive(Debug, Parser)]
#[command(name = "docket", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    store: StoreArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Migrate the database, then serve.
    Serve(serve::ServeArgs),
    /// Migrate the database to the current schema.
    Migrate,
    /// Create, list and revoke API keys.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Create accounts.
    #[command(subcommand)]
    Accounts(accounts::AccountsCommand),
    /// Import data from other systems.
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Copy a SQLite store to a file while it is in use.
    Backup(backup::BackupArgs),
    /// Restore a SQLite store from a backup.
    Restore(backup::RestoreArgs),
    /// Check all event logs, the rows that follow from them, and the counts.
    Verify(verify::VerifyArgs),
    /// Print a signed checkpoint of all event logs. `docket verify --checkpoint` finds events that were rewritten after it.
    Checkpoint(checkpoint::CheckpointArgs),
    /// Print the OpenAPI document of a dialect.
    Openapi(openapi::OpenapiArgs),
    /// Check or draw a workflow.
    #[command(subcommand)]
    Workflow(workflow::WorkflowCommand),
}

/// Where the database is.
#[derive(Debug, Args)]
struct StoreArgs {
    /// `sqlite://path` or `postgres://…`.
    #[arg(
        long,
        global = true,
        env = "DOCKET_DATABASE_URL",
        default_value = "sqlite://docket.db",
        hide_env_values = true
    )]
    database_url: String,
    /// Maximum number of connections to PostgreSQL per worker.
    #[arg(long, global = true, env = "DOCKET_DATABASE_CONNECTIONS", default_value_t = 16)]
    database_connections: usize,
    /// Seconds to wait for the database.
    #[arg(long, global = true, env = "DOCKET_DATABASE_TIMEOUT", default_value_t = 5)]
    database_timeout: u64,
}

impl StoreArgs {
    /// Opens the database as it is.
    fn open(&self) -> anyhow::Result<Connector> {
        self.open_for(Duration::from_secs(self.database_timeout))
    }

    fn open_for(&self, timeout: Duration) -> anyhow::Result<Connector> {
        let settings = Settings { connections: self.database_connections, timeout };
        Connector::open(&self.database_url, settings).context("the database cannot be opened")
    }

    /// Opens an existing database, with a timeout for statements.
    fn open_existing(&self, timeout: Duration) -> anyhow::Result<Connector> {
        if let Some(file) = self.database_url.strip_prefix("sqlite://") {
            anyhow::ensure!(Path::new(file).is_file(), "there is no store at {file}");
        }
        self.open_for(timeout)
    }

    /// Opens and migrates the database.
    fn open_migrated(&self) -> anyhow::Result<Connector> {
        let connector = self.open()?;
        for name in connector.migrate().context("the database cannot be migrated")? {
            log::info!("migrated: {name}");
        }
        Ok(connector)
    }

    /// Runs a short task on the database.
    fn run<T>(&self, work: impl AsyncFnOnce(&Database) -> anyhow::Result<T>) -> anyhow::Result<T> {
        let connector = self.open_migrated()?;
        System::new().block_on(async { work(&connector.worker()?).await })
    }
}

/// Reads the command line and does what it says.
#[must_use]
pub fn run() -> ExitCode {
    // Whatever a store is made of, its database, documents and backups, is for its owner alone: 0600 and 0700.
    umask(Mode::S_IRWXG | Mode::S_IRWXO);
    let cli = Cli::parse();
    start_log();
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Log lines go to stderr, from `info` on unless `DOCKET_LOG` says otherwise.
fn start_log() {
    let mut log = env_logger::Builder::from_env(env_logger::Env::default().filter_or("DOCKET_LOG", "info"));
    // Below that, the driver writes out the text of every statement.
    log.filter_module("tokio_postgres", log::LevelFilter::Info);
    log.format(|out, record| {
        let now = app::now().to_rfc3339_opts(SecondsFormat::Millis, true);
        writeln!(out, "[{now} {:<5} {}] {}", record.level(), record.target(), record.args())
    });
    log.init();
}

impl Cli {
    fn run(self) -> anyhow::Result<()> {
        let Self { command, store } = self;
        match command {
            Command::Serve(args) => serve::run(args, &store),
            Command::Migrate => migrate::run(&store),
            Command::Keys(command) => keys::run(command, &store),
            Command::Accounts(command) => accounts::run(command, &store),
            Command::Import(command) => import::run(command, &store),
            Command::Backup(args) => backup::backup(&args, &store),
            Command::Restore(args) => backup::restore(&args, &store),
            Command::Verify(args) => verify::run(args, &store),
            Command::Checkpoint(args) => checkpoint::run(&args, &store),
            Command::Openapi(args) => openapi::run(&args),
            Command::Workflow(command) => workflow::run(command),
        }
    }
}

/// Prints a result.
fn print(line: impl std::fmt::Display) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

/// The account of that name; the main one is made where it is missing.
async fn load_account(store: &Database, name: &str) -> anyhow::Result<Account> {
    if let Some(account) = store.find_account(name).await? {
        return Ok(account);
    }
    anyhow::ensure!(name == MAIN_ACCOUNT, "there is no account {name:?}");
    match store.create_account(name, app::now()).await {
        Ok(account) => Ok(account),
        // Somebody else made it in between.
        Err(StoreError::Taken(_)) => store.find_account(name).await?.context("the main account is gone"),
        Err(error) => Err(error.into()),
    }
}
