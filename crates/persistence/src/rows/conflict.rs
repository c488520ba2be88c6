//! Rows of conflicts of interest.

use diesel::prelude::*;
use docket_domain::{
    actor::Actor,
    case::CasePhase,
    conflict::{ConflictCheck, ConflictHit, PartyRole, Side, Sides, Verdict},
    error::StoreError,
    id::{AccountId, CaseId, CheckId, PersonId},
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::damaged;
use crate::{
    schema::conflict_checks,
    sql_types::{JsonText, Moment, Uid},
};

/// A party with its case, and when it was added.
#[derive(Debug, Queryable)]
pub(crate) struct PartyRoleRow {
    person: i64,
    case: i64,
    role: String,
    uuid: Uid,
    case_number: String,
    case_name: Option<String>,
    phase: String,
    since: Moment,
}

impl TryFrom<PartyRoleRow> for PartyRole {
    type Error = StoreError;

    fn try_from(row: PartyRoleRow) -> Result<Self, StoreError> {
        Ok(Self {
            person: PersonId(row.person),
            case: CaseId(row.case),
            uuid: row.uuid.0,
            case_number: row.case_number,
            case_name: row.case_name,
            phase: CasePhase::parse(&row.phase).ok_or_else(|| damaged("cases.phase", &row.phase))?,
            role: row.role,
            since: row.since.0,
        })
    }
}

#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = conflict_checks, treat_none_as_default_value = false)]
pub(crate) struct ConflictCheckRow {
    account_id: i64,
    id: i64,
    case_id: i64,
    verdict: String,
    hits: JsonText,
    parties: String,
    run_by_id: Option<i64>,
    run_by_name: String,
    run_at: Moment,
    updated_at: Moment,
}

impl TryFrom<&ConflictCheck> for ConflictCheckRow {
    type Error = StoreError;

    fn try_from(check: &ConflictCheck) -> Result<Self, StoreError> {
        Ok(Self {
            account_id: check.account.0,
            id: check.id.0,
            case_id: check.case.0,
            verdict: check.verdict.as_str().to_owned(),
            hits: write_hits(&check.hits)?,
            parties: check.parties.clone(),
            run_by_id: check.run_by.id.map(|id| id.0),
            run_by_name: check.run_by.name.clone(),
            run_at: Moment(check.run_at),
            updated_at: Moment(check.updated_at),
        })
    }
}

/// The hits as JSON.
///
/// # Errors
/// If they cannot be serialized, which is a defect.
pub(crate) fn write_hits(hits: &[ConflictHit]) -> Result<JsonText, StoreError> {
    serde_json::to_string(hits).map(JsonText).map_err(|error| StoreError::Defect(error.to_string()))
}

impl ConflictCheckRow {
    /// Length of its text in bytes.
    pub(crate) fn text_len(&self) -> usize {
        self.hits.0.len()
    }

    pub(crate) fn check(self, case_uuid: Uuid) -> Result<ConflictCheck, StoreError> {
        Ok(ConflictCheck {
            account: AccountId(self.account_id),
            id: CheckId(self.id),
            case: CaseId(self.case_id),
            case_uuid,
            verdict: Verdict::parse(&self.verdict).ok_or_else(|| damaged("conflict_checks.verdict", &self.verdict))?,
            hits: serde_json::from_str(&self.hits.0).map_err(|_| damaged("conflict_checks.hits", &self.hits.0))?,
            parties: self.parties,
            run_by: Actor { id: self.run_by_id.map(PersonId), name: self.run_by_name },
            run_at: self.run_at.0,
            updated_at: self.updated_at.0,
        })
    }
}

pub(crate) fn read_sides(text: &str) -> Result<Sides, StoreError> {
    let is_damaged = || damaged("conflict_sides.sides", text);
    let roles = serde_json::from_str::<Map<String, Value>>(text).map_err(|_| is_damaged())?;
    let roles = roles.into_iter().map(|(role, side)| Some((role, Side::parse(side.as_str()?)?)));
    Sides::new(roles.collect::<Option<Vec<_>>>().ok_or_else(is_damaged)?).map_err(|_| is_damaged())
}

pub(crate) fn write_sides(sides: &Sides) -> String {
    let roles = sides.iter().map(|(role, side)| (role.to_owned(), json!(side.as_str())));
    Value::Object(roles.collect()).to_string()
}
