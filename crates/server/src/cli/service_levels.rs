//! `docket service-levels`

use clap::Subcommand;
use docket_domain::service;
use serde_json::json;

use super::{
    output::print,
    store::{MAIN_ACCOUNT, StoreArgs, load_account},
};
use crate::{app, progress::spinner};

#[derive(Debug, Subcommand)]
pub(super) enum ServiceLevelsCommand {
    /// Compute the stored clocks of all cases of an account anew, closed ones too.
    Rebuild {
        /// Name of the account.
        #[arg(long, default_value = MAIN_ACCOUNT)]
        account: String,
    },
}

pub(super) fn run(command: ServiceLevelsCommand, store: &StoreArgs) -> anyhow::Result<()> {
    let ServiceLevelsCommand::Rebuild { account } = command;
    store.run_existing(async |store| {
        let account = load_account(store, &account).await?.id;
        let shown = spinner("computing clocks");
        let cases = service::rebuild_clocks(store, account, app::now(), |done| {
            shown.set_message(format!("clocks of {done} cases computed"));
        })
        .await?;
        print(json!({ "cases": cases }))
    })
}
