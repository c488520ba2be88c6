//! Imports from the logs of other systems.

use super::Result;
use crate::{
    case::Case,
    id::AccountId,
    import::{ImportStep, ImportedCase},
};

/// Cases that were imported from a log.
#[expect(async_fn_in_trait, reason = "no caller needs the futures to be Send: a request stays on its worker")]
pub trait ImportStore {
    /// The imported cases among these ids of a log. Unknown ids are left out.
    async fn find_imported(
        &self,
        account: AccountId,
        source: &str,
        external_ids: &[String],
    ) -> Result<Vec<ImportedCase>>;

    /// Writes steps of different cases in one atomic step. Returns the cases after that in the same order, `None` for a
    /// step without a decision.
    ///
    /// # Errors
    /// [`StoreError::Stale`](crate::error::StoreError::Stale) if one of the cases was changed, or if more of its rows
    /// were imported, since it was read.
    async fn commit_imports(
        &self,
        account: AccountId,
        source: &str,
        steps: Vec<ImportStep>,
    ) -> Result<Vec<Option<Case>>>;
}
