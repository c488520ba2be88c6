//! Merging cases, and undoing it. Each case gets a decision, so that every log has an event and every version guards the
//! commit.

use super::DecisionBuilder;
use crate::{
    actor::Context,
    case::Case,
    decision::{Change, Decision},
    error::{FieldError, FieldErrors, Rejection},
    event::EventData,
    id::Entity,
    merge::{CASES_MAX, Merge, MergeChange, MergeEvent, MergedCase, NewMerge, PARTS_MAX, Undone},
    text,
    workflow::Workflow,
};

/// Decides that cases become parts of `into`. A case that does not exist is `None`. The decision on the survivor is the
/// last one.
///
/// # Errors
/// [`Rejection::Invalid`] with every fault of `cases` and `reason`; [`Rejection::Merged`] if the survivor or one of the
/// cases is a part of another case.
pub fn merge(
    (into, workflow): (&Case, &Workflow),
    cases: &[Option<(&Case, &Workflow)>],
    new: NewMerge,
    context: &Context,
) -> Result<Vec<Decision>, Rejection> {
    refuse_parts(into)?;
    let mut faults = FieldErrors::default();
    let reason = given_reason(&new.reason, &mut faults);
    if cases.is_empty() {
        faults.add("cases", "must name at least one case");
    }
    if cases.len() > CASES_MAX {
        let fault = FieldError::new("cases", format!("must name at most {CASES_MAX} cases"));
        return Err(Rejection::Invalid(faults.with([fault])));
    }
    let mut parts = Vec::<(&Case, &Workflow)>::with_capacity(cases.len());
    for (at, case) in cases.iter().enumerate() {
        let field = || format!("cases[{at}]");
        match case {
            None => faults.add(field(), "must be an existing case"),
            Some((case, _)) if case.id == into.id => faults.add(field(), "must be another case"),
            Some((case, _)) if parts.iter().any(|(part, _)| part.id == case.id) => {
                faults.add(field(), "is named twice");
            }
            Some(part) => parts.push(*part),
        }
    }
    let gained = parts.iter().map(|(part, _)| 1 + part.parts.len()).sum::<usize>();
    if into.parts.len() + gained > PARTS_MAX {
        faults.add("cases", format!("must leave the case with at most {PARTS_MAX} parts, their parts included"));
    }
    faults.finish()?;
    for (part, _) in &parts {
        refuse_parts(part)?;
    }
    let event = MergeEvent {
        undone: false,
        merge: new.id,
        into: into.id,
        into_uuid: into.uuid,
        cases: parts.iter().map(|(part, _)| part.uuid).collect(),
        reason: reason.clone(),
        at: context.now,
        parts: Vec::new(),
    };
    let mut decisions = record_on(&parts, &event, context);
    let mut survivor = DecisionBuilder::of(into, workflow, context);
    let gained = parts.iter().flat_map(|(part, _)| part.as_parts(new.id)).collect();
    survivor.record(EventData::Merge(Box::new(MergeEvent { parts: gained, ..event })));
    survivor.change(Change::Merge(MergeChange::Added(Box::new(Merge {
        account: into.account,
        id: new.id,
        into: into.id,
        into_uuid: into.uuid,
        cases: parts.iter().map(|(part, _)| MergedCase { id: part.id, uuid: part.uuid }).collect(),
        reason,
        merged_by: context.actor.clone(),
        merged_at: context.now,
        undone: None,
    }))));
    decisions.push(survivor.finish());
    Ok(decisions)
}

/// Decides that the cases of a merge are no parts any more. `parts` are all cases of the merge. The decision on the
/// survivor is the last one.
///
/// # Errors
/// [`Rejection::Invalid`] without a reason; [`Rejection::Merged`] if the survivor is a part of another case;
/// [`Rejection::NotFound`] if the merge is undone already.
pub fn unmerge(
    (into, workflow): (&Case, &Workflow),
    parts: &[(&Case, &Workflow)],
    merge: &Merge,
    reason: &str,
    context: &Context,
) -> Result<Vec<Decision>, Rejection> {
    refuse_parts(into)?;
    if merge.into != into.id || merge.undone.is_some() {
        return Err(Rejection::NotFound(Entity::Merge));
    }
    let mut faults = FieldErrors::default();
    let reason = given_reason(reason, &mut faults);
    faults.finish()?;
    let event = MergeEvent {
        undone: true,
        merge: merge.id,
        into: into.id,
        into_uuid: into.uuid,
        cases: merge.cases.iter().map(|case| case.uuid).collect(),
        reason: reason.clone(),
        at: merge.merged_at,
        parts: Vec::new(),
    };
    let mut decisions = record_on(parts, &event, context);
    let mut survivor = DecisionBuilder::of(into, workflow, context);
    survivor.record(EventData::Merge(Box::new(event)));
    let undone = Undone { by: context.actor.clone(), at: context.now, reason };
    survivor.change(Change::Merge(MergeChange::Undone(merge.id, undone)));
    decisions.push(survivor.finish());
    Ok(decisions)
}

/// Refuses a command on a case that is a part of another one.
pub(super) fn refuse_parts(case: &Case) -> Result<(), Rejection> {
    case.merged.map_or(Ok(()), |merged| Err(Rejection::Merged { into: merged.uuid }))
}

/// The reason of a merge, a split or an undo. It is required.
pub(super) fn given_reason(reason: &str, faults: &mut FieldErrors) -> String {
    let reason = reason.trim().to_owned();
    if reason.is_empty() {
        faults.extend([FieldError::new("reason", "must not be empty")]);
    } else {
        faults.keep(text::check_lines("reason", &reason, text::REASON_MAX));
    }
    reason
}

fn record_on(parts: &[(&Case, &Workflow)], event: &MergeEvent, context: &Context) -> Vec<Decision> {
    let decided = parts.iter().map(|(part, workflow)| {
        let mut builder = DecisionBuilder::of(part, workflow, context);
        builder.record(EventData::Merge(Box::new(event.clone())));
        builder.finish()
    });
    decided.collect()
}
