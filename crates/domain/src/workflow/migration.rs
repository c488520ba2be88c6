//! The plan of a migration of cases from one version of a workflow to another. It is a function of both versions and the
//! number of cases by status.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    model::Workflow,
    status::{Status, StatusKey},
};
use crate::error::FieldErrors;

/// New status by old status, for the statuses that do not keep their key.
pub type StatusMap = BTreeMap<StatusKey, StatusKey>;

/// Where the cases of each status go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MigrationPlan {
    /// One row for each status of the old version.
    pub rows: Vec<MigrationRow>,
}

/// Where the cases of one status go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MigrationRow {
    /// The status in the old version.
    pub from_status: StatusKey,
    /// Number of cases in it.
    pub cases: u64,
    /// The status in the new version; `None` if the cases cannot move.
    pub to_status: Option<StatusKey>,
    /// Why the cases cannot move.
    pub reasons: Vec<Obstacle>,
}

/// Why cases cannot move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// The new version has no status with the key, and the map names none.
    NoSuchStatus,
    /// A closed case would become active. Only a reopening does that.
    TerminalToActive,
}

impl Obstacle {
    /// Every obstacle.
    pub const ALL: [Self; 2] = [Self::NoSuchStatus, Self::TerminalToActive];

    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoSuchStatus => "no_such_status",
            Self::TerminalToActive => "terminal_to_active",
        }
    }

    /// The reason in words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::NoSuchStatus => "the new version has no such status; name one in status_map",
            Self::TerminalToActive => "a closed status would become an active one; only a reopening does that",
        }
    }
}

impl MigrationPlan {
    /// Plans a migration. Statuses that only cases have, but not the old version, follow the others.
    #[must_use]
    pub fn new(old: &Workflow, new: &Workflow, map: &StatusMap, counts: &BTreeMap<StatusKey, u64>) -> Self {
        let others = counts.keys().filter(|key| old.status(key).is_none());
        let keys = old.statuses().iter().map(|status| &status.key).chain(others);
        let rows = keys.map(|key| {
            let target = target(old, new, map, key);
            MigrationRow {
                from_status: key.clone(),
                cases: counts.get(key).copied().unwrap_or(0),
                to_status: target.ok().map(|status| status.key.clone()),
                reasons: target.err().into_iter().collect(),
            }
        });
        Self { rows: rows.collect() }
    }

    /// Number of cases that can move.
    #[must_use]
    pub fn movable(&self) -> u64 {
        self.rows.iter().filter(|row| row.to_status.is_some()).map(|row| row.cases).sum()
    }
}

impl Workflow {
    /// The status that a case in status `key` of `old` gets in this version.
    ///
    /// # Errors
    /// Why it cannot move.
    pub fn migrated_status(&self, old: &Self, map: &StatusMap, key: &StatusKey) -> Result<&Status, Obstacle> {
        target(old, self, map, key)
    }
}

fn target<'w>(old: &Workflow, new: &'w Workflow, map: &StatusMap, key: &StatusKey) -> Result<&'w Status, Obstacle> {
    let to = new.status(map.get(key).unwrap_or(key)).ok_or(Obstacle::NoSuchStatus)?;
    let was_closed = old.status(key).is_some_and(Status::is_closed);
    if was_closed && !to.is_closed() { Err(Obstacle::TerminalToActive) } else { Ok(to) }
}

/// Notes the entries of a map that name an unknown status.
pub fn check_status_map(old: &[&Workflow], new: &Workflow, map: &StatusMap, faults: &mut FieldErrors) {
    for (from, to) in map {
        if !old.iter().any(|workflow| workflow.status(from).is_some()) {
            faults.add(format!("status_map.{from}"), "is no status of the old version");
        }
        if new.status(to).is_none() {
            let known = new.statuses().iter().map(|status| status.key.as_str()).collect::<Vec<_>>().join(", ");
            faults.add(format!("status_map.{from}"), format!("must be one of {known}"));
        }
    }
}
