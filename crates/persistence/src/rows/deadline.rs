//! Rows of deadlines.

use chrono::NaiveDate;
use diesel::prelude::*;
use docket_domain::{
    case::Case,
    deadline::{Computation, Deadline, Step},
    error::StoreError,
    id::{AccountId, CaseId, DeadlineId, PersonId},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::damaged;
use crate::{
    schema::deadlines,
    sql_types::{JsonText, Moment},
};

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = deadlines,
    treat_none_as_default_value = false,
    treat_none_as_null = true,
    primary_key(account_id, id)
)]
pub(crate) struct DeadlineRow {
    account_id: i64,
    id: i64,
    case_id: i64,
    title: String,
    kind: String,
    due_at: String,
    last_moment: Moment,
    computation: Option<JsonText>,
    steps: JsonText,
    state: String,
    assigned_to: Option<i64>,
    verified_by: Option<i64>,
    set_by: Option<i64>,
    warn_on: Option<NaiveDate>,
    created_at: Moment,
    updated_at: Moment,
}

impl DeadlineRow {
    pub(crate) fn new(case: &Case, deadline: &Deadline) -> Result<Self, StoreError> {
        Ok(Self {
            account_id: case.account.0,
            id: deadline.id.0,
            case_id: case.id.0,
            title: deadline.title.clone(),
            kind: deadline.kind.to_string(),
            due_at: deadline.due.to_string(),
            last_moment: Moment(deadline.due.last_moment()),
            computation: deadline.computation.as_ref().map(to_json).transpose()?,
            steps: to_json(&deadline.steps)?,
            state: deadline.state.to_string(),
            assigned_to: deadline.assigned_to.map(|id| id.0),
            verified_by: deadline.verified_by.map(|id| id.0),
            set_by: deadline.set_by.map(|id| id.0),
            warn_on: deadline.warn_on,
            created_at: Moment(deadline.created_at),
            updated_at: Moment(deadline.updated_at),
        })
    }

    pub(crate) fn deadline(self, case_uuid: Uuid) -> Result<Deadline, StoreError> {
        let computation = self.computation.map(|json| from_json::<Computation>("deadlines.computation", &json));
        Ok(Deadline {
            account: AccountId(self.account_id),
            id: DeadlineId(self.id),
            case: CaseId(self.case_id),
            case_uuid,
            title: self.title,
            kind: self.kind.parse().map_err(|_| damaged("deadlines.kind", &self.kind))?,
            due: self.due_at.parse().map_err(|_| damaged("deadlines.due_at", &self.due_at))?,
            computation: computation.transpose()?,
            steps: from_json::<Vec<Step>>("deadlines.steps", &self.steps)?,
            state: self.state.parse().map_err(|_| damaged("deadlines.state", &self.state))?,
            assigned_to: self.assigned_to.map(PersonId),
            verified_by: self.verified_by.map(PersonId),
            set_by: self.set_by.map(PersonId),
            warn_on: self.warn_on,
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
        })
    }
}

fn to_json(value: &impl Serialize) -> Result<JsonText, StoreError> {
    serde_json::to_string(value).map(JsonText).map_err(|error| StoreError::Defect(error.to_string()))
}

fn from_json<T: DeserializeOwned>(column: &str, json: &JsonText) -> Result<T, StoreError> {
    serde_json::from_str(&json.0).map_err(|error| damaged(column, error))
}
