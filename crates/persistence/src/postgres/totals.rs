//! Counts of cases over all days, and their maintenance.
//!
//! A commit appends its changes to `case_tallies`, so that two writers never lock the same row. A fold merges the
//! changes of an account into one row per bucket, and adds them to `case_totals`, which has no day. A count over all
//! days reads the totals and the changes that are not folded yet, in one statement and so on one snapshot.

use chrono::NaiveDate;
use diesel::{
    QueryableByName, sql_query,
    sql_types::{Array, BigInt, Date, SmallInt, Text},
};
use diesel_async::RunQueryDsl;
use docket_domain::{filter::CaseFilter, id::AccountId, store::TallyDifference};

use super::conn::Conn;
use crate::{
    error::QueryError,
    rows::{TallyDifferenceRow, TallyGroup},
    statements::Prepared,
};

/// Merges the count rows of an account's buckets that have changed since the last fold. One statement deletes and
/// replaces them, so a reader sees either state.
///
/// Two concurrent folds may each see only part of a bucket. A part whose cases sum to zero may still hold seconds, so
/// HAVING checks all sums. The totals are locked in order, so that two folds cannot deadlock.
pub(super) async fn fold(conn: &mut Conn, account: AccountId) -> Result<(), QueryError> {
    let fold = sql_query(
        "WITH loose AS (\
             SELECT DISTINCT created_on, status, priority, source FROM case_tallies WHERE account_id = $1 AND NOT folded), \
         gone AS (\
             DELETE FROM case_tallies AS tally USING loose \
             WHERE tally.account_id = $1 AND tally.created_on = loose.created_on AND tally.status = loose.status \
             AND tally.priority = loose.priority AND tally.source = loose.source RETURNING tally.*), \
         totals AS (\
             INSERT INTO case_totals AS total \
                 (account_id, status, priority, source, cases, resolved, resolution_seconds) \
             SELECT $1, status, priority, source, sum(cases), sum(resolved), sum(resolution_seconds) \
             FROM gone WHERE NOT folded GROUP BY status, priority, source ORDER BY status, priority, source \
             ON CONFLICT (account_id, status, priority, source) DO UPDATE SET cases = total.cases + excluded.cases, \
                 resolved = total.resolved + excluded.resolved, \
                 resolution_seconds = total.resolution_seconds + excluded.resolution_seconds) \
         INSERT INTO case_tallies \
             (account_id, created_on, status, priority, source, cases, resolved, resolution_seconds, folded) \
         SELECT $1, created_on, status, priority, source, sum(cases), sum(resolved), sum(resolution_seconds), true \
         FROM gone GROUP BY created_on, status, priority, source \
         HAVING sum(cases) <> 0 OR sum(resolved) <> 0 OR sum(resolution_seconds) <> 0",
    );
    fold.bind::<BigInt, _>(account.0).execute(conn).await?;
    fold_histograms(conn, account).await
}

/// Adds the changes of an account's histograms to the counts. One statement, so a reader sees either state. The counts
/// are locked in order, so that two folds cannot deadlock.
pub(crate) async fn fold_histograms(conn: &mut Conn, account: AccountId) -> Result<(), QueryError> {
    let fold = sql_query(
        "WITH gone AS (DELETE FROM histogram_changes WHERE account_id = $1 RETURNING histogram, bucket, entries) \
         INSERT INTO histograms AS kept (account_id, histogram, bucket, entries) \
         SELECT $1, histogram, bucket, sum(entries) FROM gone \
         GROUP BY histogram, bucket HAVING sum(entries) <> 0 ORDER BY histogram, bucket \
         ON CONFLICT (account_id, histogram, bucket) DO UPDATE SET entries = kept.entries + excluded.entries",
    );
    fold.bind::<BigInt, _>(account.0).execute(conn).await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Total {
    #[diesel(sql_type = BigInt)]
    total: i64,
}

/// Number of cases with these statuses and priorities.
pub(crate) async fn count_of_all_days(
    conn: &mut Conn,
    account: AccountId,
    wanted: &CaseFilter,
) -> Result<Option<i64>, QueryError> {
    let statuses = wanted.statuses.iter().map(|key| key.as_str().to_owned()).collect::<Vec<_>>();
    let priorities = wanted.priorities.iter().map(|priority| priority.rank()).collect::<Vec<_>>();
    let count = sql_query(
        "SELECT CAST(COALESCE(SUM(cases), 0) AS BIGINT) AS total FROM (\
             SELECT status, priority, cases FROM case_totals WHERE account_id = $1 \
             UNION ALL \
             SELECT status, priority, cases FROM case_tallies WHERE account_id = $1 AND NOT folded) AS counts \
         WHERE (cardinality($2::text[]) = 0 OR status = ANY($2)) \
         AND (cardinality($3::smallint[]) = 0 OR priority = ANY($3))",
    );
    let count = count.bind::<BigInt, _>(account.0).bind::<Array<Text>, _>(statuses);
    let count = Prepared(count.bind::<Array<SmallInt>, _>(priorities));
    Ok(Some(count.get_result::<Total>(conn).await?.total))
}

/// The counts of all cases by status, priority and source. Those created since `recent_from` are counted by day.
pub(crate) async fn groups_of_all_days(
    conn: &mut Conn,
    account: AccountId,
    recent_from: NaiveDate,
) -> Result<Option<Vec<TallyGroup>>, QueryError> {
    let groups = sql_query(
        "SELECT status, priority, source, CAST(SUM(cases) AS BIGINT) AS cases, \
             CAST(SUM(created_recently) AS BIGINT) AS created_recently, CAST(SUM(resolved) AS BIGINT) AS resolved, \
             CAST(SUM(resolution_seconds) AS BIGINT) AS resolution_seconds FROM (\
                 SELECT status, priority, source, cases, 0 AS created_recently, resolved, resolution_seconds \
                 FROM case_totals WHERE account_id = $1 \
                 UNION ALL \
                 SELECT status, priority, source, cases, 0, resolved, resolution_seconds \
                 FROM case_tallies WHERE account_id = $1 AND NOT folded \
                 UNION ALL \
                 SELECT status, priority, source, 0, cases, 0, 0 \
                 FROM case_tallies WHERE account_id = $1 AND created_on >= $2) AS counts \
         GROUP BY status, priority, source HAVING SUM(cases) <> 0",
    );
    let groups = Prepared(groups.bind::<BigInt, _>(account.0).bind::<Date, _>(recent_from));
    Ok(Some(groups.load(conn).await?))
}

/// Totals minus the sums of the folded counts.
pub(crate) async fn list_total_differences(
    conn: &mut Conn,
    account: AccountId,
    limit: i64,
) -> Result<Vec<TallyDifference>, QueryError> {
    let differences = sql_query(
        "SELECT 'all days ' || status || ' ' || priority || ' ' || source AS bucket, \
             CAST(SUM(cases) AS BIGINT) AS cases, CAST(SUM(resolved) AS BIGINT) AS resolved, \
             CAST(SUM(resolution_seconds) AS BIGINT) AS resolution_seconds FROM (\
                 SELECT status, priority, source, cases, resolved, resolution_seconds \
                 FROM case_totals WHERE account_id = $1 \
                 UNION ALL \
                 SELECT status, priority, source, -cases, -resolved, -resolution_seconds \
                 FROM case_tallies WHERE account_id = $1 AND folded) AS compared \
         GROUP BY status, priority, source \
         HAVING SUM(cases) <> 0 OR SUM(resolved) <> 0 OR SUM(resolution_seconds) <> 0 ORDER BY 1 LIMIT $2",
    );
    let differences = differences.bind::<BigInt, _>(account.0).bind::<BigInt, _>(limit);
    let rows = differences.load::<TallyDifferenceRow>(conn).await?;
    Ok(rows.into_iter().map(TallyDifference::from).collect())
}
