//! Store of settings and of the clocks of cases.

use docket_domain::{
    id::{AccountId, CaseId},
    service_level::{CaseClocks, StoredClock},
    store::{ClockStore, Result, SettingKind, SettingStore},
    time::Timestamp,
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl SettingStore for Database {
    async fn list_settings(&self, account: AccountId, kind: SettingKind) -> Result<Vec<String>> {
        if let Some(kept) = self.caches.settings(account, kind) {
            return Ok(kept.to_vec());
        }
        let settings = read!(self, settings::list(account, kind))?;
        Ok(self.caches.keep_settings(account, kind, settings))
    }

    async fn put_setting(&self, account: AccountId, kind: SettingKind, key: &str, definition: String) -> Result<()> {
        let key = key.to_owned();
        let put = write!(self, settings::put(account, kind, &key, &definition));
        self.caches.forget_settings(account, kind);
        put
    }

    async fn replace_setting(
        &self,
        account: AccountId,
        kind: SettingKind,
        key: &str,
        from: &str,
        to: Option<String>,
    ) -> Result<bool> {
        let (key, from) = (key.to_owned(), from.to_owned());
        let replaced = write!(self, settings::replace(account, kind, &key, &from, to.as_deref()));
        self.caches.forget_settings(account, kind);
        replaced
    }

    async fn list_accounts_with(&self, kind: SettingKind, limit: i64) -> Result<Vec<AccountId>> {
        read!(self, settings::accounts_with(kind, limit))
    }

    async fn remove_setting(&self, account: AccountId, kind: SettingKind, key: &str) -> Result<bool> {
        let key = key.to_owned();
        let removed = write!(self, settings::remove(account, kind, &key));
        self.caches.forget_settings(account, kind);
        removed
    }
}

impl ClockStore for Database {
    async fn list_due_clocks(&self, now: Timestamp, limit: i64) -> Result<Vec<(AccountId, CaseId)>> {
        read!(self, clocks::list_due(now, limit))
    }

    async fn list_clocks(&self, account: AccountId, cases: &[CaseId]) -> Result<Vec<(CaseId, StoredClock)>> {
        read!(self, clocks::list(account, cases))
    }

    async fn replace_clocks(&self, account: AccountId, clocks: &[CaseClocks]) -> Result<()> {
        let clocks = clocks.to_vec();
        write!(self, clocks::replace_all(account, &clocks))
    }
}
