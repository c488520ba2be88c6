//! What was imported from the logs of other systems.

use super::Result;
use crate::{
    case::Case,
    id::AccountId,
    import::{ImportStep, ImportedCase},
};

/// What has been imported from which log.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait ImportStore {
    /// What is known of these cases of a log; what is not is left out.
    async fn find_imported(
        &self,
        account: AccountId,
        source: &str,
        external_ids: &[String],
    ) -> Result<Vec<ImportedCase>>;

    /// Writes steps of many cases in one atomic step and gives the cases as they are then, in the same order; none for a
    /// step without a decision. No two of the steps are of the same case.
    ///
    /// # Errors
    /// [`StoreError::Stale`](crate::error::StoreError::Stale) where one of the cases was changed, or more of its rows
    /// imported, since it was read.
    async fn commit_imports(
        &self,
        account: AccountId,
        source: &str,
        steps: Vec<ImportStep>,
    ) -> Result<Vec<Option<Case>>>;
}
