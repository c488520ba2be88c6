//! `docket migrate`

use clap::Args;

use super::{output::print, store::StoreArgs};

#[derive(Debug, Args)]
pub(super) struct MigrateArgs {
    /// Then distribute the tables by account over the nodes of a Citus cluster.
    #[arg(long)]
    citus: bool,
}

/// Applies pending migrations and prints their names, then the names of the tables that it distributed.
pub(super) fn run(args: &MigrateArgs, store: &StoreArgs) -> anyhow::Result<()> {
    let connector = store.open()?;
    connector.migrate()?.into_iter().try_for_each(print)?;
    if args.citus {
        connector.distribute()?.into_iter().try_for_each(|table| print(format_args!("distributed {table}")))?;
    }
    Ok(())
}
