//! Importing an event log from a CSV file, many cases at a time. What a row leads to is decided by the domain.
//!
//! The whole log is read and sorted before its first row is imported: a log that cannot be read to its end imports nothing.

mod layout;
mod map;
mod reader;
mod report;
mod text;
mod time;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use docket_domain::{
    case::Details,
    command::NewCase,
    import::{Counts, Log, LogRow, LogRun, Terms},
    service,
    workflow::StatusKey,
};
use docket_persistence::Database;
use serde::Serialize;
use uuid::Uuid;

pub use self::{
    map::{Format, Map},
    reader::{InvalidRow, Reader},
    report::Report,
};

/// How many rows are written together, but for a case that has more.
const BATCH: usize = 4_000;

/// What an import comes to, as it is printed. Every row is in one of `cases`, `transitions`, `unchanged`, `skipped`,
/// `refused` and `already_imported`.
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
    /// Rows that were left out: with a status that is not mapped, late, or invalid.
    pub skipped: u64,
    /// Rows that the workflow refused.
    pub refused: u64,
    /// How many cases of the log have each status now, those of earlier imports included.
    pub by_status: serde_json::Map<String, serde_json::Value>,
    /// Rows of `skipped` that could not be read, if any.
    #[serde(skip_serializing_if = "is_zero")]
    pub invalid: u64,
    /// Rows of `skipped` that are older than what an earlier import processed of their case, if any.
    #[serde(skip_serializing_if = "is_zero")]
    pub late: u64,
    /// Rows that earlier imports had processed, if any.
    #[serde(skip_serializing_if = "is_zero")]
    pub already_imported: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Imports a log. `new_case` says what a case is like that its first row creates.
///
/// # Errors
/// Where the log cannot be read to its end, or none of its rows can, and nothing is imported; and where the store fails.
/// What was written until then stays; the next import goes on behind it.
pub async fn run(
    store: &Database,
    terms: Terms<'_>,
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
        counts += outcome.counts;
        for (_, status) in outcome.standing {
            *standing.entry(status).or_default() += 1;
        }
        report.remarks(&outcome.remarks)?;
        report.progress(&counts);
    }
    report.finish(&counts)?;
    let by_status = terms.workflow.statuses().iter().map(|status| {
        let count = standing.get(&status.key).copied().unwrap_or(0);
        (status.key.as_str().to_owned(), count.into())
    });
    let Counts { cases, events, transitions, unchanged, skipped, refused, late, invalid, known } = counts;
    let by_status = by_status.collect();
    let already_imported = known;
    Ok(Summary { cases, events, transitions, unchanged, skipped, refused, by_status, invalid, late, already_imported })
}

/// The rows of a log that can be imported, and the count of the others, which are reported.
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

/// The next cases, until they have enough rows.
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

/// What a case is like of which the log knows nothing but its id, which becomes its first reference.
#[must_use]
pub fn bare_case(row: &LogRow) -> NewCase {
    let details = Details { reference_1: Some(row.case.clone()), ..Details::opened_on(day_of(row)) };
    NewCase::new(Uuid::now_v7(), details)
}

/// The day (UTC) of a row.
#[must_use]
pub fn day_of(row: &LogRow) -> NaiveDate {
    row.occurred_at.date_naive()
}
