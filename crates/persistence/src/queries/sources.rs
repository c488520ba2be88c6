//! Queries of inquiries and orders, and of the cases linked to them.

use diesel::{dsl::count_star, prelude::*};
use docket_domain::{
    account_event::AccountEvent,
    error::StoreError,
    id::{AccountId, CaseId},
    page::{Numbered, PageNumber},
    source::{LinkedCase, SourceDecision, SourceEvent, SourceFilter, SourceId, SourceItem, SourceKind},
    tally::{HistogramChange, day_bucket},
};

use super::{
    super::{add_to_histograms, next_ids, skip_ids},
    Conn, Db, RunQueryDsl, account_events, execute_prepared, filter, histograms,
};
use crate::{
    error::QueryError,
    parts,
    rows::{SourceEventRow, SourceRow},
    schema::{cases, source_events, sources},
    sql_types::Moment,
    statements::{Limit, Span},
};

pub(crate) async fn find(
    conn: &mut Conn,
    account: AccountId,
    source: SourceId,
) -> Result<Option<SourceItem>, QueryError> {
    let row = sources::table
        .filter(sources::account_id.eq(account.0).and(sources::id.eq(source.id)))
        .filter(sources::entity_type.eq(source.kind.as_str()))
        .select(SourceRow::as_select())
        .first::<SourceRow>(conn)
        .await
        .optional()?;
    Ok(row.map(SourceItem::try_from).transpose()?)
}

fn matching<'q>(account: AccountId, wanted: &SourceFilter) -> sources::BoxedQuery<'q, Db> {
    let mut query = sources::table.filter(sources::account_id.eq(account.0)).into_boxed();
    if let Some(kind) = wanted.kind {
        query = query.filter(sources::entity_type.eq(kind.as_str()));
    }
    if let Some(user) = wanted.user {
        query = query.filter(sources::user_id.eq(user.0));
    }
    match wanted.statuses.as_slice() {
        [] => {}
        [one] => query = query.filter(sources::status.eq(one.as_str().to_owned())),
        several => query = query.filter(sources::status.eq_any(several.iter().map(|key| key.as_str().to_owned()))),
    }
    if let Some(time) = wanted.created.from {
        query = query.filter(sources::created_at.ge(Moment(time)));
    }
    if let Some(time) = wanted.created.before {
        query = query.filter(sources::created_at.lt(Moment(time)));
    }
    query
}

/// Counts exactly. Uses the maintained counts if they cover the filter.
async fn count(conn: &mut Conn, account: AccountId, wanted: &SourceFilter) -> Result<i64, QueryError> {
    match wanted.created.whole_days() {
        Some(days) if wanted.user.is_none() && wanted.statuses.is_empty() => {
            histograms::sources(conn, account, wanted.kind, days).await
        }
        Some(_) | None => Ok(matching(account, wanted).select(count_star()).get_result(conn).await?),
    }
}

/// Locates the page in an index at any depth, and then reads only its own rows.
pub(crate) async fn list(
    conn: &mut Conn,
    account: AccountId,
    wanted: &SourceFilter,
    page: PageNumber,
) -> Result<Numbered<SourceItem>, QueryError> {
    let total = count(conn, account, wanted).await?;
    if page.offset() >= total {
        return Ok(Numbered { rows: Vec::new(), total });
    }
    let ids = matching(account, wanted)
        .order_by((sources::created_at.desc(), sources::id.desc()))
        .select(sources::id)
        .span(Span::after(page.offset(), page.per_page))
        .load::<i64>(conn)
        .await?;
    let part = async |ids: &[i64]| {
        let rows = sources::table
            .filter(sources::account_id.eq(account.0).and(sources::id.eq_any(ids)))
            .order_by((sources::created_at.desc(), sources::id.desc()))
            .select(SourceRow::as_select())
            .load::<SourceRow>(conn)
            .await?;
        let item = |row: SourceRow| Ok((row.size(), SourceItem::try_from(row)?));
        Ok(rows.into_iter().map(item).collect::<Result<Vec<_>, StoreError>>()?)
    };
    Ok(Numbered { rows: parts::by_id(&ids, part).await?.whole()?, total })
}

pub(crate) async fn events(
    conn: &mut Conn,
    account: AccountId,
    source: SourceId,
) -> Result<Vec<SourceEvent>, QueryError> {
    let rows = source_events::table
        .filter(source_events::account_id.eq(account.0).and(source_events::source_id.eq(source.id)))
        .order_by(source_events::version.asc())
        .select(SourceEventRow::as_select())
        .load::<SourceEventRow>(conn)
        .await?;
    Ok(rows.into_iter().map(SourceEvent::from).collect())
}

/// One query per kind, because each kind of link has a separate index.
pub(crate) async fn linked_cases(
    conn: &mut Conn,
    account: AccountId,
    wanted: &[SourceId],
    limit: i64,
) -> Result<Vec<LinkedCase>, QueryError> {
    let mut linked = Vec::new();
    for kind in SourceKind::ALL {
        let ids = wanted.iter().filter(|source| source.kind == kind).map(|source| source.id).collect::<Vec<_>>();
        if ids.is_empty() {
            continue;
        }
        macro_rules! linked_by {
            ($column:ident) => {
                filter::listed(account)
                    .filter(cases::$column.eq_any(ids))
                    .order_by(cases::id.asc())
                    .select((cases::$column.assume_not_null(), cases::id))
                    .first_rows(limit)
                    .load::<(i64, i64)>(conn)
                    .await?
            };
        }
        let rows = match kind {
            SourceKind::Inquiry => linked_by!(inquiry_id),
            SourceKind::Order => linked_by!(order_id),
        };
        let case = |(id, case)| LinkedCase { source: SourceId { kind, id }, case: CaseId(case) };
        linked.extend(rows.into_iter().map(case));
    }
    Ok(linked)
}

/// Runs inside a transaction.
pub(crate) async fn commit(conn: &mut Conn, decision: SourceDecision) -> Result<SourceItem, QueryError> {
    let SourceDecision { before, mut item, events } = decision;
    if before == 0 {
        if item.id.id == 0 {
            let given = next_ids(conn, &[item.id.kind.entity()]).await?;
            let [id] = given.as_slice() else { return Err(QueryError::defect("one id was asked for")) };
            item.id.id = *id;
        } else {
            skip_ids(conn, item.id.kind.entity(), item.id.id).await?;
        }
        let inserted = diesel::insert_into(sources::table).values(SourceRow::from(&item)).execute(conn).await;
        inserted.map_err(QueryError::or_taken("the id"))?;
        let (account, bucket) = (item.account, day_bucket(item.created_at.date_naive()));
        let histogram = histograms::of_kind(item.id.kind);
        add_to_histograms(conn, &[HistogramChange { account, histogram, bucket, by: 1 }]).await?;
    } else {
        let unchanged = sources::table
            .filter(sources::account_id.eq(item.account.0).and(sources::id.eq(item.id.id)))
            .filter(sources::version.eq(before));
        if execute_prepared(conn, diesel::update(unchanged).set(SourceRow::from(&item))).await? == 0 {
            return Err(StoreError::Stale.into());
        }
    }
    let logged = events.iter().map(|event| AccountEvent::of_source(&item, event)).collect::<Vec<_>>();
    let rows = events.into_iter().map(|event| SourceEventRow::new(&item, event)).collect::<Vec<_>>();
    diesel::insert_into(source_events::table).values(rows).execute(conn).await?;
    account_events::append(conn, &logged).await?;
    Ok(item)
}
