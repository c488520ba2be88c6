//! Rows of case updates and their timetables.

use chrono::NaiveTime;
use diesel::prelude::*;
use docket_domain::{
    error::StoreError,
    id::{AccessGroupId, AccountId, CaseId, CaseTaskId, PersonId, SubjectId, UpdateDetailId, UpdateId},
    update::{CaseUpdate, UpdateDetail},
};

use super::damaged;
use crate::{
    schema::{case_updates, update_details},
    sql_types::Moment,
};

/// Format of a time of day.
const TIME_OF_DAY: &str = "%H:%M";

#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(
    table_name = case_updates,
    treat_none_as_default_value = false,
    treat_none_as_null = true,
    primary_key(account_id, id)
)]
pub(crate) struct UpdateRow {
    account_id: i64,
    id: i64,
    revision: i64,
    case_id: i64,
    subject_id: Option<i64>,
    task_id: Option<i64>,
    access_group_id: i64,
    thread_id: i64,
    title: String,
    body: String,
    activity_at: Moment,
    is_allday: bool,
    validated_at: Option<Moment>,
    validated_by_id: Option<i64>,
    is_valid: bool,
    created_by_id: Option<i64>,
    behalf_of_id: Option<i64>,
    author_id: Option<i64>,
    created_at: Moment,
    updated_at: Moment,
}

impl From<&CaseUpdate> for UpdateRow {
    fn from(update: &CaseUpdate) -> Self {
        Self {
            account_id: update.account.0,
            id: update.id.0,
            revision: update.revision,
            case_id: update.case.0,
            subject_id: update.subject.map(|id| id.0),
            task_id: update.task.map(|id| id.0),
            access_group_id: update.access_group.0,
            thread_id: update.thread.0,
            title: update.title.clone(),
            body: update.body.clone(),
            activity_at: Moment(update.activity_at),
            is_allday: update.is_allday,
            validated_at: update.validated_at.map(Moment),
            validated_by_id: update.validated_by.map(|id| id.0),
            is_valid: update.is_valid,
            created_by_id: update.created_by.map(|id| id.0),
            behalf_of_id: update.behalf_of.map(|id| id.0),
            author_id: update.author().map(|id| id.0),
            created_at: Moment(update.created_at),
            updated_at: Moment(update.updated_at),
        }
    }
}

impl UpdateRow {
    /// The update with its timetable, which has a separate table.
    pub(crate) fn with(self, details: Vec<UpdateDetail>) -> CaseUpdate {
        CaseUpdate {
            account: AccountId(self.account_id),
            id: UpdateId(self.id),
            revision: self.revision,
            case: CaseId(self.case_id),
            subject: self.subject_id.map(SubjectId),
            task: self.task_id.map(CaseTaskId),
            access_group: AccessGroupId(self.access_group_id),
            thread: UpdateId(self.thread_id),
            title: self.title,
            body: self.body,
            activity_at: self.activity_at.0,
            is_allday: self.is_allday,
            validated_at: self.validated_at.map(|at| at.0),
            validated_by: self.validated_by_id.map(PersonId),
            is_valid: self.is_valid,
            created_by: self.created_by_id.map(PersonId),
            behalf_of: self.behalf_of_id.map(PersonId),
            created_at: self.created_at.0,
            updated_at: self.updated_at.0,
            details,
        }
    }

    pub(crate) const fn id(&self) -> i64 {
        self.id
    }
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = update_details, treat_none_as_default_value = false)]
pub(crate) struct DetailRow {
    account_id: i64,
    id: i64,
    pub(crate) update_id: i64,
    place: i32,
    start_at: String,
    notes: String,
}

impl DetailRow {
    /// The rows of an update's timetable.
    pub(crate) fn all(update: &CaseUpdate) -> Vec<Self> {
        let row = |(place, detail): (i32, &UpdateDetail)| Self {
            account_id: update.account.0,
            id: detail.id.0,
            update_id: update.id.0,
            place,
            start_at: detail.start_at.format(TIME_OF_DAY).to_string(),
            notes: detail.notes.clone(),
        };
        (0..).zip(&update.details).map(row).collect()
    }
}

impl TryFrom<DetailRow> for UpdateDetail {
    type Error = StoreError;

    fn try_from(row: DetailRow) -> Result<Self, StoreError> {
        let start_at = NaiveTime::parse_from_str(&row.start_at, TIME_OF_DAY);
        Ok(Self {
            id: UpdateDetailId(row.id),
            start_at: start_at.map_err(|_| damaged("update_details.start_at", &row.start_at))?,
            notes: row.notes,
        })
    }
}
