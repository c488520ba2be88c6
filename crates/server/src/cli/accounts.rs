//! `docket accounts`

use clap::Subcommand;
use docket_domain::{store::AccountStore as _, text};

use super::{output::print, store::StoreArgs};
use crate::app;

#[derive(Debug, Subcommand)]
pub(super) enum AccountsCommand {
    /// Create an account and print its id.
    Create {
        /// Name of the account.
        name: String,
    },
}

pub(super) fn run(command: AccountsCommand, store: &StoreArgs) -> anyhow::Result<()> {
    let AccountsCommand::Create { name } = command;
    text::check_line("name", &name, text::SHORT_MAX)?;
    let account = store.run(async |store| Ok(store.create_account(&name, app::now()).await?))?;
    print(account.id.0)
}
