//! Changing the status of a case, by a transition of its workflow.

use super::Draft;
use crate::{
    command::TransitionRequest,
    error::{FieldError, Rejection},
    event::{EventData, StatusChange},
    text,
    workflow::{Plan, Planned, ReasonKind, Refusal},
};

pub(super) fn transition(draft: &mut Draft<'_>, request: &TransitionRequest) -> Result<(), Rejection> {
    let reason = request.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if let Some(reason) = reason {
        text::check_lines("reason", reason, text::REASON_MAX)?;
    }
    let workflow = draft.workflow;
    let plan = workflow.plan(&draft.case.status, &request.movement, &draft.case, draft.context, reason);
    let other_workflow = request.workflow.is_some_and(|named| named != draft.case.workflow);
    match plan {
        Err(refusal) => match refusal.kind() {
            ReasonKind::Forbidden => Err(Rejection::Forbidden(refusal)),
            ReasonKind::Invalid => Err(Rejection::Invalid(faults(&refusal))),
            ReasonKind::NotAllowed if other_workflow => Err(mismatch(draft)),
            ReasonKind::NotAllowed => Err(Rejection::NotAllowed(refusal)),
        },
        Ok(_) if other_workflow => Err(mismatch(draft)),
        Ok(Plan::Unchanged(_)) => Ok(()),
        Ok(Plan::Change(planned)) => {
            record(draft, &planned, reason);
            Ok(())
        }
    }
}

const fn mismatch(draft: &Draft<'_>) -> Rejection {
    Rejection::WorkflowMismatch { holds: draft.case.workflow }
}

/// The invalid fields of the request.
fn faults(refusal: &Refusal) -> Vec<FieldError> {
    refusal.of_kind(ReasonKind::Invalid).cloned().map(FieldError::from).collect()
}

fn record(draft: &mut Draft<'_>, planned: &Planned<'_>, reason: Option<&str>) {
    let (transition, to) = (planned.transition, planned.to);
    if transition.reopens() {
        // Only a closed case can be archived.
        if draft.case.archived_at.is_some() {
            draft.record(EventData::Unarchived);
        }
    }
    let series_instance = transition.reopens().then(|| draft.new_instance());
    draft.record(EventData::StatusChanged(StatusChange {
        transition: transition.name.clone(),
        from: draft.case.status.clone(),
        to: to.key.clone(),
        reason: reason.map(str::to_owned),
        phase: to.phase,
        outcome: to.outcome,
        reworks: transition.reworks(),
        series_instance,
    }));
}
