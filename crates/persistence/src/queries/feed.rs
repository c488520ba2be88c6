//! Reads the feed.

use std::collections::HashMap;

use diesel::prelude::*;
use docket_domain::{
    error::StoreError,
    event::CaseEvent,
    feed::{FeedEvent, FeedPage, FeedQuery, FeedSource},
    id::{AccountId, CaseId},
    page::Page,
};

use super::{Conn, Db, RunQueryDsl};
use crate::{
    error::QueryError,
    parts,
    rows::{CaseFeedRow, EventRow, FeedRow, ReadAccountEventRow, feed_of_account, feed_of_case},
    schema::{account_events, case_events, cases, feed},
    sql_types::Uid,
    statements::Limit,
};

/// Number of positions that a page of a few types looks at. The next page continues behind them.
const LOOKED_AT: i64 = 10_000;

pub(crate) async fn read(conn: &mut Conn, account: AccountId, wanted: &FeedQuery) -> Result<FeedPage, QueryError> {
    let limit = usize::try_from(wanted.limit).unwrap_or(usize::MAX);
    let looked_at = if wanted.types.is_some() { LOOKED_AT } else { wanted.limit } + 1;
    let mut rows = behind(conn, account, wanted, looked_at).await?;
    let mut has_more = rows.len() > usize::try_from(looked_at - 1).unwrap_or(usize::MAX);
    if has_more {
        rows.pop();
    }
    let mut upto = rows.last().map_or(wanted.after, |row| row.position);
    let is_wanted = |row: &&FeedRow| wanted.types.as_ref().is_none_or(|types| types.contains(row.kind.as_str()));
    let mut positions = rows.iter().filter(is_wanted).map(|row| row.position).collect::<Vec<_>>();
    if positions.len() > limit {
        positions.truncate(limit);
        upto = positions.last().copied().unwrap_or(upto);
        has_more = true;
    }
    let part = async |positions: &[i64]| at(conn, account, positions).await;
    let page = parts::by_id(&positions, part).await?.page(wanted.limit);
    // The byte limit may have cut the page.
    if let Some(last) = page.rows.last().filter(|_| page.has_more) {
        return Ok(FeedPage { upto: last.position, has_more: true, events: page.rows });
    }
    Ok(FeedPage { events: page.rows, upto, has_more })
}

async fn behind(
    conn: &mut Conn,
    account: AccountId,
    wanted: &FeedQuery,
    limit: i64,
) -> Result<Vec<FeedRow>, QueryError> {
    let query: feed::BoxedQuery<'_, Db> = feed::table.filter(feed::account_id.eq(account.0)).into_boxed();
    let query = match wanted.case {
        // Within a case, versions have the order of positions, and an index has them. The sum keeps SQLite from walking
        // through all positions instead.
        Some(case) => query
            .filter(feed::case_id.eq(case.0).and((feed::position + 0).gt(wanted.after)))
            .order_by(feed::version.asc()),
        None => query.filter(feed::position.gt(wanted.after)).order_by(feed::position.asc()),
    };
    let query = query.select(FeedRow::as_select());
    Ok(query.first_rows(limit).load::<FeedRow>(conn).await?)
}

pub(crate) async fn list_at(
    conn: &mut Conn,
    account: AccountId,
    positions: &[i64],
) -> Result<Vec<FeedEvent>, QueryError> {
    Ok(at(conn, account, positions).await?.into_iter().map(|(_, event)| event).collect())
}

/// The events at these positions, each with the size of its data in bytes.
async fn at(conn: &mut Conn, account: AccountId, positions: &[i64]) -> Result<Vec<(usize, FeedEvent)>, QueryError> {
    let of_cases = feed::table
        .inner_join(
            case_events::table.on(case_events::account_id
                .eq(feed::account_id)
                .and(case_events::case_id.eq(feed::case_id))
                .and(case_events::version.eq(feed::version))),
        )
        .inner_join(cases::table.on(cases::account_id.eq(feed::account_id).and(cases::id.eq(feed::case_id))))
        .filter(feed::account_id.eq(account.0).and(feed::position.eq_any(positions)))
        .select((feed::position, feed::case_number, cases::uuid, EventRow::as_select()))
        .load::<CaseFeedRow>(conn)
        .await?;
    let mut found = HashMap::with_capacity(positions.len());
    for row in of_cases {
        found.insert(row.0, feed_of_case(row)?);
    }
    if found.len() < positions.len() {
        let of_account = feed::table
            .inner_join(
                account_events::table
                    .on(account_events::account_id.eq(feed::account_id).and(account_events::id.eq(feed::version))),
            )
            .filter(feed::account_id.eq(account.0).and(feed::position.eq_any(positions)))
            .filter(feed::case_id.eq(0))
            .select((feed::position, ReadAccountEventRow::as_select()))
            .load::<(i64, ReadAccountEventRow)>(conn)
            .await?;
        for row in of_account {
            found.insert(row.0, feed_of_account(row)?);
        }
    }
    let missing = || StoreError::Defect("a position of the feed has no event".to_owned());
    let in_order = positions.iter().map(|position| found.remove(position).ok_or_else(missing));
    Ok(in_order.collect::<Result<_, _>>()?)
}

/// The placed events of these cases before a position, the last one first.
pub(crate) async fn timeline(
    conn: &mut Conn,
    account: AccountId,
    of: &[CaseId],
    before: Option<i64>,
    limit: i64,
) -> Result<Page<(i64, CaseEvent)>, QueryError> {
    // The sum keeps SQLite from walking through the positions of all cases instead.
    let positions = feed::table
        .filter(feed::account_id.eq(account.0).and(feed::case_id.eq_any(of.iter().map(|case| case.0))))
        .filter((feed::position + 0).lt(before.unwrap_or(i64::MAX)))
        .order_by((feed::position + 0).desc())
        .select(feed::position)
        .first_rows(limit + 1)
        .load::<i64>(conn)
        .await?;
    let part = async |positions: &[i64]| at(conn, account, positions).await;
    let page = parts::by_id(&positions, part).await?.page(limit);
    let has_more = page.has_more;
    let rows = page.rows.into_iter().filter_map(|event| match event.source {
        FeedSource::Case { event: of_case, .. } => Some((event.position, of_case)),
        FeedSource::Account { .. } => None,
    });
    Ok(Page { rows: rows.collect(), has_more })
}

/// Events of all cases by case and version, behind an event. A page ends early where the byte limit cuts it.
pub(crate) async fn case_logs(
    conn: &mut Conn,
    account: AccountId,
    after: (CaseId, i64),
    limit: i64,
) -> Result<Vec<FeedEvent>, QueryError> {
    let part = async |last: Option<&FeedEvent>, limit: i64| {
        let (case, version) = last.map_or(after, |last| (last.id().case, last.id().version));
        let rows = case_events::table
            .inner_join(
                cases::table.on(cases::account_id.eq(case_events::account_id).and(cases::id.eq(case_events::case_id))),
            )
            .filter(case_events::account_id.eq(account.0).and(case_events::case_id.ge(case.0)))
            .filter(case_events::case_id.gt(case.0).or(case_events::version.gt(version)))
            .order_by((case_events::case_id.asc(), case_events::version.asc()))
            .select((cases::case_number, cases::uuid, EventRow::as_select()))
            .first_rows(limit)
            .load::<(String, Uid, EventRow)>(conn)
            .await?;
        let event = |(number, uuid, row)| feed_of_case((0, Some(number), uuid, row));
        Ok(rows.into_iter().map(event).collect::<Result<Vec<_>, StoreError>>()?)
    };
    Ok(parts::behind(limit, part).await?.page(limit).rows)
}

/// The last position; 0 if there is none.
pub(crate) async fn end(conn: &mut Conn, account: AccountId) -> Result<i64, QueryError> {
    let last = feed::table.filter(feed::account_id.eq(account.0)).order_by(feed::position.desc());
    let last = last.select(feed::position).first_rows(1).load::<i64>(conn).await?;
    Ok(last.into_iter().next().unwrap_or(0))
}
