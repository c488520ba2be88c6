//! Queries of the histograms.

use diesel::{QueryableByName, sql_query, sql_types::BigInt};
use docket_domain::{
    id::AccountId,
    source::SourceKind,
    statistics::{Today, WholeDays},
    store::TallyDifference,
    tally::{Histogram, RESOLUTION_WIDTHS, day_bucket},
};

use super::{
    super::{CLOSED_ON, CREATED_ON, HISTOGRAMS, day_number},
    Conn, RunQueryDsl,
};
use crate::{error::QueryError, rows::TallyDifferenceRow, statements::Prepared};

/// Counts of an account relative to a day.
#[derive(QueryableByName)]
pub(super) struct OfDay {
    #[diesel(sql_type = BigInt)]
    pub(super) overdue: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) closed_recently: i64,
}

/// Counts overdue and recently closed cases.
pub(super) async fn of_day(conn: &mut Conn, account: AccountId, today: Today) -> Result<OfDay, QueryError> {
    let sum = |histogram: Histogram, comparison: &str| {
        format!(
            "(SELECT CAST(COALESCE(SUM(entries), 0) AS BIGINT) FROM ({HISTOGRAMS}) AS counts \
             WHERE histogram = '{}' AND bucket {comparison})",
            histogram.as_str()
        )
    };
    let (overdue, closed) = (sum(Histogram::Due, "< $2"), sum(Histogram::Closed, ">= $3"));
    let counts = sql_query(format!("SELECT {overdue} AS overdue, {closed} AS closed_recently"));
    let counts = counts.bind::<BigInt, _>(account.0).bind::<BigInt, _>(day_bucket(today.day()));
    Ok(Prepared(counts.bind::<BigInt, _>(day_bucket(today.recent_from()))).get_result(conn).await?)
}

/// The bucket of a time to resolution, and the number of times before the bucket.
#[derive(QueryableByName)]
pub(super) struct Place {
    #[diesel(sql_type = BigInt)]
    pub(super) bucket: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) before: i64,
}

/// Finds the bucket of the time to resolution at a position in their order, counted from zero.
pub(super) async fn place(conn: &mut Conn, account: AccountId, at: i64) -> Result<Option<Place>, QueryError> {
    let place = format!(
        "SELECT bucket, before FROM (\
             SELECT bucket, entries, CAST(SUM(entries) OVER (ORDER BY bucket) AS BIGINT) - entries AS before FROM (\
                 SELECT bucket, CAST(SUM(entries) AS BIGINT) AS entries FROM ({HISTOGRAMS}) AS counts \
                 WHERE histogram = '{}' GROUP BY bucket) AS buckets) AS sums \
         WHERE before <= $2 AND before + entries > $2 LIMIT 1",
        Histogram::Resolution.as_str()
    );
    let place = sql_query(place).bind::<BigInt, _>(account.0).bind::<BigInt, _>(at);
    Ok(Prepared(place).load(conn).await?.pop())
}

/// Number of inquiries and orders.
pub(super) async fn sources(
    conn: &mut Conn,
    account: AccountId,
    kind: Option<SourceKind>,
    days: WholeDays,
) -> Result<i64, QueryError> {
    let kinds = SourceKind::ALL.into_iter().filter(|of| kind.is_none_or(|kind| kind == *of));
    let kinds = kinds.map(|kind| format!("'{}'", of_kind(kind).as_str())).collect::<Vec<_>>().join(", ");
    let sum = sql_query(format!(
        "SELECT CAST(COALESCE(SUM(entries), 0) AS BIGINT) AS number FROM ({HISTOGRAMS}) AS counts \
         WHERE histogram IN ({kinds}) AND bucket >= $2 AND bucket < $3"
    ));
    let (from, before) = (days.from.map_or(i64::MIN, day_bucket), days.before.map_or(i64::MAX, day_bucket));
    let sum = sum.bind::<BigInt, _>(account.0).bind::<BigInt, _>(from).bind::<BigInt, _>(before);
    Ok(Prepared(sum).get_result::<Sum>(conn).await?.number)
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The histogram of the sources of a kind.
pub(super) const fn of_kind(kind: SourceKind) -> Histogram {
    match kind {
        SourceKind::Inquiry => Histogram::Inquiry,
        SourceKind::Order => Histogram::Order,
    }
}

/// Maintained histograms minus histograms of the cases and sources, in one statement and so on one snapshot.
pub(super) async fn differences(
    conn: &mut Conn,
    account: AccountId,
    limit: i64,
) -> Result<Vec<TallyDifference>, QueryError> {
    let widths = RESOLUTION_WIDTHS.iter().map(|(below, width)| {
        format!("WHEN resolution_seconds < {below} THEN resolution_seconds / {width} * {width} ")
    });
    let resolution = format!("CASE {}END", widths.collect::<String>());
    let counts = [
        (Histogram::Due, day_number("due_on"), "phase = 'active' AND due_on IS NOT NULL"),
        (Histogram::Closed, day_number(CLOSED_ON), "outcome = 'closed' AND closed_at IS NOT NULL"),
        (Histogram::Resolution, resolution, "resolution_seconds IS NOT NULL"),
    ];
    let counts = counts.map(|(histogram, bucket, condition)| {
        format!(
            " UNION ALL SELECT '{}', {bucket}, -COUNT(*) FROM cases \
             WHERE account_id = $1 AND unlisted_at IS NULL AND {condition} GROUP BY 2",
            histogram.as_str()
        )
    });
    let of_sources = format!(
        " UNION ALL SELECT entity_type, {}, -COUNT(*) FROM sources WHERE account_id = $1 GROUP BY 1, 2",
        day_number(CREATED_ON)
    );
    let differences = format!(
        "SELECT histogram || ' ' || CAST(bucket AS TEXT) AS bucket, CAST(SUM(entries) AS BIGINT) AS cases, \
         CAST(0 AS BIGINT) AS resolved, CAST(0 AS BIGINT) AS resolution_seconds FROM ({HISTOGRAMS}{}{of_sources}) AS compared \
         GROUP BY histogram, compared.bucket HAVING SUM(entries) <> 0 ORDER BY 1 LIMIT $2",
        counts.concat()
    );
    let differences = sql_query(differences).bind::<BigInt, _>(account.0).bind::<BigInt, _>(limit);
    let rows = differences.load::<TallyDifferenceRow>(conn).await?;
    Ok(rows.into_iter().map(TallyDifference::from).collect())
}
