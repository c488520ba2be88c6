//! `docket import`

use std::path::PathBuf;

use clap::Subcommand;

use super::{MAIN_ACCOUNT, StoreArgs};

/// What to take over.
#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// Replay a CSV log of cases and print one JSON summary.
    EventLog {
        /// The log.
        file: PathBuf,
        /// Which column means what.
        #[arg(long)]
        map: PathBuf,
        /// The account by its name.
        #[arg(long, env = "DOCKET_ACCOUNT", default_value = MAIN_ACCOUNT)]
        account: String,
    },
}

/// Does it.
pub(super) fn run(command: ImportCommand, _store: &StoreArgs) -> anyhow::Result<()> {
    let ImportCommand::EventLog { file, map, account } = command;
    anyhow::bail!("cannot replay {} by {} into {account} yet", file.display(), map.display())
}
