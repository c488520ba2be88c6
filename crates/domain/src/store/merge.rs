//! Storing merges, and what a split moves.

use super::Result;
use crate::{
    id::{AccountId, CaseId},
    merge::{Merge, MergeId},
    page::Page,
    split::{MovedIds, MovedRow},
};

/// Merges of cases.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait MergeStore {
    /// Finds a merge, undone or not.
    async fn find_merge(&self, account: AccountId, merge: MergeId) -> Result<Option<Merge>>;

    /// A page of the merges into a case and out of it, undone ones too, behind the merge with that id, newest first.
    async fn list_merges(
        &self,
        account: AccountId,
        case: CaseId,
        after: Option<MergeId>,
        limit: i64,
    ) -> Result<Page<Merge>>;

    /// The rows of a case among these, in the order of the request, and the other updates in the threads of its updates.
    /// Rows that do not exist, or are of another case, are left out.
    async fn list_movable(&self, account: AccountId, case: CaseId, wanted: &MovedIds) -> Result<Vec<MovedRow>>;
}
