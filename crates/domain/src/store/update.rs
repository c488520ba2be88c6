//! Case updates.

use super::Result;
use crate::{
    id::{AccountId, UpdateId},
    page::PageNumber,
    update::{CaseUpdate, UpdateFilter},
};

/// Updates of cases that are not deleted.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait UpdateStore {
    /// Finds an update.
    async fn find_update(&self, account: AccountId, update: UpdateId) -> Result<Option<CaseUpdate>>;

    /// Whether the thread that begins with this update has other updates.
    async fn has_replies(&self, account: AccountId, update: UpdateId) -> Result<bool>;

    /// A numbered page of updates, by time of creation.
    async fn list_updates(
        &self,
        account: AccountId,
        filter: &UpdateFilter,
        descending: bool,
        page: PageNumber,
    ) -> Result<Vec<CaseUpdate>>;

    /// Number of updates.
    async fn count_updates(&self, account: AccountId, filter: &UpdateFilter) -> Result<i64>;
}
