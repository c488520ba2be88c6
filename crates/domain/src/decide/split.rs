//! Splitting a case.

use super::{
    DecisionBuilder,
    create::begin,
    merge::{given_reason, refuse_parts},
    participants,
};
use crate::{
    actor::Context,
    case::{Case, Edit},
    decision::{Change, Decision},
    error::{FieldErrors, Rejection},
    event::{EventData, MoveEvent, MovedItem, SplitEvent},
    id::{Entity, EntityId as _, LinkId},
    link::{Link, LinkChange, LinkEvent, LinkKind, SPLIT_FROM},
    party::{NewParticipant, ParticipantKind, Party, Who},
    split::{MovedRow, Split},
    workflow::Workflow,
};

/// Decides that a new case takes over some things of a case. The decision on the new case is the last one.
///
/// # Errors
/// [`Rejection::Merged`] if the case is a part of another case, [`Rejection::NotFound`] if it is deleted, or every invalid
/// field of the new case and the reason.
pub fn split(
    (case, workflow): (&Case, &Workflow),
    new_workflow: &Workflow,
    split: Split,
    context: &Context,
) -> Result<[Decision; 2], Rejection> {
    if case.deleted_at.is_some() {
        return Err(Rejection::NotFound(Entity::Case));
    }
    refuse_parts(case)?;
    let Split { new, rows, parties, copied_parties, copied_staff, reason } = split;
    let mut faults = FieldErrors::default();
    let reason = given_reason(&reason, &mut faults);
    let mut next = match begin(new, new_workflow, context) {
        Err(Rejection::Invalid(more)) => return Err(Rejection::Invalid(faults.with(more))),
        begun => begun?,
    };
    faults.finish()?;
    let mut former = DecisionBuilder::of(case, workflow, context);
    let (from, into) = (case.uuid, next.case.uuid);
    for builder in [&mut former, &mut next] {
        builder.record(EventData::Split(SplitEvent { from, into, reason: reason.clone() }));
    }
    link(&mut next, case);
    for row in rows {
        let event = MoveEvent { item: row.item(), from, into };
        former.record(EventData::Moved(event.clone()));
        next.record(EventData::Moved(event));
        lose_primary(&mut former, &row);
        next.change(Change::Moved { from: case.id, row: Box::new(row) });
    }
    for party in &parties {
        participants::remove(&mut former, ParticipantKind::Party, party);
    }
    let known = |party: Party| NewParticipant { who: Who::Known(party.person, party.name), role: party.role };
    let new_parties = parties.into_iter().chain(copied_parties).map(known).collect();
    participants::add(&mut next, ParticipantKind::Party, &[], new_parties);
    participants::add(&mut next, ParticipantKind::Staff, &[], copied_staff.into_iter().map(known).collect());
    Ok([former.finish(), next.finish()])
}

fn link(next: &mut DecisionBuilder<'_>, from: &Case) {
    let link = Link {
        account: from.account,
        id: next.new_id::<LinkId>(),
        case: next.case.id,
        case_uuid: next.case.uuid,
        linked: from.id,
        linked_uuid: from.uuid,
        kind: LinkKind::named(SPLIT_FROM),
        created_at: next.context.now,
    };
    let event = LinkEvent { created: true, id: link.id, linked: link.linked_uuid, kind: link.kind.clone() };
    next.record(EventData::Link(event));
    next.change(Change::Link(LinkChange::Added(link)));
}

/// A subject that leaves the case cannot stay the primary one.
fn lose_primary(former: &mut DecisionBuilder<'_>, row: &MovedRow) {
    let MovedItem::Subject(subject) = row.item() else { return };
    if former.case.details.primary_subject.is_some_and(|primary| primary.integer() == subject.integer()) {
        former.record(EventData::Edited(vec![Edit::PrimarySubject(None)]));
    }
}
