//! `docket migrate`

use super::{StoreArgs, print};

/// Brings the schema up to date and prints what ran.
pub(super) fn run(store: &StoreArgs) -> anyhow::Result<()> {
    store.open()?.migrate()?.into_iter().try_for_each(print)
}
