//! Queries of the people directory.

use diesel::prelude::*;
use docket_domain::{
    account_event::AccountEvent,
    actor::Actor,
    error::StoreError,
    id::{AccountId, Entity, PersonId},
    page::Page,
    person::{Person, PersonFilter},
};

use super::{
    super::{next_ids, skip_ids},
    Conn, RunQueryDsl, account_events, conflicts, execute_prepared,
};
use crate::{error::QueryError, rows::PersonRow, schema::people, sql_types::Moment, statements::Limit};

pub(crate) async fn find(conn: &mut Conn, account: AccountId, wanted: &[PersonId]) -> Result<Vec<Person>, QueryError> {
    let rows = people::table
        .filter(people::account_id.eq(account.0))
        .filter(people::id.eq_any(wanted.iter().map(|id| id.0)))
        .select(PersonRow::as_select())
        .load::<PersonRow>(conn)
        .await?;
    Ok(rows.into_iter().map(Person::try_from).collect::<Result<_, _>>()?)
}

pub(crate) async fn insert(conn: &mut Conn, person: &Person) -> Result<(), QueryError> {
    diesel::insert_into(people::table).values(PersonRow::from(person)).execute(conn).await?;
    conflicts::add_keys(conn, &[person]).await
}

pub(crate) async fn create(conn: &mut Conn, person: Person, by: Option<Actor>) -> Result<Person, QueryError> {
    if person.id.0 != 0 {
        skip_ids(conn, Entity::Person, person.id.0).await?;
        let inserted = diesel::insert_into(people::table).values(PersonRow::from(&person)).execute(conn).await;
        inserted.map_err(QueryError::or_taken("the id"))?;
        conflicts::add_keys(conn, &[&person]).await?;
        account_events::append(conn, &[AccountEvent::person_created(&person, by)]).await?;
        return Ok(person);
    }
    let ids = next_ids(conn, &[Entity::Person]).await?;
    let [id] = ids.as_slice() else { return Err(QueryError::defect("one id was asked for")) };
    let person = Person { id: PersonId(*id), ..person };
    insert(conn, &person).await?;
    account_events::append(conn, &[AccountEvent::person_created(&person, by)]).await?;
    Ok(person)
}

/// The time of the last change is the version guard: every change moves it.
pub(crate) async fn update(
    conn: &mut Conn,
    before: &Person,
    person: Person,
    by: Option<Actor>,
) -> Result<(), QueryError> {
    let unchanged = people::table
        .filter(people::account_id.eq(before.account.0).and(people::id.eq(before.id.0)))
        .filter(people::updated_at.eq(Moment(before.updated_at)));
    match execute_prepared(conn, diesel::update(unchanged).set(PersonRow::from(&person))).await? {
        0 => Err(StoreError::Stale.into()),
        _ => {
            conflicts::replace_keys(conn, before, &person).await?;
            account_events::append(conn, &[AccountEvent::person_updated(before, &person, by)]).await
        }
    }
}

pub(crate) async fn list(
    conn: &mut Conn,
    account: AccountId,
    filter: PersonFilter,
    after: Option<PersonId>,
    limit: i64,
) -> Result<Page<Person>, QueryError> {
    let mut query = people::table.filter(people::account_id.eq(account.0)).into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(people::kind.eq(kind.as_str()));
    }
    if let Some(after) = after {
        query = query.filter(people::id.lt(after.0));
    }
    let rows = query.order_by(people::id.desc()).select(PersonRow::as_select()).first_rows(limit + 1);
    let rows = rows.load::<PersonRow>(conn).await?;
    let people = rows.into_iter().map(Person::try_from).collect::<Result<_, _>>()?;
    Ok(Page::cut(people, usize::try_from(limit).unwrap_or(usize::MAX)))
}
