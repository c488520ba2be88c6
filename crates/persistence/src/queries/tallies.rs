//! Queries of the maintained case counts.

use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{BigInt, Nullable},
};
use docket_domain::{filter::CaseFilter, id::AccountId, statistics::WholeDays};

use super::{Conn, RunQueryDsl};
use crate::{error::QueryError, schema::case_tallies};

/// Number of cases with these statuses and priorities that were created on these days.
pub(crate) async fn count(
    conn: &mut Conn,
    account: AccountId,
    wanted: &CaseFilter,
    days: WholeDays,
) -> Result<i64, QueryError> {
    if days == (WholeDays { from: None, before: None })
        && let Some(count) = super::super::count_of_all_days(conn, account, wanted).await?
    {
        return Ok(count);
    }
    let mut query = case_tallies::table.filter(case_tallies::account_id.eq(account.0)).into_boxed();
    if !wanted.statuses.is_empty() {
        query = query.filter(case_tallies::status.eq_any(wanted.statuses.iter().map(|key| key.as_str().to_owned())));
    }
    if !wanted.priorities.is_empty() {
        query = query.filter(case_tallies::priority.eq_any(wanted.priorities.iter().map(|priority| priority.rank())));
    }
    if let Some(day) = days.from {
        query = query.filter(case_tallies::created_on.ge(day));
    }
    if let Some(day) = days.before {
        query = query.filter(case_tallies::created_on.lt(day));
    }
    // PostgreSQL sums integers to a numeric.
    let sum = sql::<Nullable<BigInt>>("CAST(SUM(cases) AS BIGINT)");
    let total = query.select(sum).get_result::<Option<i64>>(conn).await?;
    Ok(total.unwrap_or(0))
}
