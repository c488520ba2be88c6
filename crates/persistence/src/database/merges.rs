//! Store of merges, and of what a split moves.

use docket_domain::{
    id::{AccountId, CaseId},
    merge::{Merge, MergeId},
    page::Page,
    split::{MovedIds, MovedRow},
    store::{MergeStore, Result},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl MergeStore for Database {
    async fn find_merge(&self, account: AccountId, merge: MergeId) -> Result<Option<Merge>> {
        read!(self, merges::find(account, merge))
    }

    async fn list_merges(
        &self,
        account: AccountId,
        case: CaseId,
        after: Option<MergeId>,
        limit: i64,
    ) -> Result<Page<Merge>> {
        read!(self, merges::list(account, case, after, limit))
    }

    async fn list_movable(&self, account: AccountId, case: CaseId, wanted: &MovedIds) -> Result<Vec<MovedRow>> {
        read!(self, merges::list_movable(account, case, wanted))
    }
}
