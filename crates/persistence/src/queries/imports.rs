//! Taking over cases of other systems' logs, many at a time.

use std::collections::HashMap;

use diesel::prelude::*;
use docket_domain::{
    case::Case,
    error::StoreError,
    id::{AccountId, CaseId},
    import::{ImportStep, ImportedCase},
};

use super::{Conn, RunQueryDsl, commit};
use crate::{
    error::Failure,
    rows::CaseRow,
    schema::{cases, imported_cases},
};

/// Rows of marks in a statement: both databases bound its values, SQLite at 32,766.
const MARKS: usize = 2_000;

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
    let mut decisions = Vec::new();
    let mut decided = Vec::with_capacity(steps.len());
    for mut step in steps {
        let decision = step.decision.take();
        decided.push((step, decision.is_some()));
        decisions.extend(decision);
    }
    let mut commits = commit::number(conn, decisions).await?.into_iter();
    let mut steps = Vec::with_capacity(decided.len());
    let mut marks = Vec::with_capacity(decided.len());
    for (step, is_decided) in decided {
        let commit = if is_decided { commits.next() } else { None };
        let ImportStep { external_id, rows_before, rows_seen, case, .. } = step;
        let case = commit.as_ref().map(|commit| commit.case.id).or(case);
        marks.push(Mark { external_id, rows_before, rows_seen, case });
        steps.push(commit);
    }
    commit::write(conn, &steps.iter().flatten().collect::<Vec<_>>()).await?;
    write_marks(conn, account, source, marks).await?;
    Ok(steps.into_iter().map(|commit| commit.map(|commit| commit.case)).collect())
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
    for new in new.chunks(MARKS) {
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
