//! Counting cases.

use super::Result;
use crate::{
    id::AccountId,
    statistics::{Statistics, StatisticsFilter, Today},
};

/// Figures over the cases of an account.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait StatisticsStore {
    /// Counts the matching cases, all at one moment.
    async fn count_statistics(&self, account: AccountId, filter: &StatisticsFilter, today: Today)
    -> Result<Statistics>;
}
