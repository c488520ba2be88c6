//! Moving a case to another workflow version.

use super::DecisionBuilder;
use crate::{
    actor::Context,
    case::Case,
    decision::Decision,
    event::{EventData, WorkflowMigrated},
    workflow::{Obstacle, StatusMap, Workflow},
};

/// Decides on the move of a case, deleted or not, from the version that it follows to another.
///
/// # Errors
/// Why the case cannot move.
pub fn migrate(
    case: &Case,
    old: &Workflow,
    new: &Workflow,
    map: &StatusMap,
    reason: Option<&str>,
    context: &Context,
) -> Result<Decision, Obstacle> {
    let to = new.migrated_status(old, map, &case.status)?;
    let mut builder = DecisionBuilder::of(case, new, context);
    builder.record(EventData::WorkflowMigrated(WorkflowMigrated {
        from: case.workflow,
        to: new.id(),
        from_status: case.status.clone(),
        to_status: to.key.clone(),
        reason: reason.map(str::to_owned),
        phase: to.phase,
        outcome: to.outcome,
    }));
    Ok(builder.finish())
}
