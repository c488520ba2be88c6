//! Rows of merges.

use diesel::prelude::*;
use docket_domain::{
    actor::Actor,
    error::StoreError,
    id::{AccountId, CaseId, PersonId},
    merge::{Merge, MergeId, Undone},
};

use super::damaged;
use crate::{
    schema::{merge_cases, merges},
    sql_types::{JsonText, Moment, Uid},
};

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = merges, treat_none_as_default_value = false)]
pub(crate) struct MergeRow {
    account_id: i64,
    id: Uid,
    into_id: i64,
    into_uuid: Uid,
    cases: JsonText,
    reason: String,
    merged_by_id: Option<i64>,
    merged_by_name: String,
    merged_at: Moment,
    undone_by_id: Option<i64>,
    undone_by_name: Option<String>,
    undone_at: Option<Moment>,
    undone_reason: Option<String>,
}

/// A case of a merge: the survivor or a part.
#[derive(Debug, Insertable)]
#[diesel(table_name = merge_cases)]
pub(crate) struct MergeCaseRow {
    account_id: i64,
    case_id: i64,
    merge_id: Uid,
}

impl MergeCaseRow {
    /// The survivor and the parts.
    pub(crate) fn all(merge: &Merge) -> Vec<Self> {
        let cases = std::iter::once(merge.into).chain(merge.cases.iter().map(|case| case.id));
        let row = |case: CaseId| Self { account_id: merge.account.0, case_id: case.0, merge_id: Uid(merge.id.0) };
        cases.map(row).collect()
    }
}

impl TryFrom<&Merge> for MergeRow {
    type Error = StoreError;

    fn try_from(merge: &Merge) -> Result<Self, StoreError> {
        let undone = merge.undone.as_ref();
        let cases = serde_json::to_string(&merge.cases).map_err(|error| StoreError::Defect(error.to_string()))?;
        Ok(Self {
            account_id: merge.account.0,
            id: Uid(merge.id.0),
            into_id: merge.into.0,
            into_uuid: Uid(merge.into_uuid),
            cases: JsonText(cases),
            reason: merge.reason.clone(),
            merged_by_id: merge.merged_by.id.map(|id| id.0),
            merged_by_name: merge.merged_by.name.clone(),
            merged_at: Moment(merge.merged_at),
            undone_by_id: undone.and_then(|undone| undone.by.id).map(|id| id.0),
            undone_by_name: undone.map(|undone| undone.by.name.clone()),
            undone_at: undone.map(|undone| Moment(undone.at)),
            undone_reason: undone.map(|undone| undone.reason.clone()),
        })
    }
}

impl TryFrom<MergeRow> for Merge {
    type Error = StoreError;

    fn try_from(row: MergeRow) -> Result<Self, StoreError> {
        let undone = row.undone_at.map(|at| Undone {
            by: Actor { id: row.undone_by_id.map(PersonId), name: row.undone_by_name.unwrap_or_default() },
            at: at.0,
            reason: row.undone_reason.unwrap_or_default(),
        });
        Ok(Self {
            account: AccountId(row.account_id),
            id: MergeId(row.id.0),
            into: CaseId(row.into_id),
            into_uuid: row.into_uuid.0,
            cases: serde_json::from_str(&row.cases.0).map_err(|error| damaged("merges.cases", error))?,
            reason: row.reason,
            merged_by: Actor { id: row.merged_by_id.map(PersonId), name: row.merged_by_name },
            merged_at: row.merged_at.0,
            undone,
        })
    }
}
