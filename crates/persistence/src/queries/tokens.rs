//! Queries of access tokens.

use diesel::prelude::*;
use docket_domain::{access_token::AccessToken, account::ApiKey};

use super::{Conn, RunQueryDsl};
use crate::{
    error::QueryError,
    rows::{AccessTokenRow, KeyRow},
    schema::{access_tokens, api_keys},
    sql_types::Moment,
};

/// Runs inside a transaction. Deletes the key's expired tokens first, so that the table stays small.
pub(crate) async fn create(conn: &mut Conn, token: AccessToken) -> Result<(), QueryError> {
    let expired = access_tokens::table
        .filter(access_tokens::account_id.eq(token.account.0).and(access_tokens::key_id.eq(token.key.0)))
        .filter(access_tokens::expires_at.le(Moment(token.created_at)));
    diesel::delete(expired).execute(conn).await?;
    diesel::insert_into(access_tokens::table).values(AccessTokenRow::from(token)).execute(conn).await?;
    Ok(())
}

/// Has no account: authentication finds the account by the token.
pub(crate) async fn find(conn: &mut Conn, hash: &[u8]) -> Result<Option<(AccessToken, ApiKey)>, QueryError> {
    let key = api_keys::account_id.eq(access_tokens::account_id).and(api_keys::id.eq(access_tokens::key_id));
    let row = access_tokens::table
        .inner_join(api_keys::table.on(key))
        .filter(access_tokens::hash.eq(hash))
        .select((AccessTokenRow::as_select(), KeyRow::as_select()));
    let row = row.first::<(AccessTokenRow, KeyRow)>(conn).await.optional()?;
    row.map(|(token, key)| Ok((token.try_into()?, key.try_into()?))).transpose()
}
