//! Queries of accounts and API keys.

use diesel::prelude::*;
use docket_domain::{
    account::{Account, ApiKey},
    account_event::AccountEvent,
    actor::Actor,
    id::{AccountId, Entity, KeyId, PersonId},
    person::{Person, PersonKind},
    time::Timestamp,
};

use super::{Conn, RunQueryDsl, account_events, people};
use crate::{
    error::QueryError,
    rows::{AccountRow, KeyRow},
    schema::{accounts, api_keys},
    sql_types::Moment,
};

pub(crate) async fn create(conn: &mut Conn, name: &str, now: Timestamp) -> Result<Account, QueryError> {
    let row = diesel::insert_into(accounts::table)
        .values((accounts::name.eq(name), accounts::created_at.eq(Moment(now))))
        .returning(AccountRow::as_returning())
        .get_result::<AccountRow>(conn)
        .await;
    Ok(row.map_err(QueryError::or_taken("the name of the account"))?.into())
}

pub(crate) async fn find(conn: &mut Conn, name: &str) -> Result<Option<Account>, QueryError> {
    let row = accounts::table.filter(accounts::name.eq(name)).select(AccountRow::as_select());
    Ok(row.first::<AccountRow>(conn).await.optional()?.map(Account::from))
}

pub(crate) async fn find_by_id(conn: &mut Conn, account: AccountId) -> Result<Option<Account>, QueryError> {
    let row = accounts::table.find(account.0).select(AccountRow::as_select());
    Ok(row.first::<AccountRow>(conn).await.optional()?.map(Account::from))
}

/// Runs inside a transaction, so that the key and its person are created together.
pub(crate) async fn create_key(conn: &mut Conn, mut key: ApiKey, by: Option<Actor>) -> Result<ApiKey, QueryError> {
    let ids = super::super::next_ids(conn, &[Entity::Person, Entity::Key]).await?;
    let [person, id] = ids.as_slice() else { return Err(QueryError::defect("two ids were asked for")) };
    let person = PersonId(*person);
    key.id = KeyId(*id);
    key.actor.id = Some(person);
    let named = Person::named(key.account, PersonKind::Staff, &*key.actor.name, key.created_at);
    let named = Person { id: person, ..named };
    people::insert(conn, &named).await?;
    diesel::insert_into(api_keys::table).values(KeyRow::new(&key, person)).execute(conn).await?;
    let person = AccountEvent::person_created(&named, by.clone());
    account_events::append(conn, &[person, AccountEvent::key_created(&key, by)]).await?;
    Ok(key)
}

/// Has no account: authentication finds the account by the key.
pub(crate) async fn find_key(conn: &mut Conn, client_id: &str) -> Result<Option<ApiKey>, QueryError> {
    let row = api_keys::table.filter(api_keys::client_id.eq(client_id)).select(KeyRow::as_select());
    Ok(row.first::<KeyRow>(conn).await.optional()?.map(ApiKey::try_from).transpose()?)
}

pub(crate) async fn list_keys(conn: &mut Conn, account: AccountId, limit: i64) -> Result<Vec<ApiKey>, QueryError> {
    let rows = api_keys::table
        .filter(api_keys::account_id.eq(account.0))
        .order_by(api_keys::id.asc())
        .limit(limit)
        .select(KeyRow::as_select())
        .load::<KeyRow>(conn)
        .await?;
    Ok(rows.into_iter().map(ApiKey::try_from).collect::<Result<_, _>>()?)
}

pub(crate) async fn revoke_key(
    conn: &mut Conn,
    account: AccountId,
    key: KeyId,
    by: Option<Actor>,
    now: Timestamp,
) -> Result<bool, QueryError> {
    let this = api_keys::table.filter(api_keys::account_id.eq(account.0).and(api_keys::id.eq(key.0)));
    let by_person = by.as_ref().and_then(|actor| actor.id).map(|id| id.0);
    let revoked = diesel::update(this.filter(api_keys::revoked_at.is_null()))
        .set((api_keys::revoked_at.eq(Moment(now)), api_keys::revoked_by.eq(by_person)))
        .returning(KeyRow::as_returning())
        .get_result::<KeyRow>(conn)
        .await
        .optional()?;
    if let Some(row) = revoked {
        let key = ApiKey::try_from(row)?;
        account_events::append(conn, &[AccountEvent::key_revoked(&key, by, now)]).await?;
        return Ok(true);
    }
    Ok(this.count().get_result::<i64>(conn).await? > 0)
}

pub(crate) async fn touch_key(
    conn: &mut Conn,
    account: AccountId,
    key: KeyId,
    now: Timestamp,
) -> Result<(), QueryError> {
    diesel::update(api_keys::table.filter(api_keys::account_id.eq(account.0).and(api_keys::id.eq(key.0))))
        .set(api_keys::last_used_at.eq(Moment(now)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Checks that the database responds.
pub(crate) async fn ping(conn: &mut Conn) -> Result<(), QueryError> {
    diesel::select(1.into_sql::<diesel::sql_types::Integer>()).get_result::<i32>(conn).await?;
    Ok(())
}
