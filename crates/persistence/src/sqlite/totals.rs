//! Maintenance of the counts, and counts of cases over all days.
//!
//! Counts are updated in place. SQLite has only one writing transaction at a time, so a hot row blocks no other writer.

use chrono::NaiveDate;
use diesel::{
    RunQueryDsl,
    dsl::sql,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Date, Nullable},
};
use docket_domain::{
    filter::CaseFilter,
    id::AccountId,
    store::TallyDifference,
    tally::{HistogramChange, TallyChange},
};

use super::{Conn, execute_prepared};
use crate::{
    error::QueryError,
    rows::{HistogramRow, TallyDifferenceRow, TallyGroup, TallyRow},
    schema::{case_tallies, case_totals, histograms},
    statements::Prepared,
};

/// Adds to the counts of a bucket: by day, and without the day.
pub(crate) async fn add_tallies(conn: &mut Conn, changes: &[TallyChange]) -> Result<(), QueryError> {
    for change in changes {
        let row = TallyRow::from(change);
        macro_rules! add {
            ($table:ident, $($key:ident),*) => {{
                let upsert = diesel::insert_into($table::table)
                    .values((
                        $($table::$key.eq(row.$key),)*
                        $table::cases.eq(row.cases),
                        $table::resolved.eq(row.resolved),
                        $table::resolution_seconds.eq(row.resolution_seconds),
                    ))
                    .on_conflict(($($table::$key),*))
                    .do_update()
                    .set((
                        $table::cases.eq($table::cases + row.cases),
                        $table::resolved.eq($table::resolved + row.resolved),
                        $table::resolution_seconds.eq($table::resolution_seconds + row.resolution_seconds),
                    ));
                execute_prepared(conn, upsert).await?;
            }};
        }
        add!(case_tallies, account_id, created_on, status, priority, source);
        add!(case_totals, account_id, status, priority, source);
    }
    Ok(())
}

/// Adds to the counts of buckets of histograms.
pub(crate) async fn add_to_histograms(conn: &mut Conn, changes: &[HistogramChange]) -> Result<(), QueryError> {
    for change in changes {
        let HistogramRow { account_id, histogram, bucket, entries } = HistogramRow::from(change);
        let upsert = diesel::insert_into(histograms::table)
            .values((
                histograms::account_id.eq(account_id),
                histograms::histogram.eq(histogram),
                histograms::bucket.eq(bucket),
                histograms::entries.eq(entries),
            ))
            .on_conflict((histograms::account_id, histograms::histogram, histograms::bucket))
            .do_update()
            .set(histograms::entries.eq(histograms::entries + entries));
        execute_prepared(conn, upsert).await?;
    }
    Ok(())
}

/// Number of cases with these statuses and priorities.
pub(crate) async fn count_of_all_days(
    conn: &mut Conn,
    account: AccountId,
    wanted: &CaseFilter,
) -> Result<Option<i64>, QueryError> {
    let mut query = case_totals::table.filter(case_totals::account_id.eq(account.0)).into_boxed();
    if !wanted.statuses.is_empty() {
        query = query.filter(case_totals::status.eq_any(wanted.statuses.iter().map(|key| key.as_str().to_owned())));
    }
    if !wanted.priorities.is_empty() {
        query = query.filter(case_totals::priority.eq_any(wanted.priorities.iter().map(|priority| priority.rank())));
    }
    let sum = sql::<Nullable<BigInt>>("SUM(cases)");
    Ok(Some(query.select(sum).get_result::<Option<i64>>(conn)?.unwrap_or(0)))
}

/// The counts of all cases by status, priority and source. Those created since `recent_from` are counted by day.
pub(crate) async fn groups_of_all_days(
    conn: &mut Conn,
    account: AccountId,
    recent_from: NaiveDate,
) -> Result<Option<Vec<TallyGroup>>, QueryError> {
    let groups = sql_query(
        "SELECT status, priority, source, SUM(cases) AS cases, SUM(created_recently) AS created_recently, \
             SUM(resolved) AS resolved, SUM(resolution_seconds) AS resolution_seconds FROM (\
                 SELECT status, priority, source, cases, 0 AS created_recently, resolved, resolution_seconds \
                 FROM case_totals WHERE account_id = $1 \
                 UNION ALL \
                 SELECT status, priority, source, 0, cases, 0, 0 \
                 FROM case_tallies WHERE account_id = $1 AND created_on >= $2) AS counts \
         GROUP BY status, priority, source HAVING SUM(cases) <> 0",
    );
    let groups = Prepared(groups.bind::<BigInt, _>(account.0).bind::<Date, _>(recent_from));
    Ok(Some(groups.load(conn)?))
}

/// Totals minus the sums of the counts by day.
pub(crate) async fn list_total_differences(
    conn: &mut Conn,
    account: AccountId,
    limit: i64,
) -> Result<Vec<TallyDifference>, QueryError> {
    let differences = sql_query(
        "SELECT 'all days ' || status || ' ' || priority || ' ' || source AS bucket, \
             SUM(cases) AS cases, SUM(resolved) AS resolved, SUM(resolution_seconds) AS resolution_seconds FROM (\
                 SELECT status, priority, source, cases, resolved, resolution_seconds \
                 FROM case_totals WHERE account_id = $1 \
                 UNION ALL \
                 SELECT status, priority, source, -cases, -resolved, -resolution_seconds \
                 FROM case_tallies WHERE account_id = $1) AS compared \
         GROUP BY status, priority, source \
         HAVING SUM(cases) <> 0 OR SUM(resolved) <> 0 OR SUM(resolution_seconds) <> 0 ORDER BY 1 LIMIT $2",
    );
    let differences = differences.bind::<BigInt, _>(account.0).bind::<BigInt, _>(limit);
    let rows = differences.load::<TallyDifferenceRow>(conn)?;
    Ok(rows.into_iter().map(TallyDifference::from).collect())
}
