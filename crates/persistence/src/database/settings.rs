//! Store of settings.

use docket_domain::{
    id::AccountId,
    store::{Result, SettingKind, SettingStore},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl SettingStore for Database {
    async fn list_settings(&self, account: AccountId, kind: SettingKind) -> Result<Vec<String>> {
        read!(self, settings::list(account, kind))
    }

    async fn put_setting(&self, account: AccountId, kind: SettingKind, key: &str, definition: String) -> Result<()> {
        let key = key.to_owned();
        write!(self, settings::put(account, kind, &key, &definition))
    }

    async fn remove_setting(&self, account: AccountId, kind: SettingKind, key: &str) -> Result<bool> {
        let key = key.to_owned();
        write!(self, settings::remove(account, kind, &key))
    }
}
