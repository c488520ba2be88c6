//! Store of inquiries and orders.

use docket_domain::{
    id::AccountId,
    page::{Numbered, PageNumber},
    source::{LinkedCase, SourceDecision, SourceEvent, SourceFilter, SourceId, SourceItem},
    store::{Result, SourceStore},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

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
        write!(self, sources::commit(decision) => |item: &SourceItem| Some(item.id.id))
    }
}
