//! Rows of accounts and API keys.

use diesel::prelude::*;
use docket_domain::{
    account::{Account, ApiKey},
    actor::Actor,
    error::StoreError,
    id::{AccountId, KeyId, PersonId},
    scope::{Scope, Scopes},
    store::scopes_to_text,
};

use super::damaged;
use crate::{
    schema::{accounts, api_keys},
    sql_types::Moment,
};

#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub(crate) struct AccountRow {
    id: i64,
    name: String,
    created_at: Moment,
}

impl From<AccountRow> for Account {
    fn from(row: AccountRow) -> Self {
        Self { id: AccountId(row.id), name: row.name, created_at: row.created_at.0 }
    }
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = api_keys, treat_none_as_default_value = false)]
pub(crate) struct KeyRow {
    account_id: i64,
    id: i64,
    person_id: i64,
    name: String,
    client_id: String,
    secret_hash: Vec<u8>,
    scopes: String,
    created_at: Moment,
    expires_at: Option<Moment>,
    revoked_at: Option<Moment>,
    last_used_at: Option<Moment>,
    created_by: Option<i64>,
    revoked_by: Option<i64>,
}

impl KeyRow {
    /// The row of a key that acts as `person`.
    pub(crate) fn new(key: &ApiKey, person: PersonId) -> Self {
        Self {
            account_id: key.account.0,
            id: key.id.0,
            person_id: person.0,
            name: key.actor.name.clone(),
            client_id: key.client_id.clone(),
            secret_hash: key.secret_hash.clone(),
            scopes: scopes_to_text(key.scopes),
            created_at: Moment(key.created_at),
            expires_at: key.expires_at.map(Moment),
            revoked_at: key.revoked_at.map(Moment),
            last_used_at: key.last_used_at.map(Moment),
            created_by: key.created_by.map(|person| person.0),
            revoked_by: key.revoked_by.map(|person| person.0),
        }
    }
}

impl TryFrom<KeyRow> for ApiKey {
    type Error = StoreError;

    fn try_from(row: KeyRow) -> Result<Self, StoreError> {
        let scopes = row.scopes.split_whitespace().map(str::parse::<Scope>).collect::<Result<Scopes, _>>();
        Ok(Self {
            id: KeyId(row.id),
            account: AccountId(row.account_id),
            actor: Actor { id: Some(PersonId(row.person_id)), name: row.name },
            client_id: row.client_id,
            secret_hash: row.secret_hash,
            scopes: scopes.map_err(|_| damaged("api_keys.scopes", &row.scopes))?,
            created_at: row.created_at.0,
            expires_at: row.expires_at.map(|at| at.0),
            revoked_at: row.revoked_at.map(|at| at.0),
            last_used_at: row.last_used_at.map(|at| at.0),
            created_by: row.created_by.map(PersonId),
            revoked_by: row.revoked_by.map(PersonId),
        })
    }
}
