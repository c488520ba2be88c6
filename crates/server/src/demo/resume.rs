//! Lets the next start continue an interrupted fill.

use docket_domain::error::{Error, StoreError};

/// Success also if an earlier, interrupted start created the row.
pub(super) fn created_or_exists<T>(result: Result<T, Error>) -> anyhow::Result<()> {
    match result {
        Ok(_) | Err(Error::Store(StoreError::Taken(_))) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
