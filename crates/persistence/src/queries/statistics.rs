//! Counts cases. The caller provides a snapshot for all queries.

use chrono::NaiveDate;
use diesel::{
    dsl::{count_star, sql},
    prelude::*,
    sql_types::{BigInt, Bool, Date},
};
use docket_domain::{
    case::{Priority, Source},
    error::StoreError,
    filter::CaseFilter,
    id::AccountId,
    statistics::{Group, Statistics, StatisticsFilter, Today, WholeDays},
    workflow::StatusKey,
};

use super::{
    Conn, RunQueryDsl, filter,
    histograms::{self, OfDay, Place},
};
use crate::{
    error::QueryError,
    rows::{TallyGroup, damaged},
    schema::{case_tallies, cases},
    sql_types::{DbTime, Moment},
    statements::{Limit, Prepared, Span},
};

pub(crate) async fn count(
    conn: &mut Conn,
    account: AccountId,
    wanted: &StatisticsFilter,
    today: Today,
) -> Result<Statistics, QueryError> {
    let rows = match wanted.tallied() {
        Some(days) => tallied(conn, account, days, today).await?,
        None => counted(conn, account, wanted, today).await?,
    };
    let groups = rows.into_iter().map(group).collect::<Result<Vec<_>, _>>()?;
    let resolved = groups.iter().map(|group| group.resolved).sum();
    if *wanted == StatisticsFilter::default() {
        let OfDay { overdue, closed_recently } = histograms::of_day(conn, account, today).await?;
        let middle_seconds = middle_of_all(conn, account, resolved).await?;
        return Ok(Statistics { groups, overdue, closed_recently, middle_seconds });
    }
    Ok(Statistics {
        groups,
        overdue: overdue(conn, account, wanted, today).await?,
        closed_recently: closed_recently(conn, account, wanted, today).await?,
        middle_seconds: middle_seconds(conn, account, wanted, resolved).await?,
    })
}

fn group(row: TallyGroup) -> Result<Group, StoreError> {
    let TallyGroup { status, priority, source, cases, created_recently, resolved, resolution_seconds } = row;
    Ok(Group {
        status: StatusKey::new(status),
        priority: Priority::from_rank(priority).ok_or_else(|| damaged("priority", priority))?,
        source: Source::parse(&source).ok_or_else(|| damaged("source", &source))?,
        cases,
        created_recently,
        resolved,
        resolution_seconds,
    })
}

/// Counts from the maintained counts. PostgreSQL sums integers to a numeric, hence the casts.
async fn tallied(
    conn: &mut Conn,
    account: AccountId,
    days: WholeDays,
    today: Today,
) -> Result<Vec<TallyGroup>, QueryError> {
    use case_tallies::{created_on, priority, source, status};
    if days == (WholeDays { from: None, before: None })
        && let Some(groups) = super::super::groups_of_all_days(conn, account, today.recent_from()).await?
    {
        return Ok(groups);
    }
    let recently = sql::<BigInt>("CAST(SUM(CASE WHEN created_on >= ")
        .bind::<Date, _>(today.recent_from())
        .sql(" THEN cases ELSE 0 END) AS BIGINT)");
    let rows = case_tallies::table
        .filter(case_tallies::account_id.eq(account.0))
        .filter(created_on.ge(days.from.unwrap_or(FIRST_DAY)).and(created_on.lt(days.before.unwrap_or(LAST_DAY))))
        .group_by((status, priority, source))
        .select((
            status,
            priority,
            source,
            sql::<BigInt>("CAST(SUM(cases) AS BIGINT)"),
            recently,
            sql::<BigInt>("CAST(SUM(resolved) AS BIGINT)"),
            sql::<BigInt>("CAST(SUM(resolution_seconds) AS BIGINT)"),
        ))
        .having(sql::<Bool>("SUM(cases) <> 0"));
    Ok(Prepared(rows).load(conn).await?)
}

const FIRST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};
const LAST_DAY: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};

/// Counts the cases in one statement.
async fn counted(
    conn: &mut Conn,
    account: AccountId,
    wanted: &StatisticsFilter,
    today: Today,
) -> Result<Vec<TallyGroup>, QueryError> {
    use cases::{priority, source, status};
    let recently = sql::<BigInt>("SUM(CASE WHEN created_at >= ")
        .bind::<DbTime, _>(Moment(today.recent_since()))
        .sql(" THEN 1 ELSE 0 END)");
    let mut query = cases::table
        .filter(cases::account_id.eq(account.0).and(cases::unlisted_at.is_null()))
        .group_by((status, priority, source))
        .select((
            status,
            priority,
            source,
            count_star(),
            recently,
            sql::<BigInt>("COUNT(resolution_seconds)"),
            sql::<BigInt>("CAST(COALESCE(SUM(resolution_seconds), 0) AS BIGINT)"),
        ))
        .into_boxed();
    if let Some(customer) = wanted.customer {
        query = query.filter(cases::customer_id.eq(customer.0));
    }
    if let Some(contractor) = wanted.contractor {
        query = query.filter(cases::contractor_id.eq(contractor.0));
    }
    if let Some(time) = wanted.created.from {
        query = query.filter(cases::created_at.ge(Moment(time)));
    }
    if let Some(time) = wanted.created.before {
        query = query.filter(cases::created_at.lt(Moment(time)));
    }
    Ok(query.load(conn).await?)
}

/// The cases for counts that have a partial index. The condition on the creation time must not select another index.
fn narrowed<'q>(account: AccountId, wanted: &StatisticsFilter) -> filter::Cases<'q> {
    let StatisticsFilter { customer, contractor, created } = *wanted;
    let wanted = CaseFilter { customer, contractor, ..CaseFilter::default() };
    let mut query = filter::matching(filter::listed(account), account, &wanted);
    for (bound, comparison) in [(created.from, " >= "), (created.before, " < ")] {
        if let Some(time) = bound {
            let created_at = super::super::CREATED_AT_OF_ANY_INDEX;
            query = query.filter(sql::<Bool>(created_at).sql(comparison).bind::<DbTime, _>(Moment(time)));
        }
    }
    query
}

/// Conditions of partial indexes are literals: with bound values the planner may not use the index. diesel does not cache
/// such a statement, so PostgreSQL plans it for its values: a plan for any span of time reads too much for a short one.
async fn overdue(
    conn: &mut Conn,
    account: AccountId,
    wanted: &StatisticsFilter,
    today: Today,
) -> Result<i64, QueryError> {
    let overdue = narrowed(account, wanted)
        .filter(sql::<Bool>("phase = 'active' AND due_on IS NOT NULL"))
        .filter(cases::due_on.lt(today.day()));
    Ok(overdue.select(count_star()).get_result(conn).await?)
}

async fn closed_recently(
    conn: &mut Conn,
    account: AccountId,
    wanted: &StatisticsFilter,
    today: Today,
) -> Result<i64, QueryError> {
    let closed = narrowed(account, wanted)
        .filter(sql::<Bool>("outcome = 'closed' AND closed_at IS NOT NULL"))
        .filter(cases::closed_at.ge(Moment(today.recent_since())));
    Ok(closed.select(count_star()).get_result(conn).await?)
}

/// Reads the one or two middle resolution times of an account from their index. The histogram gives the bucket of the
/// first one, so only times of this bucket are skipped.
async fn middle_of_all(conn: &mut Conn, account: AccountId, resolved: i64) -> Result<Vec<i64>, QueryError> {
    let middle = (resolved - 1) / 2;
    let place = if resolved < 1 { None } else { histograms::place(conn, account, middle).await? };
    let Some(Place { bucket, before }) = place else {
        return middle_seconds(conn, account, &StatisticsFilter::default(), resolved).await;
    };
    let in_order = narrowed(account, &StatisticsFilter::default())
        .filter(sql::<Bool>("resolution_seconds IS NOT NULL"))
        .filter(cases::resolution_seconds.ge(bucket))
        .order_by(cases::resolution_seconds.asc())
        .select(cases::resolution_seconds.assume_not_null())
        .span(Span::after(middle - before, 2 - resolved % 2));
    Ok(in_order.load(conn).await?)
}

/// Reads the one or two middle resolution times from their index. `resolved` is the number of resolution times.
async fn middle_seconds(
    conn: &mut Conn,
    account: AccountId,
    wanted: &StatisticsFilter,
    resolved: i64,
) -> Result<Vec<i64>, QueryError> {
    if resolved < 1 {
        return Ok(Vec::new());
    }
    let in_order = narrowed(account, wanted)
        .filter(sql::<Bool>("resolution_seconds IS NOT NULL"))
        .order_by(cases::resolution_seconds.asc())
        .select(cases::resolution_seconds.assume_not_null())
        .span(Span::after((resolved - 1) / 2, 2 - resolved % 2));
    Ok(in_order.load(conn).await?)
}
