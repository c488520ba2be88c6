//! Queries of the stored clocks of cases.

use diesel::prelude::*;
use docket_domain::{
    id::{AccountId, CaseId},
    service_level::StoredClock,
    time::Timestamp,
};

use super::{Conn, RunQueryDsl, execute_prepared, filter};
use crate::{
    error::QueryError,
    schema::{cases, clocks},
    sql_types::Moment,
    statements::Limit,
};

/// Cases of any account whose clocks have a moment to tell. Only the timer asks across accounts.
pub(crate) async fn list_due(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(AccountId, CaseId)>, QueryError> {
    let of_case = cases::account_id.eq(clocks::account_id).and(cases::id.eq(clocks::case_id));
    let due = clocks::table
        .inner_join(cases::table.on(of_case))
        .filter(clocks::next_at.le(Moment(now)))
        .filter(filter::not_deleted())
        .order_by(clocks::next_at.asc())
        .select((clocks::account_id, clocks::case_id));
    let due = due.first_rows(limit).load::<(i64, i64)>(conn).await?;
    Ok(due.into_iter().map(|(account, case)| (AccountId(account), CaseId(case))).collect())
}

/// Replaces the clocks of cases that still have this version. The update of the version, which changes nothing, keeps
/// other commits of the case away until the end of the transaction.
pub(crate) async fn replace_all(
    conn: &mut Conn,
    account: AccountId,
    of: &[(CaseId, i64, Vec<StoredClock>)],
) -> Result<(), QueryError> {
    for (case, version, stored) in of {
        let this = cases::account_id.eq(account.0).and(cases::id.eq(case.0)).and(cases::version.eq(*version));
        let same = diesel::update(cases::table.filter(this)).set(cases::version.eq(*version));
        if execute_prepared(conn, same).await? > 0 {
            replace(conn, account, *case, stored).await?;
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
    let row = |clock: &StoredClock| {
        (
            clocks::account_id.eq(account.0),
            clocks::case_id.eq(case.0),
            clocks::target.eq(clock.target.clone()),
            clocks::level.eq(clock.level.clone()),
            clocks::state.eq(clock.state.as_str()),
            clocks::warn_at.eq(clock.warn_at.map(Moment)),
            clocks::due_at.eq(clock.due_at.map(Moment)),
            clocks::next_at.eq(clock.next_at.map(Moment)),
        )
    };
    if !stored.is_empty() {
        let rows = stored.iter().map(row).collect::<Vec<_>>();
        diesel::insert_into(clocks::table).values(rows).execute(conn).await?;
    }
    Ok(())
}
