//! Phases, archive and deletion.

use super::{Draft, transition::transition};
use crate::{case::CasePhase, command::TransitionRequest, error::Rejection, event::EventData, workflow::Phase};

/// The reason of a re-opening by phase for which the caller gave none: the transition needs a reason, a change of phase does
/// not.
const REOPENED: &str = "reopened through the API";

pub(super) fn enter_phase(draft: &mut Draft<'_>, phase: CasePhase, reason: Option<String>) -> Result<(), Rejection> {
    match phase {
        CasePhase::Archived => archive(draft),
        CasePhase::Closed => {
            unarchive(draft)?;
            match draft.case.phase {
                Phase::Closed => Ok(()),
                Phase::Active => transition(draft, &TransitionRequest::named("close", reason)),
            }
        }
        CasePhase::Active => match draft.case.phase {
            Phase::Active => Ok(()),
            Phase::Closed => {
                let reason = reason.filter(|reason| !reason.trim().is_empty());
                let reason = reason.unwrap_or_else(|| REOPENED.to_owned());
                transition(draft, &TransitionRequest::named("reopen", Some(reason)))
            }
        },
    }
}

pub(super) fn archive(draft: &mut Draft<'_>) -> Result<(), Rejection> {
    match draft.case.case_phase() {
        CasePhase::Active => Err(Rejection::CaseNotClosed),
        CasePhase::Closed => {
            draft.record(EventData::Archived);
            Ok(())
        }
        CasePhase::Archived => Ok(()),
    }
}

pub(super) fn unarchive(draft: &mut Draft<'_>) -> Result<(), Rejection> {
    if draft.case.archived_at.is_some() {
        draft.record(EventData::Unarchived);
    }
    Ok(())
}

pub(super) fn delete(draft: &mut Draft<'_>) -> Result<(), Rejection> {
    draft.record(EventData::Deleted);
    Ok(())
}

pub(super) fn restore(draft: &mut Draft<'_>) -> Result<(), Rejection> {
    if draft.case.deleted_at.is_none() {
        return Err(Rejection::CaseNotDeleted);
    }
    draft.record(EventData::Restored);
    Ok(())
}
