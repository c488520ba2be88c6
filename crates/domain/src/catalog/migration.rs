//! A migration of cases between workflow versions, as it is stored while it runs.

use uuid::Uuid;

use crate::{
    actor::Actor,
    id::{AccountId, CaseId},
    time::Timestamp,
    workflow::{Obstacle, StatusKey, StatusMap, WorkflowId},
};

/// A migration of cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// The account.
    pub account: AccountId,
    /// Its id.
    pub id: Uuid,
    /// Key of the workflow.
    pub key: String,
    /// The versions whose cases move.
    pub from: Vec<WorkflowId>,
    /// The version that they move to.
    pub to: WorkflowId,
    /// New status by old status.
    pub status_map: StatusMap,
    /// Reason, for the events of the cases.
    pub reason: Option<String>,
    /// Who asked for it.
    pub actor: Actor,
    /// Whether it runs.
    pub state: MigrationState,
    /// Number of cases that could move when it began.
    pub planned: u64,
    /// How far it is.
    pub progress: MigrationProgress,
    /// When it began.
    pub created_at: Timestamp,
    /// When it last made progress.
    pub updated_at: Timestamp,
}

/// How far a migration is. It takes the cases in the order of their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MigrationProgress {
    /// The last case that was looked at; `None` before the first.
    pub after: Option<CaseId>,
    /// Number of cases that moved.
    pub moved: u64,
    /// Number of cases that cannot move.
    pub refused: u64,
}

/// State of a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationState {
    /// Cases are still being moved.
    Running,
    /// Every case was looked at.
    Done,
    /// It was stopped, because its workflow was removed.
    Cancelled,
}

impl MigrationState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Running, Self::Done, Self::Cancelled];

    /// The word on the wire and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Migration {
    /// Number of planned cases that did not move and are not refused: they left the old versions in between. 0 while it
    /// runs.
    #[must_use]
    pub const fn skipped(&self) -> u64 {
        match self.state {
            MigrationState::Running => 0,
            MigrationState::Done | MigrationState::Cancelled => self.planned.saturating_sub(self.progress.moved),
        }
    }
}

/// A case that cannot move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationRefusal {
    /// The case.
    pub case: CaseId,
    /// Its status.
    pub status: StatusKey,
    /// Why not.
    pub obstacle: Obstacle,
}
