//! Rows of people and of participants in cases.

use diesel::prelude::*;
use docket_domain::{
    error::StoreError,
    id::{AccountId, PersonId},
    party::Party,
    person::{Person, PersonKind},
};
use serde_json::json;

use super::damaged;
use crate::{
    schema::{participants, people},
    sql_types::{JsonText, Moment},
};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = people, treat_none_as_default_value = false, treat_none_as_null = true, primary_key(account_id, id))]
pub(crate) struct PersonRow {
    account_id: i64,
    id: i64,
    kind: String,
    name: String,
    aliases: JsonText,
    email: Option<String>,
    phone: Option<String>,
    title: Option<String>,
    active: bool,
    created_at: Moment,
    updated_at: Moment,
}

impl From<&Person> for PersonRow {
    fn from(person: &Person) -> Self {
        Self {
            account_id: person.account.0,
            id: person.id.0,
            kind: person.kind.as_str().to_owned(),
            name: person.name.clone(),
            aliases: JsonText(json!(person.aliases).to_string()),
            email: person.email.clone(),
            phone: person.phone.clone(),
            title: person.title.clone(),
            active: person.active,
            created_at: Moment(person.created_at),
            updated_at: Moment(person.updated_at),
        }
    }
}

impl TryFrom<PersonRow> for Person {
    type Error = StoreError;

    fn try_from(row: PersonRow) -> Result<Self, StoreError> {
        Ok(Self {
            account: AccountId(row.account_id),
            id: PersonId(row.id),
            kind: PersonKind::parse(&row.kind).ok_or_else(|| damaged("people.kind", &row.kind))?,
            name: row.name,
            aliases: serde_json::from_str(&row.aliases.0).map_err(|_| damaged("people.aliases", &row.aliases.0))?,
            email: row.email,
            phone: row.phone,
            title: row.title,
            active: row.active,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}

#[derive(Debug, Insertable)]
#[diesel(table_name = participants)]
pub(crate) struct ParticipantRow<'a> {
    pub(crate) account_id: i64,
    pub(crate) case_id: i64,
    pub(crate) side: &'static str,
    pub(crate) person_id: i64,
    pub(crate) role: &'a str,
    pub(crate) since: i64,
}

/// Builds a party from a row of participants joined with people.
pub(crate) fn party((person, role, name): (i64, String, String)) -> Party {
    Party { person: PersonId(person), role, name }
}
