//! Replaying a CSV log of cases, a batch at a time. What a row leads to is decided by the domain.
//!
//! The log is read as a stream. What grows with it is a counter and a status for each of its cases, never its events.

mod map;
mod reader;
mod report;

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    io,
};

use chrono::NaiveDate;
use docket_domain::{
    case::Details,
    command::NewCase,
    import::{Counts, LogRow, Terms},
    service::{self, LogRun},
    workflow::StatusKey,
};
use docket_persistence::Database;
use serde::Serialize;
use uuid::Uuid;

pub use self::{
    map::{Columns, Map},
    reader::Reader,
    report::Report,
};

/// How many rows are written together.
const BATCH: usize = 4_000;

/// What an import comes to, as it is printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Cases that were created.
    pub cases: u64,
    /// Rows that were dealt with.
    pub events: u64,
    /// Rows that moved their case.
    pub transitions: u64,
    /// Rows whose status the case had already.
    pub unchanged: u64,
    /// Rows whose status has no counterpart.
    pub skipped: u64,
    /// Rows that were refused.
    pub refused: u64,
    /// Where the cases of the log stand now, those of earlier imports included.
    pub by_status: serde_json::Map<String, serde_json::Value>,
    /// Rows that earlier imports had dealt with, if any.
    #[serde(skip_serializing_if = "is_zero")]
    pub already_imported: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// What is known of a case of the log while it is read.
#[derive(Default)]
struct Seen {
    rows: u64,
    standing: Option<StatusKey>,
}

/// Replays a log. `new_case` says what a case is like that its first row creates.
///
/// # Errors
/// Where the log cannot be read or has a row that cannot be kept, and where the store fails. What had been written until
/// then stays; the next import goes on behind it.
pub async fn run<R: io::Read>(
    store: &Database,
    terms: Terms<'_>,
    mut reader: Reader<R>,
    new_case: impl Fn(&LogRow) -> NewCase,
    report: &mut Report,
) -> anyhow::Result<Summary> {
    let mut seen = HashMap::<String, Seen>::new();
    let mut counts = Counts::default();
    loop {
        let runs = read_batch(&mut reader, &mut seen)?;
        if runs.is_empty() {
            break;
        }
        let outcome = service::replay_batch(store, terms, &runs, &new_case).await?;
        counts += outcome.counts;
        for (case, standing) in outcome.standing {
            seen.entry(case).or_default().standing = Some(standing);
        }
        report.remarks(&outcome.remarks)?;
        report.progress(&counts);
    }
    report.finish(&counts)?;
    let mut standing = BTreeMap::<&StatusKey, u64>::new();
    for status in seen.values().filter_map(|seen| seen.standing.as_ref()) {
        *standing.entry(status).or_default() += 1;
    }
    let by_status = terms.workflow.statuses().iter().map(|status| {
        let count = standing.get(&status.key).copied().unwrap_or(0);
        (status.key.as_str().to_owned(), count.into())
    });
    let Counts { cases, events, transitions, unchanged, skipped, refused, known } = counts;
    let by_status = by_status.collect();
    Ok(Summary { cases, events, transitions, unchanged, skipped, refused, by_status, already_imported: known })
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

/// The next rows, by case.
fn read_batch<R: io::Read>(reader: &mut Reader<R>, seen: &mut HashMap<String, Seen>) -> anyhow::Result<Vec<LogRun>> {
    let mut runs = Vec::<LogRun>::new();
    let mut places = HashMap::<String, usize>::new();
    for _ in 0..BATCH {
        let Some(row) = reader.next_row()? else { break };
        let seen = match seen.get_mut(&row.case) {
            Some(seen) => seen,
            None => seen.entry(row.case.clone()).or_default(),
        };
        match places.entry(row.case.clone()) {
            Entry::Occupied(place) => {
                if let Some(run) = runs.get_mut(*place.get()) {
                    run.rows.push(row);
                }
            }
            Entry::Vacant(place) => {
                place.insert(runs.len());
                runs.push(LogRun { rows_before: seen.rows, rows: vec![row] });
            }
        }
        seen.rows += 1;
    }
    Ok(runs)
}
