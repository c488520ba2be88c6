//! Queries of the stored clocks of cases.

use diesel::prelude::*;
use docket_domain::{
    error::StoreError,
    id::{AccountId, CaseId},
    service_level::{CaseClocks, StoredClock},
    time::Timestamp,
};

use super::{Conn, RunQueryDsl, execute_prepared};
use crate::{
    error::QueryError,
    rows::ClockRow,
    schema::{cases, clocks},
    sql_types::Moment,
    statements::Limit,
};

/// Listed cases of any account whose clocks have a moment to tell. Only the timer asks across accounts.
pub(crate) async fn list_due(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(AccountId, CaseId)>, QueryError> {
    let of_case = cases::account_id.eq(clocks::account_id).and(cases::id.eq(clocks::case_id));
    let due = clocks::table
        .inner_join(cases::table.on(of_case))
        .filter(clocks::next_at.le(Moment(now)))
        .filter(cases::unlisted_at.is_null())
        .order_by(clocks::next_at.asc())
        .select((clocks::account_id, clocks::case_id));
    let due = due.first_rows(limit).load::<(i64, i64)>(conn).await?;
    Ok(due.into_iter().map(|(account, case)| (AccountId(account), CaseId(case))).collect())
}

/// The clocks of these cases, by case and target.
pub(crate) async fn list(
    conn: &mut Conn,
    account: AccountId,
    of: &[CaseId],
) -> Result<Vec<(CaseId, StoredClock)>, QueryError> {
    let of = of.iter().map(|case| case.0);
    let rows = clocks::table
        .filter(clocks::account_id.eq(account.0).and(clocks::case_id.eq_any(of)))
        .order_by((clocks::case_id, clocks::target))
        .select((clocks::case_id, ClockRow::as_select()))
        .load::<(i64, ClockRow)>(conn)
        .await?;
    let clock = |(case, row): (i64, ClockRow)| Ok((CaseId(case), StoredClock::try_from(row)?));
    Ok(rows.into_iter().map(clock).collect::<Result<_, StoreError>>()?)
}

/// Replaces the clocks of cases that still have the version. The update of the version, which changes nothing, keeps other
/// commits of the case away until the end of the transaction.
pub(crate) async fn replace_all(conn: &mut Conn, account: AccountId, of: &[CaseClocks]) -> Result<(), QueryError> {
    for CaseClocks { case, version, clocks, due_at } in of {
        let this = cases::account_id.eq(account.0).and(cases::id.eq(case.0)).and(cases::version.eq(*version));
        let due = (cases::version.eq(*version), cases::sla_due_at.eq(due_at.map(Moment)));
        if execute_prepared(conn, diesel::update(cases::table.filter(this)).set(due)).await? > 0 {
            replace(conn, account, *case, clocks).await?;
        }
    }
    Ok(())
}

/// Replaces the clocks of a case.
pub(crate) async fn replace(
    conn: &mut Conn,
    account: AccountId,
    case: CaseId,
    stored: &[StoredClock],
) -> Result<(), QueryError> {
    let of_case = clocks::account_id.eq(account.0).and(clocks::case_id.eq(case.0));
    execute_prepared(conn, diesel::delete(clocks::table.filter(of_case))).await?;
    if !stored.is_empty() {
        let of_case = (clocks::account_id.eq(account.0), clocks::case_id.eq(case.0));
        let rows = stored.iter().map(|clock| (of_case, ClockRow::from(clock))).collect::<Vec<_>>();
        diesel::insert_into(clocks::table).values(rows).execute(conn).await?;
    }
    Ok(())
}
