//! What the domain asks of a store about the directories.

use super::Result;
use crate::{
    directory::{DirectoryEntry, DirectoryFilter},
    id::AccountId,
};

/// One of the directories.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait DirectoryStore<E: DirectoryEntry> {
    /// The entries with these ids; what is not found is left out.
    async fn find_entries(&self, account: AccountId, ids: &[E::Id]) -> Result<Vec<E>>;

    /// At most `limit` entries by their ids, behind the first `offset` ones.
    async fn list_entries(
        &self,
        account: AccountId,
        filter: &DirectoryFilter,
        descending: bool,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<E>>;

    /// How many entries there are.
    async fn count_entries(&self, account: AccountId, filter: &DirectoryFilter) -> Result<i64>;

    /// Keeps a new entry and gives it with its id.
    async fn create_entry(&self, entry: E) -> Result<E>;
}
