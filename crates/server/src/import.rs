//! Imports an event log, many cases at a time. The domain decides what a row leads to.
//!
//! The whole log is read and sorted before its first row is imported: a log that cannot be read to its end imports
//! nothing.

mod cells;
mod json_lines;
mod layout;
mod map;
mod ocel;
mod reader;
mod report;
mod table;
mod text;
mod time;
mod xes;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use docket_domain::{
    case::Details,
    command::NewCase,
    id::AccountId,
    import::{Counts, ImportContext, Log, LogRow, LogRun},
    service,
    store::FeedStore as _,
    workflow::StatusKey,
};
use docket_persistence::Database;
use serde::Serialize;
use uuid::Uuid;

use crate::app;

pub use self::{
    map::{Format, Map},
    reader::{InvalidRow, Reader},
    report::Report,
};

/// Minimum number of rows per batch, except the last one. A case is never split.
const BATCH: usize = 4_000;

/// Result of an import, printed as JSON. Every row counts in exactly one of `cases`, `transitions`, `unchanged`,
/// `skipped`, `refused` and `already_imported`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Cases that were created.
    pub cases: u64,
    /// Rows that were processed.
    pub events: u64,
    /// Rows that changed the status of their case.
    pub transitions: u64,
    /// Rows with the current status of their case.
    pub unchanged: u64,
    /// Rows that were skipped: with an excluded or unmapped status, late, or invalid.
    pub skipped: u64,
    /// Rows that the workflow refused.
    pub refused: u64,
    /// Number of cases of the log by current status, including cases of earlier imports.
    pub by_status: serde_json::Map<String, serde_json::Value>,
    /// Rows of `skipped` that could not be read, if any.
    #[serde(skip_serializing_if = "is_zero")]
    pub invalid: u64,
    /// Rows of `skipped` that are older than the rows of their case in an earlier import, if any.
    #[serde(skip_serializing_if = "is_zero")]
    pub late: u64,
    /// Rows that earlier imports processed, if any.
    #[serde(skip_serializing_if = "is_zero")]
    pub already_imported: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Imports a log. `new_case` builds a case from its first row.
///
/// # Errors
/// If the log cannot be read to its end or has no valid row, nothing is imported. If the store fails, earlier batches
/// remain, and the next import continues after them.
pub async fn run(
    store: &Database,
    terms: ImportContext<'_>,
    reader: Reader,
    new_case: impl Fn(&LogRow) -> NewCase,
    report: &mut Report,
) -> anyhow::Result<Summary> {
    let (log, mut counts) = read(reader, report)?;
    let mut standing = BTreeMap::<StatusKey, u64>::new();
    let mut runs = log.into_runs().peekable();
    while runs.peek().is_some() {
        let batch = next_batch(&mut runs);
        let outcome = service::replay_batch(store, terms, &batch, &new_case).await?;
        place_events(store, terms.account).await?;
        counts += outcome.counts;
        for (_, status) in outcome.standing {
            *standing.entry(status).or_default() += 1;
        }
        report.remarks(&outcome.remarks)?;
        report.progress(&counts);
    }
    report.finish(&counts)?;
    service::end_import(store, terms.account, app::now()).await?;
    let by_status = terms.workflow.statuses().iter().map(|status| {
        let count = standing.get(&status.key).copied().unwrap_or(0);
        (status.key.as_str().to_owned(), count.into())
    });
    let Counts { cases, events, transitions, unchanged, skipped, refused, late, invalid, known } = counts;
    let by_status = by_status.collect();
    let already_imported = known;
    Ok(Summary { cases, events, transitions, unchanged, skipped, refused, by_status, invalid, late, already_imported })
}

/// Places the events of a batch in the feed, so that its next reader does not have to place a whole import.
async fn place_events(store: &Database, account: AccountId) -> anyhow::Result<()> {
    while store.list_feed_ends(&[account]).await?.iter().any(|end| end.is_queued) {
        store.place_events(account).await?;
    }
    Ok(())
}

/// The cases of a log, each with its rows in their order. Invalid rows are left out.
///
/// # Errors
/// If the log cannot be read to its end or has no valid row.
pub fn read_runs(reader: Reader) -> anyhow::Result<Vec<LogRun>> {
    let (log, _) = read(reader, &mut Report::silent())?;
    Ok(log.into_runs().collect())
}

/// The valid rows of a log, and the counts of the invalid ones, which are reported.
fn read(mut reader: Reader, report: &mut Report) -> anyhow::Result<(Log, Counts)> {
    let (mut log, mut invalid, mut first) = (Log::default(), 0, None);
    while let Some(row) = reader.next_row()? {
        match row {
            Ok(row) => log.push(row),
            Err(row) => {
                invalid += 1;
                report.invalid(&row)?;
                first.get_or_insert(row);
            }
        }
    }
    match first {
        Some(InvalidRow { line, reasons }) if log.is_empty() => {
            anyhow::bail!("no row of the log can be imported; line {line}: {}", reasons.join("; "))
        }
        _ => Ok((log, Counts { events: invalid, skipped: invalid, invalid, ..Counts::default() })),
    }
}

/// The next cases, until there are enough rows.
fn next_batch(runs: &mut impl Iterator<Item = LogRun>) -> Vec<LogRun> {
    let (mut batch, mut rows) = (Vec::new(), 0);
    for run in runs {
        rows += run.rows.len();
        batch.push(run);
        if rows >= BATCH {
            break;
        }
    }
    batch
}

/// A case of which only the id in the log is known. That id becomes the first reference.
#[must_use]
pub fn bare_case(row: &LogRow) -> NewCase {
    let details = Details { reference_1: Some(row.case.clone()), ..Details::opened_on(day_of(row)) };
    NewCase::new(Uuid::now_v7(), details)
}

/// The day of a row in UTC.
#[must_use]
pub fn day_of(row: &LogRow) -> NaiveDate {
    row.occurred_at.date_naive()
}
