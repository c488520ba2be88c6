//! `docket import`

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use docket_domain::{import::ImportContext, service, workflow::EntityType};

use super::{
    output::print,
    store::{MAIN_ACCOUNT, StoreArgs, load_account},
};
use crate::{
    app,
    import::{self, Map, Reader, Report},
};

#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// Import the event log of another system from a CSV file, and print a summary as JSON. The rows may be in any
    /// order. An import can be repeated or resumed: rows that are already imported are not imported again.
    EventLog(EventLogArgs),
}

#[derive(Debug, Args)]
pub(super) struct EventLogArgs {
    /// The log, optionally compressed with gzip; `-` for standard input.
    file: PathBuf,
    /// The columns of the log, and the workflow status of each of its statuses (TOML).
    #[arg(long)]
    map: PathBuf,
    /// Key of the workflow that the cases follow; `default` by default.
    #[arg(long)]
    workflow: Option<String>,
    /// File for the report of skipped and refused rows; standard error by default.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Name of the account.
    #[arg(long, env = "DOCKET_ACCOUNT", default_value = MAIN_ACCOUNT)]
    account: String,
}

pub(super) fn run(command: ImportCommand, store: &StoreArgs) -> anyhow::Result<()> {
    let ImportCommand::EventLog(args) = command;
    let input = open(&args.file)?;
    let map = fs::read_to_string(&args.map).with_context(|| format!("cannot read {}", args.map.display()))?;
    let summary = store.run(async |store| {
        let account = load_account(store, &args.account).await?.id;
        let workflow = match &args.workflow {
            Some(key) => service::load_own_workflow(store, account, key).await.with_context(|| key.clone())?.active,
            None => service::load_current_workflow(store, account, EntityType::Case).await?,
        };
        let (map, format) = Map::read(&map, &workflow)?;
        let reader = Reader::new(input, &format).with_context(|| format!("cannot read {}", args.file.display()))?;
        let mut report = Report::new(args.report.as_deref())?;
        let terms = ImportContext { account, map: &map, workflow: &workflow, now: app::now() };
        let imported = import::run(store, terms, reader, import::bare_case, &mut report).await;
        imported.with_context(|| format!("{} was not imported completely", args.file.display()))
    })?;
    print(serde_json::to_string(&summary)?)
}

fn open(file: &Path) -> anyhow::Result<Box<dyn Read>> {
    if file == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let file = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Box::new(file))
}
