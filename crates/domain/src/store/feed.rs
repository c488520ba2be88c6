//! The feed of an account.

use super::Result;
use crate::{
    event::CaseEvent,
    feed::{FeedEnd, FeedEvent, FeedPage, FeedQuery},
    id::{AccountId, CaseId},
    page::Page,
};

/// The feed of an account.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait FeedStore {
    /// Gives committed events of the account their positions.
    async fn place_events(&self, account: AccountId) -> Result<()>;

    /// A page of the events that have a position.
    async fn read_feed(&self, account: AccountId, query: &FeedQuery) -> Result<FeedPage>;

    /// The events at these positions, in their order. A position without an event is a defect.
    async fn list_events_at(&self, account: AccountId, positions: &[i64]) -> Result<Vec<FeedEvent>>;

    /// A page of the placed events of these cases before a position, the last position first, each with its position.
    async fn list_timeline_of_all(
        &self,
        account: AccountId,
        cases: &[CaseId],
        before: Option<i64>,
        limit: i64,
    ) -> Result<Page<(i64, CaseEvent)>>;

    /// Events of all cases by case and version, behind an event. They have no position.
    async fn list_case_logs(&self, account: AccountId, after: (CaseId, i64), limit: i64) -> Result<Vec<FeedEvent>>;

    /// The last position; 0 if there is none.
    async fn find_feed_end(&self, account: AccountId) -> Result<i64>;

    /// The ends of the feeds of these accounts, in any order.
    async fn list_feed_ends(&self, accounts: &[AccountId]) -> Result<Vec<FeedEnd>>;
}
