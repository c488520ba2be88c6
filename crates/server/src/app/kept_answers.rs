//! Counts the bytes of responses that are stored for retries, per account and day.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::NaiveDate;
use docket_domain::{id::AccountId, time::Timestamp};

/// For each account, the current day (UTC) and the bytes that this process stored on it. A response is stored for 24
/// hours, so an account has at most twice the limit at a time.
#[derive(Clone, Default)]
pub struct KeptAnswers(Arc<Mutex<HashMap<AccountId, (NaiveDate, u64)>>>);

impl KeptAnswers {
    /// Counts `bytes`, unless the sum of the day would exceed `limit`; returns whether it counted them.
    #[must_use]
    pub fn admit(&self, account: AccountId, bytes: u64, limit: u64, now: Timestamp) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (day, sum) = kept.entry(account).or_default();
        if *day != now.date_naive() {
            (*day, *sum) = (now.date_naive(), 0);
        }
        let next = sum.saturating_add(bytes);
        if next > limit {
            return false;
        }
        *sum = next;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_so_many_bytes_a_day() {
        let (kept, now) = (KeptAnswers::default(), "2026-03-02T23:00:00Z".parse::<Timestamp>().unwrap());
        let admit = |account, bytes, now| kept.admit(AccountId(account), bytes, 10, now);
        assert!(admit(1, 6, now) && !admit(1, 5, now) && admit(1, 4, now) && !admit(1, 1, now));
        assert!(admit(2, 10, now) && !admit(2, 11, now));
        assert!(admit(1, 10, now + chrono::TimeDelta::hours(1)));
    }
}
