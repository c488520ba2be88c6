//! `docket migrate`

use super::{output::print, store::StoreArgs};

/// Applies pending migrations and prints their names.
pub(super) fn run(store: &StoreArgs) -> anyhow::Result<()> {
    store.open()?.migrate()?.into_iter().try_for_each(print)
}
