//! Rows of notes.

use diesel::prelude::*;
use docket_domain::{
    actor::Actor,
    case::Case,
    id::{AccountId, CaseId, NoteId, PersonId},
    note::Note,
};
use uuid::Uuid;

use crate::{schema::notes, sql_types::Moment};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = notes, treat_none_as_default_value = false)]
pub(crate) struct NoteRow {
    account_id: i64,
    id: i64,
    case_id: i64,
    body: String,
    author_id: Option<i64>,
    author_name: String,
    created_at: Moment,
    updated_at: Moment,
}

impl NoteRow {
    pub(crate) fn new(case: &Case, note: &Note) -> Self {
        Self {
            account_id: case.account.0,
            id: note.id.0,
            case_id: case.id.0,
            body: note.body.clone(),
            author_id: note.author.id.map(|id| id.0),
            author_name: note.author.name.clone(),
            created_at: Moment(note.created_at),
            updated_at: Moment(note.updated_at),
        }
    }

    pub(crate) fn note(self, case_uuid: Uuid) -> Note {
        Note {
            account: AccountId(self.account_id),
            id: NoteId(self.id),
            case: CaseId(self.case_id),
            case_uuid,
            body: self.body,
            author: Actor { id: self.author_id.map(PersonId), name: self.author_name },
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
        }
    }
}
