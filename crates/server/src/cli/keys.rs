//! `docket keys`

use clap::{Args, Subcommand};
use docket_domain::{
    account::check_expiry,
    id::KeyId,
    scope::{Scope, Scopes},
    service,
    store::{AccountStore as _, scopes_to_text},
    time::Timestamp,
};

use super::{
    output::{ListArgs, print},
    store::{MAIN_ACCOUNT, StoreArgs, load_account},
};
use crate::{
    app,
    auth::{KeyRequest, NewKey, check_key_name},
    wire::fields::parse_timestamp,
};

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Create a key and print it to stdout. It is not shown again.
    Create(CreateArgs),
    /// Print the keys of an account without their secrets, one per line.
    List {
        #[command(flatten)]
        account: AccountArgs,
        #[command(flatten)]
        list: ListArgs,
    },
    /// Revoke a key.
    Revoke {
        /// Id of the key, as `keys list` prints it.
        id: String,
        #[command(flatten)]
        account: AccountArgs,
    },
}

#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// Name of the key, shown as the actor of its changes.
    #[arg(long)]
    name: String,
    /// Comma-separated scopes: cases:read, cases:write, cases:delete, admin.
    #[arg(long, value_delimiter = ',', required = true)]
    scopes: Vec<Scope>,
    /// Expiry time (RFC 3339).
    #[arg(long, value_parser = timestamp)]
    expires_at: Option<Timestamp>,
    #[command(flatten)]
    account: AccountArgs,
}

#[derive(Debug, Args)]
pub(super) struct AccountArgs {
    /// Name of the account.
    #[arg(long, env = "DOCKET_ACCOUNT", default_value = MAIN_ACCOUNT)]
    account: String,
}

pub(super) fn run(command: KeysCommand, store: &StoreArgs) -> anyhow::Result<()> {
    match command {
        KeysCommand::Create(args) => create(args, store),
        KeysCommand::List { account, list } => print_keys(&account, &list, store),
        KeysCommand::Revoke { id, account } => revoke(&id, &account, store),
    }
}

fn create(args: CreateArgs, store: &StoreArgs) -> anyhow::Result<()> {
    check_key_name(&args.name)?;
    args.expires_at.map_or(Ok(()), |end| check_expiry(end, app::now()))?;
    let token = store.run(async |store| {
        let account = load_account(store, &args.account.account).await?.id;
        let scopes = args.scopes.into_iter().collect::<Scopes>();
        let request = KeyRequest { account, name: args.name, scopes, expires_at: args.expires_at, created_by: None };
        let NewKey { key, token } = NewKey::make(request, app::now())?;
        service::create_operator_key(store, key, app::now()).await?;
        Ok(token)
    })?;
    print(token)
}

fn print_keys(account: &AccountArgs, list: &ListArgs, store: &StoreArgs) -> anyhow::Result<()> {
    let keys = store.run_existing(async |store| {
        let account = load_account(store, &account.account).await?.id;
        Ok(store.list_keys(account, i64::from(i32::MAX)).await?)
    })?;
    let rows = keys.into_iter().map(|key| {
        let state = if key.is_usable(app::now()) { "usable" } else { "unusable" };
        [key.id.to_string(), state.to_owned(), key.client_id.to_string(), scopes_to_text(key.scopes), key.actor.name]
    });
    list.print(["id", "state", "client_id", "scopes", "name"], &rows.collect::<Vec<_>>())
}

fn revoke(id: &str, account: &AccountArgs, store: &StoreArgs) -> anyhow::Result<()> {
    let found = store.run_existing(async |store| {
        let account = load_account(store, &account.account).await?.id;
        let Some(key) = KeyId::parse(id) else { return Ok(false) };
        Ok(service::revoke_key_by_operator(store, account, key, app::now()).await?)
    })?;
    anyhow::ensure!(found, "unknown key {id:?}");
    Ok(())
}

fn timestamp(text: &str) -> Result<Timestamp, &'static str> {
    parse_timestamp(text).ok_or("must be a time (RFC 3339)")
}
