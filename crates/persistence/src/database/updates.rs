//! Store of case updates.

use docket_domain::{
    id::{AccountId, UpdateId},
    page::PageNumber,
    store::{Result, UpdateStore},
    update::{CaseUpdate, UpdateFilter},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl UpdateStore for Database {
    async fn find_update(&self, account: AccountId, update: UpdateId) -> Result<Option<CaseUpdate>> {
        read!(self, updates::find(account, update))
    }

    async fn has_replies(&self, account: AccountId, update: UpdateId) -> Result<bool> {
        read!(self, updates::has_replies(account, update))
    }

    async fn list_updates(
        &self,
        account: AccountId,
        filter: &UpdateFilter,
        descending: bool,
        page: PageNumber,
    ) -> Result<Vec<CaseUpdate>> {
        let filter = filter.clone();
        list!(self, scan, updates::list(account, &filter, descending, page))
    }

    async fn count_updates(&self, account: AccountId, filter: &UpdateFilter) -> Result<i64> {
        let filter = filter.clone();
        list!(self, scan, updates::count(account, &filter))
    }
}
