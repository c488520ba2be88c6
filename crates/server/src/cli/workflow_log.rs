//! Workflows and event logs: discovering one in a log, and comparing a log with one.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Subcommand;
use docket_domain::{
    import::{LogRun, conform, discover, key_of},
    service,
    workflow::{EntityType, StatusKey, Workflow, builtin},
};

use super::{
    output::print,
    store::{MAIN_ACCOUNT, StoreArgs, load_account},
    workflow_file::load,
};
use crate::import::{self, Map, Reader};

#[derive(Debug, Subcommand)]
pub(super) enum LogCommand {
    /// Print the workflow that an event log implies.
    Discover {
        /// The log, a table with a line for each event; `-` is standard input.
        file: PathBuf,
        /// The columns of the log (TOML).
        #[arg(long)]
        map: PathBuf,
        /// Leave out moves that are a smaller share of the moves from their status, from 0 to 1.
        #[arg(long, default_value_t = 0.0, value_parser = share)]
        min_share: f64,
        /// Name of the workflow.
        #[arg(long, default_value = "Discovered workflow")]
        name: String,
    },
    /// Compare an event log with a workflow, and print JSON.
    Conform {
        /// The log, a table with a line for each event; `-` is standard input.
        file: PathBuf,
        /// The columns of the log (TOML).
        #[arg(long)]
        map: PathBuf,
        /// A file with a definition, or the key of a workflow of the account; the built-in one by default.
        #[arg(long)]
        workflow: Option<String>,
        /// Name of the account.
        #[arg(long, env = "DOCKET_ACCOUNT", default_value = MAIN_ACCOUNT)]
        account: String,
    },
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse::<f64>().map_err(|error| error.to_string())?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err("expected a number from 0 to 1".to_owned()) }
}

pub(super) fn run(command: LogCommand, store: &StoreArgs) -> anyhow::Result<()> {
    match command {
        LogCommand::Discover { file, map, min_share, name } => {
            let (runs, _) = read_log(&file, &map)?;
            let found = discover(&runs, &name, min_share);
            for (from, to, count) in &found.left_out {
                log::info!("left out: {from} → {to}, {count} times");
            }
            for status in &found.dropped {
                log::info!("left out: the status {status}, which only such moves lead to");
            }
            for (from, to) in &found.added {
                log::info!("added: {from} → {to}, which the log does not show");
            }
            Workflow::check(found.definition.clone()).context("the log implies no valid workflow")?;
            print(serde_json::to_string_pretty(&found.definition)?)
        }
        LogCommand::Conform { file, map, workflow, account } => {
            let workflow = find_workflow(workflow, &account, store)?;
            let (runs, statuses) = read_log(&file, &map)?;
            let status = |word: &str| {
                let mapped = statuses.as_ref().and_then(|statuses| statuses.get(word).cloned());
                let found = mapped.and_then(|key| workflow.status(&key));
                let found = found.or_else(|| workflow.status_by_label(word));
                let found = found.or_else(|| workflow.status(&StatusKey::new(key_of(word))));
                found.map(|status| status.key.clone())
            };
            print(serde_json::to_string_pretty(&conform(&runs, &workflow, status))?)
        }
    }
}

type Statuses = Option<std::collections::BTreeMap<String, StatusKey>>;

/// The cases of a log, and the statuses that its map names.
fn read_log(file: &Path, map: &Path) -> anyhow::Result<(Vec<LogRun>, Statuses)> {
    let toml = fs::read_to_string(map).with_context(|| format!("cannot read {}", map.display()))?;
    let (statuses, format) = Map::read_format(&toml)?;
    let input: Box<dyn Read> = if file == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(file).with_context(|| format!("cannot read {}", file.display()))?)
    };
    let reader = Reader::new(input, &format).with_context(|| format!("cannot read {}", file.display()))?;
    Ok((import::read_runs(reader)?, statuses))
}

/// The workflow in a file, or that of an account.
fn find_workflow(named: Option<String>, account: &str, store: &StoreArgs) -> anyhow::Result<Workflow> {
    let Some(named) = named else { return Ok(builtin(EntityType::Case).clone()) };
    if Path::new(&named).is_file() {
        return load(Some(named.into()));
    }
    store.run_existing(async |store| {
        let account = load_account(store, account).await?.id;
        let listed = service::load_own_workflow(store, account, &named).await;
        Ok((*listed.with_context(|| format!("neither a file nor a workflow: {named}"))?.active).clone())
    })
}
