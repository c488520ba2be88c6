//! `docket migrate`

use super::{output::print, store::StoreArgs};

/// Brings the schema up to date and prints what ran.
pub(super) fn run(store: &StoreArgs) -> anyhow::Result<()> {
    store.open()?.migrate()?.into_iter().try_for_each(print)
}
