//! `docket webhooks`

use actix_web::rt::System;
use anyhow::Context as _;
use clap::Subcommand;
use docket_domain::{
    id::{AccountId, WebhookId},
    store::WebhookStore as _,
    webhook::Webhook,
};
use docket_persistence::Database;

use super::{
    output::{ListArgs, print},
    store::{MAIN_ACCOUNT, StoreArgs, load_account},
};
use crate::{
    api::native::{events::read_position, webhooks::test_event},
    app,
    outbound::Outbound,
};

#[derive(Debug, Subcommand)]
pub(super) enum WebhooksCommand {
    /// List the webhooks of an account.
    List {
        #[command(flatten)]
        list: ListArgs,
        /// Name of the account.
        #[arg(long, default_value = MAIN_ACCOUNT)]
        account: String,
    },
    /// Send a test event to a webhook now, and print the attempt as JSON.
    Test {
        /// Id of the webhook.
        id: String,
        /// Let the request go to a private address, and without TLS.
        #[arg(long)]
        allow_private: bool,
        /// Name of the account.
        #[arg(long, default_value = MAIN_ACCOUNT)]
        account: String,
    },
    /// Send all events behind a cursor to a webhook again. A running server sends them.
    Replay {
        /// Id of the webhook.
        id: String,
        /// A cursor of `GET /api/v1/events`.
        #[arg(long)]
        after: String,
        /// Name of the account.
        #[arg(long, default_value = MAIN_ACCOUNT)]
        account: String,
    },
}

pub(super) fn run(command: WebhooksCommand, store: &StoreArgs) -> anyhow::Result<()> {
    store.check_exists()?;
    let connector = store.open_migrated()?;
    System::new().block_on(async {
        let store = connector.worker()?;
        match command {
            WebhooksCommand::List { list, account } => {
                let account = load_account(&store, &account).await?.id;
                let row = |webhook: Webhook| {
                    let state = if webhook.active {
                        "active".to_owned()
                    } else {
                        webhook.disabled_reason.unwrap_or_else(|| "inactive".to_owned())
                    };
                    let types = if webhook.types.is_empty() { "all".to_owned() } else { webhook.types.join(",") };
                    [webhook.id.to_string(), webhook.url, types, state]
                };
                let rows = store.list_webhooks(account).await?.into_iter().map(row).collect::<Vec<_>>();
                list.print(["id", "url", "types", "state"], &rows)
            }
            WebhooksCommand::Test { id, allow_private, account } => {
                let webhook = find(&store, &account, &id).await?.1;
                let (event, body) = test_event(&webhook, app::now());
                let secrets = webhook.secrets(app::now());
                let sent = Outbound::new(allow_private).send(&webhook.url, &secrets, &event, body).await;
                print(serde_json::to_string_pretty(&sent.attempt)?)?;
                anyhow::ensure!(sent.attempt.is_success(), "the receiver did not accept the event");
                Ok(())
            }
            WebhooksCommand::Replay { id, after, account } => {
                let (account, webhook) = find(&store, &account, &id).await?;
                let position = read_position(&store, account, &after).await.context("--after")?;
                Ok(store.rewind_webhook(account, webhook.id, position).await?)
            }
        }
    })
}

async fn find(store: &Database, account: &str, id: &str) -> anyhow::Result<(AccountId, Webhook)> {
    let account = load_account(store, account).await?.id;
    let parsed = WebhookId::parse(id).with_context(|| format!("{id:?} is no id of a webhook"))?;
    let found = store.find_webhook(account, parsed).await?;
    Ok((account, found.with_context(|| format!("the account has no webhook {id}"))?))
}
