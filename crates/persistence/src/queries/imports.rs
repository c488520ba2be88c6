//! Queries of imported cases. Many are written at a time.

use std::collections::HashMap;

use diesel::prelude::*;
use docket_domain::{
    case::Case,
    error::StoreError,
    id::{AccountId, CaseId},
    import::{ImportStep, ImportedCase, RowDigest},
    time::Timestamp,
};

use super::{Conn, RunQueryDsl, commit};
use crate::{
    error::QueryError,
    rows::FullCase,
    schema::{cases, imported_cases},
    sql_types::Moment,
};

/// Mark rows per statement. Both backends limit the bound values, SQLite to 32,766.
const MARKS: usize = 2_000;

pub(crate) async fn find(
    conn: &mut Conn,
    account: AccountId,
    source: &str,
    external_ids: &[String],
) -> Result<Vec<ImportedCase>, QueryError> {
    let known = imported_cases::table
        .filter(imported_cases::account_id.eq(account.0).and(imported_cases::source.eq(source)))
        .filter(imported_cases::external_id.eq_any(external_ids))
        .select((
            imported_cases::external_id,
            imported_cases::row_digests,
            imported_cases::last_at,
            imported_cases::case_id,
        ))
        .load::<(String, Vec<u8>, Option<Moment>, Option<i64>)>(conn)
        .await?;
    let ids = known.iter().filter_map(|(_, _, _, case)| *case).collect::<Vec<_>>();
    // Deleted cases are included, so that their rows do not create them again.
    let rows = cases::table
        .filter(cases::account_id.eq(account.0).and(cases::id.eq_any(ids)))
        .select(FullCase::as_select())
        .load::<FullCase>(conn)
        .await?;
    let by_id = |row| Case::try_from(row).map(|case| (case.id.0, case));
    let mut found = rows.into_iter().map(by_id).collect::<Result<HashMap<_, _>, _>>()?;
    let known = known.into_iter().map(|(external_id, rows, last_at, case)| ImportedCase {
        external_id,
        rows: rows.as_chunks().0.iter().map(|bytes| RowDigest(u64::from_be_bytes(*bytes))).collect(),
        last_at: last_at.map(|last_at| last_at.0),
        case: case.and_then(|case| found.remove(&case)),
    });
    Ok(known.collect())
}

/// Runs inside a transaction, so that it is atomic.
pub(crate) async fn write(
    conn: &mut Conn,
    account: AccountId,
    source: &str,
    steps: Vec<ImportStep>,
) -> Result<Vec<Option<Case>>, QueryError> {
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
        let ImportStep { external_id, rows_before, rows, last_at, case, .. } = step;
        let case = commit.as_ref().map(|commit| commit.case.id).or(case);
        marks.push(Mark { external_id, rows_before, rows, last_at, case });
        steps.push(commit);
    }
    commit::write(conn, &steps.iter().flatten().collect::<Vec<_>>()).await?;
    write_marks(conn, account, source, marks).await?;
    Ok(steps.into_iter().map(|commit| commit.map(|commit| commit.case)).collect())
}

/// Progress of the import of one case.
struct Mark {
    external_id: String,
    rows_before: Option<usize>,
    rows: Vec<RowDigest>,
    last_at: Option<Timestamp>,
    case: Option<CaseId>,
}

impl Mark {
    fn rows(&self) -> Vec<u8> {
        self.rows.iter().flat_map(|row| row.0.to_be_bytes()).collect()
    }
}

fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

async fn write_marks(conn: &mut Conn, account: AccountId, source: &str, marks: Vec<Mark>) -> Result<(), QueryError> {
    let (known, new): (Vec<_>, Vec<_>) = marks.into_iter().partition(|mark| mark.rows_before.is_some());
    for new in new.chunks(MARKS) {
        let row = |mark: &Mark| {
            (
                imported_cases::account_id.eq(account.0),
                imported_cases::source.eq(source.to_owned()),
                imported_cases::external_id.eq(mark.external_id.clone()),
                imported_cases::case_id.eq(mark.case.map(|case| case.0)),
                imported_cases::rows_seen.eq(count(mark.rows.len())),
                imported_cases::row_digests.eq(mark.rows()),
                imported_cases::last_at.eq(mark.last_at.map(Moment)),
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
            .filter(imported_cases::external_id.eq(&mark.external_id))
            .filter(imported_cases::rows_seen.eq(count(mark.rows_before.unwrap_or(0))));
        let set = (
            imported_cases::case_id.eq(mark.case.map(|case| case.0)),
            imported_cases::rows_seen.eq(count(mark.rows.len())),
            imported_cases::row_digests.eq(mark.rows()),
            imported_cases::last_at.eq(mark.last_at.map(Moment)),
        );
        if diesel::update(this).set(set).execute(conn).await? == 0 {
            return Err(StoreError::Stale.into());
        }
    }
    Ok(())
}
