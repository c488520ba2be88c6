//! Changing the status of a case, by a transition of its workflow.

use super::DecisionBuilder;
use crate::{
    command::TransitionRequest,
    error::{FieldError, Rejection},
    event::{EventData, StatusChange},
    text,
    workflow::{PlannedTransition, ReasonKind, Refusal, TransitionPlan},
};

pub(super) fn transition(builder: &mut DecisionBuilder<'_>, request: &TransitionRequest) -> Result<(), Rejection> {
    let reason = request.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if let Some(reason) = reason {
        text::check_lines("reason", reason, text::REASON_MAX)?;
    }
    let workflow = builder.workflow;
    let plan = workflow.plan(&builder.case.status, &request.movement, &builder.case, builder.context, reason);
    let other_workflow = request.workflow.is_some_and(|named| named != builder.case.workflow);
    match plan {
        Err(refusal) => match refusal.kind() {
            ReasonKind::Forbidden => Err(Rejection::Forbidden(refusal)),
            ReasonKind::Invalid => Err(Rejection::Invalid(faults(&refusal))),
            ReasonKind::NotAllowed if other_workflow => Err(mismatch(builder)),
            ReasonKind::NotAllowed => Err(Rejection::NotAllowed(refusal)),
        },
        Ok(_) if other_workflow => Err(mismatch(builder)),
        Ok(TransitionPlan::Unchanged(_)) => Ok(()),
        Ok(TransitionPlan::Change(planned)) => {
            record(builder, &planned, reason);
            Ok(())
        }
    }
}

const fn mismatch(builder: &DecisionBuilder<'_>) -> Rejection {
    Rejection::WorkflowMismatch { holds: builder.case.workflow }
}

/// The invalid fields of the request.
fn faults(refusal: &Refusal) -> Vec<FieldError> {
    refusal.of_kind(ReasonKind::Invalid).cloned().map(FieldError::from).collect()
}

fn record(builder: &mut DecisionBuilder<'_>, planned: &PlannedTransition<'_>, reason: Option<&str>) {
    let (transition, to) = (planned.transition, planned.to);
    if transition.reopens() {
        // Only a closed case can be archived.
        if builder.case.archived_at.is_some() {
            builder.record(EventData::Unarchived);
        }
    }
    let series_instance = transition.reopens().then(|| builder.new_instance());
    builder.record(EventData::StatusChanged(StatusChange {
        transition: transition.name.clone(),
        from: builder.case.status.clone(),
        to: to.key.clone(),
        reason: reason.map(str::to_owned),
        phase: to.phase,
        outcome: to.outcome,
        reworks: transition.reworks(),
        series_instance,
    }));
}
