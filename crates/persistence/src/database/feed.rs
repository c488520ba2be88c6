//! The feed of an account.

use docket_domain::{
    event::CaseEvent,
    feed::{FeedEnd, FeedEvent, FeedPage, FeedQuery},
    id::{AccountId, CaseId},
    page::Page,
    store::{FeedStore, Result},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl FeedStore for Database {
    async fn place_events(&self, account: AccountId) -> Result<()> {
        match &self.kind {
            Kind::Postgres(pool) => pool.run(async |conn| postgres::feed::place(conn, account).await).await,
            // Each event has its position when it is written.
            Kind::Sqlite { .. } => Ok(()),
        }
    }

    async fn read_feed(&self, account: AccountId, query: &FeedQuery) -> Result<FeedPage> {
        let query = query.clone();
        scan!(self, feed::read(account, &query))
    }

    async fn list_events_at(&self, account: AccountId, positions: &[i64]) -> Result<Vec<FeedEvent>> {
        read!(self, feed::list_at(account, positions))
    }

    async fn list_timeline_of_all(
        &self,
        account: AccountId,
        cases: &[CaseId],
        before: Option<i64>,
        limit: i64,
    ) -> Result<Page<(i64, CaseEvent)>> {
        read!(self, feed::timeline(account, cases, before, limit))
    }

    async fn list_case_logs(&self, account: AccountId, after: (CaseId, i64), limit: i64) -> Result<Vec<FeedEvent>> {
        scan!(self, feed::case_logs(account, after, limit))
    }

    async fn find_feed_end(&self, account: AccountId) -> Result<i64> {
        read!(self, feed::end(account))
    }

    async fn list_feed_ends(&self, accounts: &[AccountId]) -> Result<Vec<FeedEnd>> {
        match &self.kind {
            Kind::Postgres(pool) => pool.run(async |conn| postgres::feed::ends(conn, accounts).await).await,
            Kind::Sqlite { reads, .. } => {
                sqlite::read(&mut reads.borrow_mut(), |conn| sqlite::now(sqlite::feed::ends(conn, accounts)))
            }
        }
    }
}
