//! Storing settings of an account: its calendars and its service levels.

use super::Result;
use crate::id::AccountId;

/// Kinds of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// A calendar of working hours.
    Calendar,
    /// A service level.
    ServiceLevel,
}

impl SettingKind {
    /// The word in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::ServiceLevel => "service_level",
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

    /// Removes a definition. `false` if there is none.
    async fn remove_setting(&self, account: AccountId, kind: SettingKind, key: &str) -> Result<bool>;
}
