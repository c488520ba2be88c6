//! `docket import`

use std::{
    fs::{self, File},
    path::PathBuf,
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use docket_domain::{import::Terms, service, workflow::EntityType};

use super::{MAIN_ACCOUNT, StoreArgs, load_account, print};
use crate::{
    app,
    import::{self, Map, Reader, Report},
};

/// What to take over.
#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// Replay a CSV log of cases and print one JSON summary. A log can be imported again, or on from where it was
    /// interrupted: what is there already is left alone.
    EventLog(EventLogArgs),
}

/// A log to replay.
#[derive(Debug, Args)]
pub(super) struct EventLogArgs {
    /// The log.
    file: PathBuf,
    /// Which column means what, and which status (TOML).
    #[arg(long)]
    map: PathBuf,
    /// Where to report every event that was refused or skipped; on stderr by default.
    #[arg(long)]
    report: Option<PathBuf>,
    /// The account by its name.
    #[arg(long, env = "DOCKET_ACCOUNT", default_value = MAIN_ACCOUNT)]
    account: String,
}

/// Does it.
pub(super) fn run(command: ImportCommand, store: &StoreArgs) -> anyhow::Result<()> {
    let ImportCommand::EventLog(args) = command;
    let file = File::open(&args.file).with_context(|| format!("cannot read {}", args.file.display()))?;
    let map = fs::read_to_string(&args.map).with_context(|| format!("cannot read {}", args.map.display()))?;
    let summary = store.run(async |store| {
        let account = load_account(store, &args.account).await?.id;
        let workflow = service::load_current_workflow(store, account, EntityType::Case).await?;
        let (map, columns) = Map::read(&map, &workflow)?;
        let reader = Reader::new(file, &columns).with_context(|| format!("cannot read {}", args.file.display()))?;
        let mut report = Report::new(args.report.as_deref())?;
        let terms = Terms { account, map: &map, workflow: &workflow, now: app::now() };
        let imported = import::run(store, terms, reader, import::bare_case, &mut report).await;
        imported.with_context(|| format!("{} is not imported to its end", args.file.display()))
    })?;
    print(serde_json::to_string(&summary)?)
}
