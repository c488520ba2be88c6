//! `docket events` and `docket export`

use std::{
    io::{self, Write as _},
    time::Duration,
};

use actix_web::rt::{System, time::sleep};
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use docket_domain::{
    feed::{FeedQuery, TypeFilter},
    service,
    time::TimeBound,
};

use super::store::{MAIN_ACCOUNT, StoreArgs, load_account};
use crate::{
    api::native::events::{
        EventView,
        export::{Export, ExportWanted, Format},
    },
    wire::params::parse_bound,
};

/// Timeout of a statement: a large account has many events.
const PATIENCE: Duration = Duration::from_secs(600);
/// Time between two looks for new events.
const EVERY: Duration = Duration::from_millis(250);
/// Events per look.
const PAGE: i64 = 500;

#[derive(Debug, Subcommand)]
pub(super) enum EventsCommand {
    /// Print new events as they come, one JSON object a line.
    Tail(TailArgs),
}

#[derive(Debug, Args)]
pub(super) struct TailArgs {
    /// Type of event, or all types of a noun as `case.*`. Can be repeated.
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Print the events so far, too.
    #[arg(long)]
    from_start: bool,
    /// Print the events so far and stop.
    #[arg(long, requires = "from_start")]
    no_follow: bool,
    /// Name of the account.
    #[arg(long, default_value = MAIN_ACCOUNT)]
    account: String,
}

#[derive(Debug, Subcommand)]
pub(super) enum ExportCommand {
    /// Write the event log of an account to standard output. `docket import event-log` reads the changes of status back.
    EventLog(ExportArgs),
}

#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    #[arg(long, value_enum)]
    format: FormatArg,
    /// Only events that happened at or after this time (RFC 3339 or `YYYY-MM-DD`).
    #[arg(long, value_parser = read_time)]
    since: Option<TimeBound>,
    /// Only events that happened at or before this time (RFC 3339 or `YYYY-MM-DD`). A date includes the whole day (UTC).
    #[arg(long, value_parser = read_time)]
    until: Option<TimeBound>,
    /// Type of event, or all types of a noun as `case.*`. Can be repeated.
    #[arg(long = "type", value_name = "TYPE")]
    types: Vec<String>,
    /// Name of the account.
    #[arg(long, default_value = MAIN_ACCOUNT)]
    account: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum FormatArg {
    /// Comma-separated values, one event per row.
    Csv,
    /// XES (IEEE 1849-2016), one trace per case.
    Xes,
    /// One event in JSON per line.
    Jsonl,
    /// OCEL 2.0 in JSON.
    Ocel,
}

impl From<FormatArg> for Format {
    fn from(format: FormatArg) -> Self {
        match format {
            FormatArg::Csv => Self::Csv,
            FormatArg::Xes => Self::Xes,
            FormatArg::Jsonl => Self::Jsonl,
            FormatArg::Ocel => Self::Ocel,
        }
    }
}

fn read_time(text: &str) -> Result<TimeBound, String> {
    parse_bound(text).ok_or_else(|| "must be a date (YYYY-MM-DD) or a time in RFC 3339".to_owned())
}

fn read_types(patterns: &[String]) -> anyhow::Result<Option<TypeFilter>> {
    let read = TypeFilter::parse(patterns.iter().map(String::as_str));
    read.map_err(|unknown| anyhow::anyhow!("{unknown:?} is no type of event"))
}

/// Writes a part of the output. `false` if the reader has closed it.
fn write(part: &str) -> anyhow::Result<bool> {
    let mut out = io::stdout().lock();
    match out.write_all(part.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        other => other.map(|()| true).context("cannot write to standard output"),
    }
}

pub(super) fn run(command: EventsCommand, store: &StoreArgs) -> anyhow::Result<()> {
    let EventsCommand::Tail(args) = command;
    let types = read_types(&args.types)?;
    let connector = store.open_existing(PATIENCE)?;
    System::new().block_on(async {
        let store = connector.worker()?;
        let account = load_account(&store, &args.account).await?.id;
        let after = if args.from_start { 0 } else { service::find_feed_end(&store, account).await? };
        let mut query = FeedQuery { after, limit: PAGE, types, case: None };
        loop {
            let page = service::read_feed(&store, account, &query).await?;
            query.after = page.upto;
            for event in &page.events {
                let line = serde_json::to_string(&EventView::from(event)).context("cannot print an event")?;
                if !write(&format!("{line}\n"))? {
                    return Ok(());
                }
            }
            match (page.has_more, args.no_follow) {
                (true, _) => {}
                (false, true) => return Ok(()),
                (false, false) => sleep(EVERY).await,
            }
        }
    })
}

pub(super) fn export(command: ExportCommand, store: &StoreArgs) -> anyhow::Result<()> {
    let ExportCommand::EventLog(args) = command;
    let wanted = ExportWanted {
        format: args.format.into(),
        since: args.since.map(TimeBound::first_instant),
        until: args.until.map(TimeBound::first_instant_after),
        types: read_types(&args.types)?,
    };
    let connector = store.open_existing(PATIENCE)?;
    System::new().block_on(async {
        let store = connector.worker()?;
        let account = load_account(&store, &args.account).await?.id;
        let mut export = Export::begin(store, account, wanted).await?;
        while let Some(part) = export.next().await? {
            if !write(&part)? {
                return Ok(());
            }
        }
        Ok(())
    })
}
