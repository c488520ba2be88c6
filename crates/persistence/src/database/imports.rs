//! Store of imported cases and their external ids.

use docket_domain::{
    case::Case,
    id::AccountId,
    import::{ImportStep, ImportedCase},
    store::{ImportStore, Result},
};

use super::{Database, Kind};
use crate::{postgres, sqlite};

impl ImportStore for Database {
    async fn find_imported(
        &self,
        account: AccountId,
        source: &str,
        external_ids: &[String],
    ) -> Result<Vec<ImportedCase>> {
        read!(self, imports::find(account, source, external_ids))
    }

    async fn commit_imports(
        &self,
        account: AccountId,
        source: &str,
        steps: Vec<ImportStep>,
    ) -> Result<Vec<Option<Case>>> {
        let source = source.to_owned();
        write!(self, imports::write(account, &source, steps))
    }
}
