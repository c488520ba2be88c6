//! Queries of settings.

use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Text},
};
use docket_domain::{id::AccountId, store::SettingKind};

use super::{Conn, RunQueryDsl, execute_prepared};
use crate::{error::QueryError, schema::settings, sql_types::JsonText, statements::Limit};

/// Safety bound on the settings of a kind.
const LIMIT: i64 = 1_000;

pub(crate) async fn list(conn: &mut Conn, account: AccountId, kind: SettingKind) -> Result<Vec<String>, QueryError> {
    let of_kind = settings::table
        .filter(settings::account_id.eq(account.0).and(settings::kind.eq(kind.as_str())))
        .order_by(settings::key)
        .select(settings::definition);
    let definitions = of_kind.first_rows(LIMIT).load::<JsonText>(conn).await?;
    Ok(definitions.into_iter().map(|definition| definition.0).collect())
}

pub(crate) async fn put(
    conn: &mut Conn,
    account: AccountId,
    kind: SettingKind,
    key: &str,
    definition: &str,
) -> Result<(), QueryError> {
    let definition = JsonText(definition.to_owned());
    let row = (
        settings::account_id.eq(account.0),
        settings::kind.eq(kind.as_str()),
        settings::key.eq(key),
        settings::definition.eq(definition.clone()),
    );
    let saved = diesel::insert_into(settings::table)
        .values(row)
        .on_conflict((settings::account_id, settings::kind, settings::key))
        .do_update()
        .set(settings::definition.eq(definition));
    execute_prepared(conn, saved).await?;
    Ok(())
}

pub(crate) async fn remove(
    conn: &mut Conn,
    account: AccountId,
    kind: SettingKind,
    key: &str,
) -> Result<bool, QueryError> {
    let this = settings::table
        .filter(settings::account_id.eq(account.0).and(settings::kind.eq(kind.as_str())).and(settings::key.eq(key)));
    Ok(execute_prepared(conn, diesel::delete(this)).await? > 0)
}

/// Replaces a definition, or removes it, unless it is no longer `from`.
pub(crate) async fn replace(
    conn: &mut Conn,
    account: AccountId,
    kind: SettingKind,
    key: &str,
    from: &str,
    to: Option<&str>,
) -> Result<bool, QueryError> {
    let this = settings::table
        .filter(settings::account_id.eq(account.0).and(settings::kind.eq(kind.as_str())).and(settings::key.eq(key)))
        .filter(sql::<Bool>("CAST(definition AS TEXT) = ").bind::<Text, _>(from.to_owned()));
    let changed = match to {
        Some(to) => {
            let to = settings::definition.eq(JsonText(to.to_owned()));
            execute_prepared(conn, diesel::update(this).set(to)).await?
        }
        None => execute_prepared(conn, diesel::delete(this)).await?,
    };
    Ok(changed > 0)
}

/// Accounts with a definition of a kind. Only the background tasks ask across accounts.
pub(crate) async fn accounts_with(
    conn: &mut Conn,
    kind: SettingKind,
    limit: i64,
) -> Result<Vec<AccountId>, QueryError> {
    let accounts = settings::table.filter(settings::kind.eq(kind.as_str())).select(settings::account_id).distinct();
    Ok(accounts.first_rows(limit).load::<i64>(conn).await?.into_iter().map(AccountId).collect())
}
