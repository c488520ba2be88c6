//! Queries of deadlines.

use diesel::{dsl::sql, prelude::*, sql_types::Bool};
use docket_domain::{
    case::Case,
    deadline::{Deadline, DeadlineChange, DeadlineFilter, DeadlinePosition, DeadlineState, DeadlineStatus},
    id::{AccountId, CaseId, DeadlineId},
    page::Page,
    time::Timestamp,
};

use super::{
    Conn, RunQueryDsl, execute_prepared,
    filter::{self, on_cases},
};
use crate::{
    error::QueryError,
    rows::DeadlineRow,
    schema::{cases, deadlines},
    sql_types::{Moment, Uid},
    statements::Limit,
};

/// Deadlines of cases that are not deleted, with the case's public id.
macro_rules! present {
    ($account:expr) => {{
        let of_case = cases::account_id.eq(deadlines::account_id).and(cases::id.eq(deadlines::case_id));
        deadlines::table
            .inner_join(cases::table.on(of_case))
            .filter(deadlines::account_id.eq($account.0).and(filter::not_deleted()))
            .select((DeadlineRow::as_select(), cases::uuid))
    }};
}

pub(crate) async fn find(
    conn: &mut Conn,
    account: AccountId,
    deadline: DeadlineId,
) -> Result<Option<Deadline>, QueryError> {
    let query = present!(account).filter(deadlines::id.eq(deadline.0));
    let row = query.first::<(DeadlineRow, Uid)>(conn).await.optional()?;
    Ok(row.map(|(row, uuid)| row.deadline(uuid.0)).transpose()?)
}

pub(crate) async fn list(
    conn: &mut Conn,
    account: AccountId,
    wanted: &DeadlineFilter,
    after: Option<DeadlinePosition>,
    limit: i64,
) -> Result<Page<Deadline>, QueryError> {
    let mut query = present!(account).into_boxed();
    if let Some(cases) = wanted.cases.as_deref() {
        query = on_cases!(query, deadlines::case_id, cases);
    }
    if let Some(person) = wanted.assigned_to {
        query = query.filter(deadlines::assigned_to.eq(person.0));
    }
    if let Some(from) = wanted.due.from {
        query = query.filter(deadlines::last_moment.ge(Moment(from)));
    }
    if let Some(before) = wanted.due.before {
        query = query.filter(deadlines::last_moment.lt(Moment(before)));
    }
    if let Some(status) = wanted.status {
        query = query.filter(deadlines::state.eq(state(status).as_str()));
        // Both states are stored as open; the current time tells them apart, as in the domain.
        let now = Moment(wanted.now);
        match status {
            DeadlineStatus::Pending => query = query.filter(deadlines::last_moment.ge(now)),
            DeadlineStatus::Missed => query = query.filter(deadlines::last_moment.lt(now)),
            DeadlineStatus::Met | DeadlineStatus::Cancelled => {}
        }
    }
    if let Some(after) = after {
        let key = Moment(after.last_moment);
        // The condition on the time alone is redundant, but an index can start from it.
        query = query
            .filter(deadlines::last_moment.ge(key))
            .filter(deadlines::last_moment.gt(key).or(deadlines::id.gt(after.id.0)));
    }
    let rows = query
        .order_by((deadlines::last_moment.asc(), deadlines::id.asc()))
        .first_rows(limit + 1)
        .load::<(DeadlineRow, Uid)>(conn)
        .await?;
    let rows = rows.into_iter().map(|(row, uuid)| row.deadline(uuid.0)).collect::<Result<_, _>>()?;
    Ok(Page::cut(rows, usize::try_from(limit).unwrap_or(usize::MAX)))
}

/// Deadlines that were met or cancelled and have not changed since, the last first.
pub(crate) async fn list_ended(
    conn: &mut Conn,
    account: AccountId,
    of: Option<&[CaseId]>,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Deadline>, QueryError> {
    // A literal condition: the planner needs it to use the partial index.
    let ended = sql::<Bool>("deadlines.state <> 'open'");
    let mut query = present!(account).filter(ended).filter(deadlines::updated_at.ge(Moment(since))).into_boxed();
    if let Some(cases) = of {
        query = on_cases!(query, deadlines::case_id, cases);
    }
    let rows = query.order_by(deadlines::updated_at.desc()).first_rows(limit).load::<(DeadlineRow, Uid)>(conn).await?;
    Ok(rows.into_iter().map(|(row, uuid)| row.deadline(uuid.0)).collect::<Result<_, _>>()?)
}

const fn state(status: DeadlineStatus) -> DeadlineState {
    match status {
        DeadlineStatus::Pending | DeadlineStatus::Missed => DeadlineState::Open,
        DeadlineStatus::Met => DeadlineState::Met,
        DeadlineStatus::Cancelled => DeadlineState::Cancelled,
    }
}

pub(crate) async fn write(conn: &mut Conn, case: &Case, change: &DeadlineChange) -> Result<(), QueryError> {
    let row =
        |id: DeadlineId| deadlines::table.filter(deadlines::account_id.eq(case.account.0).and(deadlines::id.eq(id.0)));
    match change {
        DeadlineChange::Added(deadline) => {
            let new = DeadlineRow::new(case, deadline)?;
            diesel::insert_into(deadlines::table).values(new).execute(conn).await?;
        }
        DeadlineChange::Updated(deadline) => {
            let changed = DeadlineRow::new(case, deadline)?;
            execute_prepared(conn, diesel::update(row(deadline.id)).set(changed)).await?;
        }
        DeadlineChange::Removed(deadline) => {
            diesel::delete(row(*deadline)).execute(conn).await?;
        }
    }
    Ok(())
}
