//! Rows of stored clocks.

use diesel::prelude::*;
use docket_domain::{
    error::StoreError,
    service_level::{ClockState, StoredClock},
};

use super::damaged;
use crate::{schema::clocks, sql_types::Moment};

/// A clock, without its case.
#[derive(Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = clocks)]
pub(crate) struct ClockRow {
    target: String,
    level: String,
    state: String,
    warn_at: Option<Moment>,
    due_at: Option<Moment>,
    next_at: Option<Moment>,
}

impl From<&StoredClock> for ClockRow {
    fn from(clock: &StoredClock) -> Self {
        Self {
            target: clock.target.clone(),
            level: clock.level.clone(),
            state: clock.state.as_str().to_owned(),
            warn_at: clock.warn_at.map(Moment),
            due_at: clock.due_at.map(Moment),
            next_at: clock.next_at.map(Moment),
        }
    }
}

impl TryFrom<ClockRow> for StoredClock {
    type Error = StoreError;

    fn try_from(row: ClockRow) -> Result<Self, StoreError> {
        let state = ClockState::ALL.iter().find(|state| state.as_str() == row.state);
        Ok(Self {
            state: *state.ok_or_else(|| damaged("clocks.state", &row.state))?,
            target: row.target,
            level: row.level,
            warn_at: row.warn_at.map(|at| at.0),
            due_at: row.due_at.map(|at| at.0),
            next_at: row.next_at.map(|at| at.0),
        })
    }
}
