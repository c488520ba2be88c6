//! Inquiries and orders.

use super::Result;
use crate::{
    id::AccountId,
    page::{Numbered, PageNumber},
    source::{LinkedCase, SourceDecision, SourceEvent, SourceFilter, SourceId, SourceItem},
};

/// Inquiries and orders. They are never deleted, so that a checked link stays valid.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait SourceStore {
    /// Finds an inquiry or an order.
    async fn find_source(&self, account: AccountId, source: SourceId) -> Result<Option<SourceItem>>;

    /// A numbered page of sources, newest first, with the total number.
    async fn list_sources(
        &self,
        account: AccountId,
        filter: &SourceFilter,
        page: PageNumber,
    ) -> Result<Numbered<SourceItem>>;

    /// The log of a source, oldest first.
    async fn list_source_events(&self, account: AccountId, source: SourceId) -> Result<Vec<SourceEvent>>;

    /// At most `limit` cases that are linked to these sources, oldest first. Deleted cases are left out.
    async fn list_linked_cases(&self, account: AccountId, sources: &[SourceId], limit: i64) -> Result<Vec<LinkedCase>>;

    /// Writes a decision in one atomic step. Returns the stored source, with its id if it is new.
    ///
    /// # Errors
    /// [`StoreError::Stale`](crate::error::StoreError::Stale) if the source has another version than the decision.
    /// [`StoreError::Taken`](crate::error::StoreError::Taken) if the id of a new source is in use.
    async fn commit_source(&self, decision: SourceDecision) -> Result<SourceItem>;
}
