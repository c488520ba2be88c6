//! Storing settings of an account, its calendars and its service levels, and the clocks of its cases.

use super::Result;
use crate::{
    id::{AccountId, CaseId},
    service_level::{CaseClocks, StoredClock},
    time::Timestamp,
};

/// Kinds of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// A calendar of working hours.
    Calendar,
    /// A service level.
    ServiceLevel,
    /// A recomputation of the stored clocks that is wanted or in progress.
    Rebuild,
}

impl SettingKind {
    /// The word in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::ServiceLevel => "service_level",
            Self::Rebuild => "rebuild",
        }
    }
}

/// Settings of an account.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait SettingStore {
    /// The definitions of a kind as JSON, by key. An account has few.
    async fn list_settings(&self, account: AccountId, kind: SettingKind) -> Result<Vec<String>>;

    /// Stores a definition under its key, in place of the one before.
    async fn put_setting(&self, account: AccountId, kind: SettingKind, key: &str, definition: String) -> Result<()>;

    /// Accounts with a definition of a kind, at most `limit`.
    async fn list_accounts_with(&self, kind: SettingKind, limit: i64) -> Result<Vec<AccountId>>;

    /// Replaces a definition, or removes it. `false` if it is no longer `from`: then nothing changes.
    async fn replace_setting(
        &self,
        account: AccountId,
        kind: SettingKind,
        key: &str,
        from: &str,
        to: Option<String>,
    ) -> Result<bool>;

    /// Removes a definition. `false` if there is none.
    async fn remove_setting(&self, account: AccountId, kind: SettingKind, key: &str) -> Result<bool>;
}

/// The stored clocks of cases. A commit that moves a clock writes them.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait ClockStore {
    /// Cases of any account, neither deleted nor parts of others, with a clock whose next moment has come, at most `limit`, the earliest first.
    async fn list_due_clocks(&self, now: Timestamp, limit: i64) -> Result<Vec<(AccountId, CaseId)>>;

    /// The stored clocks of these cases, by case and target.
    async fn list_clocks(&self, account: AccountId, cases: &[CaseId]) -> Result<Vec<(CaseId, StoredClock)>>;

    /// Replaces the clocks of cases that still have the version. Others are left alone: their commits wrote theirs.
    async fn replace_clocks(&self, account: AccountId, clocks: &[CaseClocks]) -> Result<()>;
}
