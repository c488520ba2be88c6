//! Uploads in progress. No database row has their bytes yet, but they count towards the limit of their account.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use docket_domain::id::AccountId;

/// Bytes received so far, per account.
#[derive(Clone, Default)]
pub struct Uploads(Arc<Mutex<HashMap<AccountId, u64>>>);

/// The bytes of one upload. Dropping it subtracts them from its account.
pub struct InProgress {
    uploads: Uploads,
    account: AccountId,
    bytes: u64,
}

impl Uploads {
    #[must_use]
    pub fn begin(&self, account: AccountId) -> InProgress {
        InProgress { uploads: self.clone(), account, bytes: 0 }
    }

    fn change(&self, account: AccountId, change: impl FnOnce(u64) -> u64) -> u64 {
        let mut uploads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = change(uploads.get(&account).copied().unwrap_or(0));
        if bytes == 0 {
            uploads.remove(&account);
        } else {
            uploads.insert(account, bytes);
        }
        bytes
    }
}

impl InProgress {
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// Adds bytes and returns the bytes of all uploads in progress of the account.
    pub fn add(&mut self, bytes: u64) -> u64 {
        self.bytes = self.bytes.saturating_add(bytes);
        self.uploads.change(self.account, |all| all.saturating_add(bytes))
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.uploads.change(self.account, |all| all.saturating_sub(self.bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_of_an_account_add_up_and_go_with_their_upload() {
        let uploads = Uploads::default();
        let (mut one, mut two, mut other) =
            (uploads.begin(AccountId(1)), uploads.begin(AccountId(1)), uploads.begin(AccountId(2)));
        assert_eq!((one.add(10), two.add(5), other.add(7), one.add(1)), (10, 15, 7, 16));
        drop(one);
        assert_eq!(two.add(0), 5);
        drop((two, other));
        assert!(uploads.0.lock().unwrap().is_empty());
    }
}
