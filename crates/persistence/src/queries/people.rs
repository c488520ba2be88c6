//! The directory of people.

use diesel::prelude::*;
use docket_domain::{
    id::{AccountId, PersonId},
    person::Person,
};

use super::{Conn, RunQueryDsl};
use crate::{error::Failure, rows::PersonRow, schema::people};

pub(crate) async fn find(conn: &mut Conn, account: AccountId, wanted: &[PersonId]) -> Result<Vec<Person>, Failure> {
    let rows = people::table
        .filter(people::account_id.eq(account.0))
        .filter(people::id.eq_any(wanted.iter().map(|id| id.0)))
        .select(PersonRow::as_select())
        .load::<PersonRow>(conn)
        .await?;
    Ok(rows.into_iter().map(Person::try_from).collect::<Result<_, _>>()?)
}

pub(crate) async fn insert(conn: &mut Conn, person: &Person) -> Result<(), Failure> {
    diesel::insert_into(people::table).values(PersonRow::from(person)).execute(conn).await?;
    Ok(())
}
