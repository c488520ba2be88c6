//! Rows of the subjects of cases.

use diesel::prelude::*;
use docket_domain::{
    error::StoreError,
    id::{AccountId, CaseId, SubjectId},
    subject::Subject,
    text::search_key,
};

use super::damaged;
use crate::{
    schema::subjects,
    sql_types::{JsonText, Moment},
};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = subjects, treat_none_as_default_value = false)]
pub(crate) struct SubjectRow {
    account_id: i64,
    id: i64,
    case_id: i64,
    name: String,
    name_key: String,
    custom_fields: JsonText,
    created_at: Moment,
    updated_at: Moment,
}

impl SubjectRow {
    /// The row of a subject of `case`. `subject.case` is not set yet if the case is new.
    pub(crate) fn new(case: CaseId, subject: &Subject) -> Result<Self, StoreError> {
        Ok(Self {
            account_id: subject.account.0,
            id: subject.id.0,
            case_id: case.0,
            name: subject.name.clone(),
            name_key: search_key(&subject.name),
            custom_fields: custom_fields(subject)?,
            created_at: Moment(subject.created_at),
            updated_at: Moment(subject.updated_at),
        })
    }
}

/// The custom fields as JSON.
pub(crate) fn custom_fields(subject: &Subject) -> Result<JsonText, StoreError> {
    let text = serde_json::to_string(&subject.custom_fields);
    text.map(JsonText).map_err(|error| damaged("subjects.custom_fields", error))
}

impl TryFrom<SubjectRow> for Subject {
    type Error = StoreError;

    fn try_from(row: SubjectRow) -> Result<Self, StoreError> {
        let custom_fields = serde_json::from_str(&row.custom_fields.0);
        Ok(Self {
            account: AccountId(row.account_id),
            id: SubjectId(row.id),
            case: CaseId(row.case_id),
            name: row.name,
            custom_fields: custom_fields.map_err(|error| damaged("subjects.custom_fields", error))?,
            created_at: row.created_at.0,
            updated_at: row.updated_at.0,
        })
    }
}
