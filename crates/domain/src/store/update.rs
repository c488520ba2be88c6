//! What the domain asks of a store about case updates.

use super::Result;
use crate::{
    id::{AccountId, UpdateId},
    page::PageNumber,
    update::{CaseUpdate, UpdateFilter},
};

/// Case updates. Those of deleted cases are left out of every read.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait UpdateStore {
    /// The update with that id.
    async fn find_update(&self, account: AccountId, update: UpdateId) -> Result<Option<CaseUpdate>>;

    /// Whether other updates belong to the thread that begins with this one.
    async fn has_replies(&self, account: AccountId, update: UpdateId) -> Result<bool>;

    /// A numbered page of updates, by the time at which they were written.
    async fn list_updates(
        &self,
        account: AccountId,
        filter: &UpdateFilter,
        descending: bool,
        page: PageNumber,
    ) -> Result<Vec<CaseUpdate>>;

    /// How many updates there are.
    async fn count_updates(&self, account: AccountId, filter: &UpdateFilter) -> Result<i64>;
}
