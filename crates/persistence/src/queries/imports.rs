//! Taking over cases of other systems' logs, many at a time.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use docket_domain::{
    case::Case,
    decision::Commit,
    error::StoreError,
    id::{AccountId, CaseId, Entity},
    import::{ImportStep, ImportedCase},
    numbers::Numbers,
    tally::{Bucket, Tally, TallyChange},
};

use super::{super::next_ids, Conn, RunQueryDsl, changes, commit};
use crate::{
    error::Failure,
    rows::{CaseRow, EventRow},
    schema::{case_events, cases, imported_cases},
};

/// Rows of cases in a statement: both databases bound its values, SQLite at 32,766.
const CASES: usize = 400;
/// Rows of the log in a statement.
const EVENTS: usize = 2_000;

pub(crate) async fn find(
    conn: &mut Conn,
    account: AccountId,
    source: &str,
    external_ids: &[String],
) -> Result<Vec<ImportedCase>, Failure> {
    let known = imported_cases::table
        .filter(imported_cases::account_id.eq(account.0).and(imported_cases::source.eq(source)))
        .filter(imported_cases::external_id.eq_any(external_ids))
        .select((imported_cases::external_id, imported_cases::rows_seen, imported_cases::case_id))
        .load::<(String, i64, Option<i64>)>(conn)
        .await?;
    let ids = known.iter().filter_map(|(_, _, case)| *case).collect::<Vec<_>>();
    // The deleted ones as well: their rows are not to create them once more.
    let rows = cases::table
        .filter(cases::account_id.eq(account.0).and(cases::id.eq_any(ids)))
        .select(CaseRow::as_select())
        .load::<CaseRow>(conn)
        .await?;
    let by_id = |row| Case::try_from(row).map(|case| (case.id.0, case));
    let mut found = rows.into_iter().map(by_id).collect::<Result<HashMap<_, _>, _>>()?;
    let known = known.into_iter().map(|(external_id, rows_seen, case)| ImportedCase {
        external_id,
        rows_seen: u64::try_from(rows_seen).unwrap_or(0),
        case: case.and_then(|case| found.remove(&case)),
    });
    Ok(known.collect())
}

/// Runs inside a transaction: all of it, or nothing.
pub(crate) async fn write(
    conn: &mut Conn,
    account: AccountId,
    source: &str,
    steps: Vec<ImportStep>,
) -> Result<Vec<Option<Case>>, Failure> {
    // In one go: SQLite gives an id for good only when its row is written.
    let wanted = steps.iter().filter_map(|step| step.decision.as_ref()).flat_map(|decision| {
        let case = decision.before.is_none().then_some(Entity::Case);
        case.into_iter().chain(decision.needs.entities.iter().copied())
    });
    let mut ids = next_ids(conn, &wanted.collect::<Vec<_>>()).await?.into_iter();
    let mut commits = Vec::with_capacity(steps.len());
    let mut marks = Vec::with_capacity(steps.len());
    for step in steps {
        let ImportStep { external_id, rows_before, rows_seen, case, decision } = step;
        let commit = match decision {
            None => None,
            Some(decision) => {
                let first_instance = commit::next_instances(conn, account, decision.needs.instances).await?;
                let case = if decision.before.is_none() { ids.next().map(CaseId) } else { None };
                let entities = ids.by_ref().take(decision.needs.entities.len()).collect();
                Some(decision.number(&Numbers { case, first_instance, entities }))
            }
        };
        let case = commit.as_ref().map(|commit| commit.case.id).or(case);
        marks.push(Mark { external_id, rows_before, rows_seen, case });
        commits.push(commit);
    }
    let written = commits.iter().flatten().collect::<Vec<_>>();
    write_cases(conn, &written).await?;
    write_events(conn, &written).await?;
    changes::write(conn, &written).await?;
    super::super::add_tallies(conn, &summed(account, &written)).await?;
    super::super::index_texts(conn, &written).await?;
    write_marks(conn, account, source, marks).await?;
    Ok(commits.into_iter().map(|commit| commit.map(|commit| commit.case)).collect())
}

async fn write_cases(conn: &mut Conn, commits: &[&Commit]) -> Result<(), Failure> {
    let (changed, new): (Vec<&Commit>, Vec<&Commit>) = commits.iter().partition(|commit| commit.before.is_some());
    for new in new.chunks(CASES) {
        let rows = new.iter().map(|commit| CaseRow::try_from(&commit.case)).collect::<Result<Vec<_>, _>>()?;
        diesel::insert_into(cases::table).values(rows).execute(conn).await?;
    }
    for commit in changed {
        commit::write_case(conn, commit).await?;
    }
    Ok(())
}

async fn write_events(conn: &mut Conn, commits: &[&Commit]) -> Result<(), Failure> {
    let events = commits.iter().flat_map(|commit| &commit.entries).map(EventRow::from).collect::<Vec<_>>();
    let mut events = events.into_iter().peekable();
    while events.peek().is_some() {
        let some = events.by_ref().take(EVENTS).collect::<Vec<_>>();
        diesel::insert_into(case_events::table).values(some).execute(conn).await?;
    }
    Ok(())
}

/// What all of them change about the counts, a bucket each.
fn summed(account: AccountId, commits: &[&Commit]) -> Vec<TallyChange> {
    let mut sums = BTreeMap::<Bucket, Tally>::new();
    for TallyChange { bucket, by, .. } in commits.iter().flat_map(|commit| &commit.tallies) {
        let sum = sums.entry(bucket.clone()).or_default();
        sum.cases += by.cases;
        sum.resolved += by.resolved;
        sum.resolution_seconds += by.resolution_seconds;
    }
    let changed = sums.into_iter().filter(|(_, by)| *by != Tally::default());
    changed.map(|(bucket, by)| TallyChange { account, bucket, by }).collect()
}

/// How far a case of a log is dealt with.
struct Mark {
    external_id: String,
    rows_before: Option<u64>,
    rows_seen: u64,
    case: Option<CaseId>,
}

async fn write_marks(conn: &mut Conn, account: AccountId, source: &str, marks: Vec<Mark>) -> Result<(), Failure> {
    let rows = |rows: u64| i64::try_from(rows).unwrap_or(i64::MAX);
    let (known, new): (Vec<_>, Vec<_>) = marks.into_iter().partition(|mark| mark.rows_before.is_some());
    for new in new.chunks(EVENTS) {
        let row = |mark: &Mark| {
            (
                imported_cases::account_id.eq(account.0),
                imported_cases::source.eq(source.to_owned()),
                imported_cases::external_id.eq(mark.external_id.clone()),
                imported_cases::case_id.eq(mark.case.map(|case| case.0)),
                imported_cases::rows_seen.eq(rows(mark.rows_seen)),
            )
        };
        diesel::insert_into(imported_cases::table)
            .values(new.iter().map(row).collect::<Vec<_>>())
            .execute(conn)
            .await?;
    }
    for mark in known {
        let this = imported_cases::table
            .filter(imported_cases::account_id.eq(account.0).and(imported_cases::source.eq(source)))
            .filter(imported_cases::external_id.eq(mark.external_id))
            .filter(imported_cases::rows_seen.eq(rows(mark.rows_before.unwrap_or(0))));
        let set = (
            imported_cases::case_id.eq(mark.case.map(|case| case.0)),
            imported_cases::rows_seen.eq(rows(mark.rows_seen)),
        );
        if diesel::update(this).set(set).execute(conn).await? == 0 {
            return Err(StoreError::Stale.into());
        }
    }
    Ok(())
}
