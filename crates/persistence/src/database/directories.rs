//! Store of the directories: clients, regions, access groups and tasks.

use docket_domain::{
    directory::{AccessGroup, CaseTask, Client, DirectoryEntry, DirectoryFilter, Region},
    id::AccountId,
    store::{DirectoryStore, Result},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

macro_rules! directories {
    ($($entry:ident = $module:ident;)*) => {$(
        impl DirectoryStore<$entry> for Database {
            async fn find_entries(
                &self,
                account: AccountId,
                ids: &[<$entry as DirectoryEntry>::Id],
            ) -> Result<Vec<$entry>> {
                read!(self, directories::$module::find(account, ids))
            }

            async fn list_entries(
                &self,
                account: AccountId,
                filter: &DirectoryFilter,
                descending: bool,
                offset: i64,
                limit: i64,
            ) -> Result<Vec<$entry>> {
                read!(self, directories::$module::list(account, filter, descending, offset, limit))
            }

            async fn count_entries(&self, account: AccountId, filter: &DirectoryFilter) -> Result<i64> {
                read!(self, directories::$module::count(account, filter))
            }

            async fn create_entry(&self, entry: $entry) -> Result<$entry> {
                write!(self, directories::$module::create(entry) => |entry: &$entry| Some(entry.id.0))
            }
        }
    )*};
}

directories! {
    Client = clients;
    Region = regions;
    AccessGroup = access_groups;
    CaseTask = case_tasks;
}
