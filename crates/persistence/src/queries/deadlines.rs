//! Queries of deadlines.

use diesel::{
    dsl::{not, sql},
    prelude::*,
    sql_types::Bool,
};
use docket_domain::{
    case::Case,
    deadline::{
        Deadline, DeadlineChange, DeadlineFilter, DeadlineMoment, DeadlinePosition, DeadlineState, DeadlineStatus,
    },
    error::StoreError,
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
    schema::{cases, deadline_moments, deadlines},
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

/// Moments of any account that have come. Only the timer asks across accounts.
pub(crate) async fn list_due_moments(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<DeadlineMoment>, QueryError> {
    // A literal condition: the planner needs it to use the partial index.
    let due = deadline_moments::table
        .filter(not(deadline_moments::told))
        .filter(deadline_moments::at.le(Moment(now)))
        .order_by(deadline_moments::at.asc())
        .select((
            deadline_moments::account_id,
            deadline_moments::deadline_id,
            deadline_moments::what,
            deadline_moments::at,
        ));
    let rows = due.first_rows(limit).load::<(i64, i64, String, Moment)>(conn).await?;
    let moment = |(account, deadline, what, at): (i64, i64, String, Moment)| {
        let what = what.parse().map_err(|_| StoreError::Defect(format!("the moment {what} of a deadline")))?;
        Ok(DeadlineMoment { account: AccountId(account), deadline: DeadlineId(deadline), what, at: at.0 })
    };
    Ok(rows.into_iter().map(moment).collect::<Result<_, StoreError>>()?)
}

/// Marks a moment as told, or fails with [`StoreError::Stale`] if it is already.
pub(crate) async fn tell(conn: &mut Conn, moment: &DeadlineMoment) -> Result<(), QueryError> {
    if mark_told(conn, moment).await? == 0 {
        return Err(StoreError::Stale.into());
    }
    Ok(())
}

pub(crate) async fn forget_moment(conn: &mut Conn, moment: DeadlineMoment) -> Result<(), QueryError> {
    mark_told(conn, &moment).await?;
    Ok(())
}

async fn mark_told(conn: &mut Conn, moment: &DeadlineMoment) -> Result<usize, QueryError> {
    let of_deadline =
        deadline_moments::account_id.eq(moment.account.0).and(deadline_moments::deadline_id.eq(moment.deadline.0));
    let this = deadline_moments::table
        .filter(of_deadline)
        .filter(deadline_moments::what.eq(moment.what.as_str()).and(deadline_moments::at.eq(Moment(moment.at))))
        .filter(not(deadline_moments::told));
    Ok(execute_prepared(conn, diesel::update(this).set(deadline_moments::told.eq(true))).await?)
}

/// Stores the moments to come. One that was told before stays told, so a change of the deadline does not repeat it.
async fn replace_moments(
    conn: &mut Conn,
    account: AccountId,
    deadline: DeadlineId,
    moments: &[DeadlineMoment],
) -> Result<(), QueryError> {
    let of_deadline = deadline_moments::account_id.eq(account.0).and(deadline_moments::deadline_id.eq(deadline.0));
    let untold = deadline_moments::table.filter(of_deadline).filter(not(deadline_moments::told));
    execute_prepared(conn, diesel::delete(untold)).await?;
    let row = |moment: &DeadlineMoment| {
        (
            deadline_moments::account_id.eq(account.0),
            deadline_moments::deadline_id.eq(deadline.0),
            deadline_moments::what.eq(moment.what.as_str()),
            deadline_moments::at.eq(Moment(moment.at)),
            deadline_moments::told.eq(false),
        )
    };
    if !moments.is_empty() {
        let rows = moments.iter().map(row).collect::<Vec<_>>();
        diesel::insert_into(deadline_moments::table).values(rows).on_conflict_do_nothing().execute(conn).await?;
    }
    Ok(())
}

pub(crate) async fn write(conn: &mut Conn, case: &Case, change: &DeadlineChange) -> Result<(), QueryError> {
    let row =
        |id: DeadlineId| deadlines::table.filter(deadlines::account_id.eq(case.account.0).and(deadlines::id.eq(id.0)));
    match change {
        DeadlineChange::Added(deadline) => {
            let new = DeadlineRow::new(case, deadline)?;
            diesel::insert_into(deadlines::table).values(new).execute(conn).await?;
            replace_moments(conn, case.account, deadline.id, &deadline.moments()).await?;
        }
        DeadlineChange::Updated(deadline) => {
            let changed = DeadlineRow::new(case, deadline)?;
            execute_prepared(conn, diesel::update(row(deadline.id)).set(changed)).await?;
            replace_moments(conn, case.account, deadline.id, &deadline.moments()).await?;
        }
        DeadlineChange::Removed(deadline) => {
            replace_moments(conn, case.account, *deadline, &[]).await?;
            diesel::delete(row(*deadline)).execute(conn).await?;
        }
    }
    Ok(())
}
