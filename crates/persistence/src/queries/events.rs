//! Reads the log of a case.

use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use docket_domain::{
    error::StoreError,
    event::{CaseEvent, EventData},
    id::{AccountId, CaseId},
    page::Page,
};

use super::{Conn, Db, RunQueryDsl};
use crate::{
    error::QueryError,
    parts,
    rows::EventRow,
    schema::case_events,
    statements::{Limit, Span},
};

fn log<'q>(account: AccountId, case: CaseId) -> case_events::BoxedQuery<'q, Db> {
    case_events::table
        .filter(case_events::account_id.eq(account.0))
        .filter(case_events::case_id.eq(case.0))
        .into_boxed()
}

async fn load(
    conn: &mut Conn,
    query: case_events::BoxedQuery<'_, Db>,
    span: Span,
) -> Result<Vec<CaseEvent>, QueryError> {
    let rows = query.select(EventRow::as_select()).span(span).load::<EventRow>(conn).await?;
    Ok(rows.into_iter().map(CaseEvent::try_from).collect::<Result<_, _>>()?)
}

pub(crate) async fn list(
    conn: &mut Conn,
    account: AccountId,
    case: CaseId,
    after: i64,
    limit: i64,
) -> Result<Vec<CaseEvent>, QueryError> {
    let query = log(account, case).filter(case_events::version.gt(after));
    load(conn, query.order_by(case_events::version.asc()), Span::first(limit)).await
}

/// The logs of these cases, by case and version.
pub(crate) async fn list_of_cases(
    conn: &mut Conn,
    account: AccountId,
    of: &[CaseId],
    limit: i64,
) -> Result<Vec<CaseEvent>, QueryError> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let query = case_events::table
        .filter(case_events::account_id.eq(account.0))
        .filter(case_events::case_id.eq_any(of.iter().map(|case| case.0)))
        .order_by((case_events::case_id.asc(), case_events::version.asc()))
        .into_boxed();
    load(conn, query, Span::first(limit)).await
}

pub(crate) async fn timeline(
    conn: &mut Conn,
    account: AccountId,
    case: CaseId,
    before: Option<i64>,
    limit: i64,
) -> Result<Page<CaseEvent>, QueryError> {
    let part = async |last: Option<&CaseEvent>, limit: i64| {
        let mut query = log(account, case);
        if let Some(before) = last.map(|event| event.version).or(before) {
            query = query.filter(case_events::version.lt(before));
        }
        let query = query.order_by(case_events::version.desc()).select(EventRow::as_select());
        let rows = query.first_rows(limit).load::<EventRow>(conn).await?;
        let event = |row: EventRow| Ok((row.size(), CaseEvent::try_from(row)?));
        Ok(rows.into_iter().map(event).collect::<Result<Vec<_>, StoreError>>()?)
    };
    Ok(parts::behind(limit + 1, part).await?.page(limit))
}

/// The kind is a literal, not a bound value: the planner needs it to use the partial index in a prepared statement.
pub(crate) async fn last_reason(
    conn: &mut Conn,
    account: AccountId,
    case: CaseId,
    version: i64,
) -> Result<Option<String>, QueryError> {
    let changes = log(account, case).filter(sql::<Bool>("kind = 'case.status_changed'"));
    let last = changes.filter(case_events::version.le(version)).order_by(case_events::version.desc());
    let last = load(conn, last, Span::first(1)).await?.pop();
    let Some(EventData::StatusChanged(change)) = last.map(|event| event.data) else { return Ok(None) };
    Ok(change.reason)
}

pub(crate) async fn status_changes(
    conn: &mut Conn,
    account: AccountId,
    case: CaseId,
) -> Result<Vec<CaseEvent>, QueryError> {
    let query = log(account, case).filter(case_events::kind.eq_any([
        "case.created",
        "case.status_changed",
        "case.workflow_migrated",
    ]));
    load(conn, query.order_by(case_events::version.asc()), Span::ALL).await
}
