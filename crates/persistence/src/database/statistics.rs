//! Store of case statistics.

use docket_domain::{
    id::AccountId,
    statistics::{Statistics, StatisticsFilter, Today},
    store::{Result, StatisticsStore},
};

use super::{Database, Kind};
use crate::{error::QueryError, postgres, sqlite};

impl StatisticsStore for Database {
    /// Several queries on one snapshot. SQLite's reads always use one; PostgreSQL needs `REPEATABLE READ`.
    async fn count_statistics(
        &self,
        account: AccountId,
        filter: &StatisticsFilter,
        today: Today,
    ) -> Result<Statistics> {
        let on_one_snapshot = async |conn: &mut postgres::Conn| {
            let mut snapshot = conn.build_transaction().repeatable_read().read_only();
            let counted = snapshot.run::<_, QueryError, _>(async |conn| {
                postgres::queries::statistics::count(conn, account, filter, today).await
            });
            counted.await
        };
        if let Some(standby) = &self.standby
            && let Some(counted) = standby.run(on_one_snapshot).await
        {
            return Ok(counted);
        }
        match &self.kind {
            Kind::Postgres(pool) => pool.run(on_one_snapshot).await,
            Kind::Sqlite { scans, .. } => {
                let filter = *filter;
                let count =
                    move |conn: &mut _| sqlite::now(sqlite::queries::statistics::count(conn, account, &filter, today));
                scans.run(count).await
            }
        }
    }
}
