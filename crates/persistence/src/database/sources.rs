//! Store of inquiries and orders.

use docket_domain::{
    id::AccountId,
    page::{Numbered, PageNumber},
    source::{LinkedCase, SourceDecision, SourceEvent, SourceFilter, SourceId, SourceItem},
    store::{Result, SourceStore},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

/// Number of new sources between two folds of the histograms.
const FOLD_EVERY: i64 = 512;

impl SourceStore for Database {
    async fn find_source(&self, account: AccountId, source: SourceId) -> Result<Option<SourceItem>> {
        read!(self, sources::find(account, source))
    }

    async fn list_sources(
        &self,
        account: AccountId,
        filter: &SourceFilter,
        page: PageNumber,
    ) -> Result<Numbered<SourceItem>> {
        let filter = filter.clone();
        list!(self, scan, sources::list(account, &filter, page))
    }

    async fn list_source_events(&self, account: AccountId, source: SourceId) -> Result<Vec<SourceEvent>> {
        read!(self, sources::events(account, source))
    }

    async fn list_linked_cases(&self, account: AccountId, sources: &[SourceId], limit: i64) -> Result<Vec<LinkedCase>> {
        read!(self, sources::linked_cases(account, sources, limit))
    }

    async fn commit_source(&self, decision: SourceDecision) -> Result<SourceItem> {
        let is_new = decision.before == 0;
        let item: SourceItem = write!(self, sources::commit(decision) => |item: &SourceItem| Some(item.id.id))?;
        // SQLite updates its histograms in place.
        if let Kind::Postgres(pool) = &self.kind
            && is_new
            && item.id.id % FOLD_EVERY == 0
        {
            // The commit has succeeded. A failed fold has no effect on the counts; a later one folds them.
            let folded = pool.run(async |conn| postgres::fold_histograms(conn, item.account).await).await;
            if let Err(error) = folded {
                log::warn!("cannot fold the histograms of account {}: {error}", item.account.0);
            }
        }
        Ok(item)
    }
}
