//! Inquiries, orders, and the cases that came from them.

use super::Result;
use crate::{
    id::AccountId,
    page::{Numbered, PageNumber},
    source::{LinkedCase, SourceDecision, SourceEvent, SourceFilter, SourceId, SourceItem},
};

/// Inquiries and orders. Nothing deletes them, so that a link to one that was checked once leads somewhere for good.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait SourceStore {
    /// The source with this name.
    async fn find_source(&self, account: AccountId, source: SourceId) -> Result<Option<SourceItem>>;

    /// A numbered page of sources, newest first, and how many there are in all.
    async fn list_sources(
        &self,
        account: AccountId,
        filter: &SourceFilter,
        page: PageNumber,
    ) -> Result<Numbered<SourceItem>>;

    /// The log of a source, oldest first.
    async fn list_source_events(&self, account: AccountId, source: SourceId) -> Result<Vec<SourceEvent>>;

    /// The cases that are linked to these sources, oldest first: at most `limit`, deleted ones left out.
    async fn list_linked_cases(&self, account: AccountId, sources: &[SourceId], limit: i64) -> Result<Vec<LinkedCase>>;

    /// Writes a decision in one atomic step and gives the source as it is kept, numbered where it is new.
    ///
    /// # Errors
    /// [`StoreError::Stale`](crate::error::StoreError::Stale) where the source is no longer at the version on which the
    /// decision was made; [`StoreError::Taken`](crate::error::StoreError::Taken) where a new one brings an id that is in
    /// use.
    async fn commit_source(&self, decision: SourceDecision) -> Result<SourceItem>;
}
