//! Rows of access tokens.

use diesel::prelude::*;
use docket_domain::{
    access_token::AccessToken,
    error::StoreError,
    id::{AccountId, KeyId},
    scope::{Scope, Scopes},
    store::scopes_to_text,
};

use super::damaged;
use crate::{schema::access_tokens, sql_types::Moment};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = access_tokens)]
pub(crate) struct AccessTokenRow {
    account_id: i64,
    hash: Vec<u8>,
    key_id: i64,
    scopes: String,
    created_at: Moment,
    expires_at: Moment,
}

impl From<AccessToken> for AccessTokenRow {
    fn from(token: AccessToken) -> Self {
        Self {
            account_id: token.account.0,
            hash: token.hash,
            key_id: token.key.0,
            scopes: scopes_to_text(token.scopes),
            created_at: Moment(token.created_at),
            expires_at: Moment(token.expires_at),
        }
    }
}

impl TryFrom<AccessTokenRow> for AccessToken {
    type Error = StoreError;

    fn try_from(row: AccessTokenRow) -> Result<Self, StoreError> {
        let scopes = row.scopes.split_whitespace().map(str::parse::<Scope>).collect::<Result<Scopes, _>>();
        Ok(Self {
            account: AccountId(row.account_id),
            key: KeyId(row.key_id),
            hash: row.hash,
            scopes: scopes.map_err(|_| damaged("access_tokens.scopes", &row.scopes))?,
            created_at: row.created_at.0,
            expires_at: row.expires_at.0,
        })
    }
}
