//! Phases, archiving and deletion.

use super::{DecisionBuilder, transition::transition};
use crate::{case::CasePhase, command::TransitionRequest, error::Rejection, event::EventData, workflow::Phase};

/// Reason of a reopening when a caller of the native dialect gives none.
const REOPENED: &str = "reopened through the API";

pub(super) fn enter_phase(
    builder: &mut DecisionBuilder<'_>,
    phase: CasePhase,
    reason: Option<String>,
) -> Result<(), Rejection> {
    match phase {
        CasePhase::Archived => archive(builder),
        CasePhase::Closed => {
            unarchive(builder)?;
            match builder.case.phase {
                Phase::Closed => Ok(()),
                Phase::Active => transition(builder, &TransitionRequest::named("close", reason)),
            }
        }
        CasePhase::Active => match builder.case.phase {
            Phase::Active => Ok(()),
            Phase::Closed => {
                let reason = reason.filter(|reason| !reason.trim().is_empty());
                let reason = reason.unwrap_or_else(|| REOPENED.to_owned());
                transition(builder, &TransitionRequest::named("reopen", Some(reason)))
            }
        },
    }
}

pub(super) fn archive(builder: &mut DecisionBuilder<'_>) -> Result<(), Rejection> {
    match builder.case.case_phase() {
        CasePhase::Active => Err(Rejection::CaseNotClosed),
        CasePhase::Closed => {
            builder.record(EventData::Archived);
            Ok(())
        }
        CasePhase::Archived => Ok(()),
    }
}

pub(super) fn unarchive(builder: &mut DecisionBuilder<'_>) -> Result<(), Rejection> {
    if builder.case.archived_at.is_some() {
        builder.record(EventData::Unarchived);
    }
    Ok(())
}

pub(super) fn delete(builder: &mut DecisionBuilder<'_>) -> Result<(), Rejection> {
    builder.record(EventData::Deleted);
    Ok(())
}

pub(super) fn restore(builder: &mut DecisionBuilder<'_>) -> Result<(), Rejection> {
    if builder.case.deleted_at.is_none() {
        return Err(Rejection::CaseNotDeleted);
    }
    builder.record(EventData::Restored);
    Ok(())
}
