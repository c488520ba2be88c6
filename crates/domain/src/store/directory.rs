//! Directories.

use super::Result;
use crate::{
    directory::{DirectoryEntry, DirectoryFilter},
    id::AccountId,
};

/// A directory of one type of entry.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait DirectoryStore<E: DirectoryEntry> {
    /// The entries with these ids. Unknown ids are left out.
    async fn find_entries(&self, account: AccountId, ids: &[E::Id]) -> Result<Vec<E>>;

    /// At most `limit` entries in the order of their ids, behind the first `offset` entries.
    async fn list_entries(
        &self,
        account: AccountId,
        filter: &DirectoryFilter,
        descending: bool,
        offset: i64,
        limit: i64,
    ) -> Result<Vec<E>>;

    /// Number of entries.
    async fn count_entries(&self, account: AccountId, filter: &DirectoryFilter) -> Result<i64>;

    /// Stores a new entry. Returns it with its id.
    async fn create_entry(&self, entry: E) -> Result<E>;
}
