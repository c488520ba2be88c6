//! Reads the stored rows for the verification of the logs. An unreadable row is reported and does not end the
//! verification.

mod things;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::{prelude::*, result::Error as DieselError, sql_types::BigInt};
use docket_domain::{
    account::Account,
    account_event::KeptAccountEvent,
    case::Case,
    event::KeptEntry,
    id::{AccountId, CaseId},
    store::{KeptCase, KeptPosition, TallyDifference},
};

pub(crate) use self::things::{keys, links, people};
use super::{Conn, RunQueryDsl, histograms};
use crate::{
    error::QueryError,
    rows::{AccountRow, CaseRow, KeptAccountEventRow, KeptEntryRow, KeptPositionRow, TallyDifferenceRow},
    schema::{account_events, accounts, case_events, case_tags, cases},
};

pub(crate) async fn accounts(conn: &mut Conn, after: AccountId, limit: i64) -> Result<Vec<Account>, QueryError> {
    let rows = accounts::table
        .filter(accounts::id.gt(after.0))
        .order_by(accounts::id.asc())
        .limit(limit)
        .select(AccountRow::as_select())
        .load::<AccountRow>(conn)
        .await?;
    Ok(rows.into_iter().map(Account::from).collect())
}

pub(crate) async fn cases(
    conn: &mut Conn,
    account: AccountId,
    after: CaseId,
    limit: i64,
) -> Result<Vec<KeptCase>, QueryError> {
    let behind = cases::table.filter(cases::account_id.eq(account.0).and(cases::id.gt(after.0)));
    let page = behind.order_by(cases::id.asc()).limit(limit);
    let rows = match page.select(CaseRow::as_select()).load::<CaseRow>(conn).await {
        Ok(rows) => rows.into_iter().map(|row| (row.id(), Ok(row))).collect(),
        // One unreadable row fails the query of the whole page.
        Err(DieselError::DeserializationError(_)) => {
            let ids = page.select(cases::id).load::<i64>(conn).await?;
            let mut rows = Vec::with_capacity(ids.len());
            for id in ids {
                rows.push((id, find(conn, account, id).await?));
            }
            rows
        }
        Err(error) => return Err(error.into()),
    };
    let Some((first, last)) =
        rows.as_slice().first().zip(rows.as_slice().last()).map(|(first, last)| (first.0, last.0))
    else {
        return Ok(Vec::new());
    };
    let mut tags = tags(conn, account, first, last).await?;
    let mut things = things::of_cases(conn, account, first, last).await?;
    let mut kept = |(id, row)| {
        let kept = kept(id, row, tags.remove(&id).unwrap_or_default());
        KeptCase { things: things.remove(&id).unwrap_or_default(), ..kept }
    };
    Ok(rows.into_iter().map(&mut kept).collect())
}

/// Reads a single row, or the reason why it is unreadable.
async fn find(conn: &mut Conn, account: AccountId, id: i64) -> Result<Result<CaseRow, String>, QueryError> {
    let row = cases::table.filter(cases::account_id.eq(account.0).and(cases::id.eq(id))).select(CaseRow::as_select());
    match row.first::<CaseRow>(conn).await {
        Ok(row) => Ok(Ok(row)),
        Err(DieselError::DeserializationError(why)) => Ok(Err(why.to_string())),
        Err(error) => Err(error.into()),
    }
}

/// Indexed tags of the cases.
async fn tags(
    conn: &mut Conn,
    account: AccountId,
    first: i64,
    last: i64,
) -> Result<HashMap<i64, BTreeSet<String>>, QueryError> {
    let rows = case_tags::table
        .filter(case_tags::account_id.eq(account.0).and(case_tags::case_id.between(first, last)))
        .select((case_tags::case_id, case_tags::tag))
        .load::<(i64, String)>(conn)
        .await?;
    let mut tags = HashMap::<i64, BTreeSet<String>>::new();
    for (case, tag) in rows {
        tags.entry(case).or_default().insert(tag);
    }
    Ok(tags)
}

fn kept(id: i64, row: Result<CaseRow, String>, tags: BTreeSet<String>) -> KeptCase {
    let read = row.and_then(|row| {
        let case = Case::try_from(row.clone()).map_err(|error| format!("{error:?}"))?;
        let wrong = row.derived_wrong(&case).map_err(|error| format!("{error:?}"))?;
        Ok((case, wrong))
    });
    let id = CaseId(id);
    match read {
        Ok((case, wrong)) => {
            let mut derived_wrong = wrong.into_iter().map(str::to_owned).collect::<Vec<_>>();
            if case.details.tags.iter().collect::<BTreeSet<_>>() != tags.iter().map(String::as_str).collect() {
                derived_wrong.push("case_tags".to_owned());
            }
            KeptCase { id, case: Ok(case), derived_wrong, things: BTreeMap::new() }
        }
        Err(why) => KeptCase { id, case: Err(why), derived_wrong: Vec::new(), things: BTreeMap::new() },
    }
}

pub(crate) async fn entries(
    conn: &mut Conn,
    account: AccountId,
    (case, version): (CaseId, i64),
    up_to: CaseId,
    limit: i64,
) -> Result<Vec<KeptEntry>, QueryError> {
    // The condition on the case alone is redundant, but the primary key's index can start from it.
    let rows = case_events::table
        .filter(case_events::account_id.eq(account.0))
        .filter(case_events::case_id.ge(case.0).and(case_events::case_id.le(up_to.0)))
        .filter(case_events::case_id.gt(case.0).or(case_events::version.gt(version)))
        .order_by((case_events::case_id.asc(), case_events::version.asc()))
        .limit(limit)
        .select(KeptEntryRow::as_select())
        .load::<KeptEntryRow>(conn)
        .await?;
    Ok(rows.into_iter().map(KeptEntry::from).collect())
}

pub(crate) async fn account_events(
    conn: &mut Conn,
    account: AccountId,
    after: i64,
    limit: i64,
) -> Result<Vec<KeptAccountEvent>, QueryError> {
    let rows = account_events::table
        .filter(account_events::account_id.eq(account.0).and(account_events::id.gt(after)))
        .order_by(account_events::id.asc())
        .limit(limit)
        .select(KeptAccountEventRow::as_select())
        .load::<KeptAccountEventRow>(conn)
        .await?;
    Ok(rows.into_iter().map(KeptAccountEvent::from).collect())
}

/// Maintained counts minus actual counts, in one statement and so on one snapshot. Then the totals of all days minus
/// the maintained counts, and the differences of the histograms.
pub(crate) async fn tally_differences(
    conn: &mut Conn,
    account: AccountId,
    limit: i64,
) -> Result<Vec<TallyDifference>, QueryError> {
    let day = super::super::CREATED_ON;
    let query = format!(
        "SELECT CAST(created_on AS TEXT) || ' ' || status || ' ' || CAST(priority AS TEXT) || ' ' || source AS bucket, \
         CAST(SUM(cases) AS BIGINT) AS cases, CAST(SUM(resolved) AS BIGINT) AS resolved, \
         CAST(SUM(resolution_seconds) AS BIGINT) AS resolution_seconds FROM (\
             SELECT created_on, status, priority, source, cases, resolved, resolution_seconds \
             FROM case_tallies WHERE account_id = $1 \
             UNION ALL \
             SELECT {day}, status, priority, source, -COUNT(*), -COUNT(resolution_seconds), \
             -COALESCE(SUM(resolution_seconds), 0) \
             FROM cases WHERE account_id = $1 AND unlisted_at IS NULL GROUP BY 1, 2, 3, 4) AS compared \
         GROUP BY created_on, status, priority, source \
         HAVING SUM(cases) <> 0 OR SUM(resolved) <> 0 OR SUM(resolution_seconds) <> 0 \
         ORDER BY 1 LIMIT $2"
    );
    let query = diesel::sql_query(query).bind::<BigInt, _>(account.0).bind::<BigInt, _>(limit);
    let rows = query.load::<TallyDifferenceRow>(conn).await?;
    let mut differences = rows.into_iter().map(TallyDifference::from).collect::<Vec<_>>();
    differences.extend(super::super::list_total_differences(conn, account, limit).await?);
    differences.extend(histograms::differences(conn, account, limit).await?);
    differences.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(differences)
}

/// Positions of the feed with what the logs have in their place.
pub(crate) async fn positions(
    conn: &mut Conn,
    account: AccountId,
    after: i64,
    limit: i64,
) -> Result<Vec<KeptPosition>, QueryError> {
    let query = "SELECT feed.position, feed.kind, COALESCE(case_events.kind, account_events.kind) AS logged, \
                 previous.position AS previous FROM feed \
                 LEFT JOIN case_events ON case_events.account_id = feed.account_id \
                 AND case_events.case_id = feed.case_id AND case_events.version = feed.version \
                 LEFT JOIN account_events ON account_events.account_id = feed.account_id \
                 AND account_events.id = feed.version AND feed.case_id = 0 \
                 LEFT JOIN feed AS previous ON previous.account_id = feed.account_id \
                 AND previous.case_id = feed.case_id AND previous.version = feed.version - 1 AND feed.case_id <> 0 \
                 WHERE feed.account_id = $1 AND feed.position > $2 ORDER BY feed.position LIMIT $3";
    let query = diesel::sql_query(query).bind::<BigInt, _>(account.0).bind::<BigInt, _>(after);
    let rows = query.bind::<BigInt, _>(limit).load::<KeptPositionRow>(conn).await?;
    Ok(rows.into_iter().map(KeptPosition::from).collect())
}

/// Events of the logs minus positions of the feed, in one statement and so on one snapshot.
pub(crate) async fn count_unplaced(conn: &mut Conn, account: AccountId) -> Result<i64, QueryError> {
    let query = format!(
        "SELECT (SELECT COUNT(*) FROM case_events WHERE account_id = $1) \
         + (SELECT COUNT(*) FROM account_events WHERE account_id = $1) \
         - (SELECT COUNT(*) FROM feed WHERE account_id = $1) - {} AS count",
        super::super::QUEUED
    );
    let count = diesel::sql_query(query).bind::<BigInt, _>(account.0).get_result::<Count>(conn).await?;
    Ok(count.count)
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}
