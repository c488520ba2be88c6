//! The command line. Results go to stdout, the log goes to stderr.

mod accounts;
mod backup;
mod checkpoint;
mod complete;
mod events;
mod import;
mod keys;
mod log;
mod migrate;
mod openapi;
mod output;
mod own_workflows;
mod serve;
mod service_levels;
mod store;
mod verify;
mod webhooks;
mod workflow;
mod workflow_file;
mod workflow_log;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use nix::sys::stat::{Mode, umask};

use self::{log::LogFormat, store::StoreArgs};

/// A case-management server: one store of cases, four API dialects.
#[derive(Debug, Parser)]
#[command(name = "docket", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    store: StoreArgs,
    /// Format of the log on stderr.
    #[arg(long, global = true, env = "DOCKET_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Migrate the database, then serve.
    Serve(serve::ServeArgs),
    /// Migrate the database to the current schema.
    Migrate(migrate::MigrateArgs),
    /// Create, list and revoke API keys.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Create accounts.
    #[command(subcommand)]
    Accounts(accounts::AccountsCommand),
    /// Import data from other systems.
    #[command(subcommand)]
    Import(import::ImportCommand),
    /// Follow the events of an account.
    #[command(subcommand)]
    Events(events::EventsCommand),
    /// Export data.
    #[command(subcommand)]
    Export(events::ExportCommand),
    /// Copy a SQLite store to a file while it is in use.
    Backup(backup::BackupArgs),
    /// Restore a SQLite store from a backup.
    Restore(backup::RestoreArgs),
    /// Check all event logs, the rows derived from them, and the counts.
    Verify(verify::VerifyArgs),
    /// Print a signed checkpoint of all event logs. `docket verify --checkpoint` finds events that were rewritten after
    /// it.
    Checkpoint(checkpoint::CheckpointArgs),
    /// Print the OpenAPI document of a dialect.
    Openapi(openapi::OpenapiArgs),
    /// Check or draw a workflow.
    #[command(subcommand)]
    Workflow(workflow::WorkflowCommand),
    /// List, test and replay webhooks.
    #[command(subcommand)]
    Webhooks(webhooks::WebhooksCommand),
    /// Compute the stored clocks of service levels anew.
    #[command(subcommand)]
    ServiceLevels(service_levels::ServiceLevelsCommand),
    /// Print the completions for a shell.
    Completions(complete::CompletionsArgs),
    /// Write the man pages to a folder.
    Man(complete::ManArgs),
}

/// Parses the command line and runs its command.
#[must_use]
pub fn run() -> ExitCode {
    // The files of a store (database, documents, backups) are for their owner only: 0600 and 0700.
    umask(Mode::S_IRWXG | Mode::S_IRWXO);
    let cli = Cli::parse();
    log::start(cli.log_format);
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ::log::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Cli {
    fn run(self) -> anyhow::Result<()> {
        let Self { command, store, log_format: _ } = self;
        match command {
            Command::Serve(args) => serve::run(args, &store),
            Command::Migrate(args) => migrate::run(&args, &store),
            Command::Keys(command) => keys::run(command, &store),
            Command::Accounts(command) => accounts::run(command, &store),
            Command::Import(command) => import::run(command, &store),
            Command::Events(command) => events::run(command, &store),
            Command::Export(command) => events::export(command, &store),
            Command::Backup(args) => backup::backup(&args, &store),
            Command::Restore(args) => backup::restore(&args, &store),
            Command::Verify(args) => verify::run(args, &store),
            Command::Checkpoint(args) => checkpoint::run(&args, &store),
            Command::Openapi(args) => openapi::run(&args),
            Command::Workflow(command) => workflow::run(command, &store),
            Command::Webhooks(command) => webhooks::run(command, &store),
            Command::ServiceLevels(command) => service_levels::run(command, &store),
            Command::Completions(args) => complete::completions(&args, Self::command()),
            Command::Man(args) => complete::man(&args, Self::command()),
        }
    }
}
