//! Setting the fields and tags of a case.

use super::DecisionBuilder;
use crate::{
    case::Edit,
    error::{FieldError, FieldErrors, Rejection},
    event::EventData,
    id::CaseRef,
};

pub(super) fn edit(builder: &mut DecisionBuilder<'_>, edits: Vec<Edit>) -> Result<(), Rejection> {
    let before = &builder.case.details;
    let edits = edits.into_iter().map(Edit::cleaned).collect::<Vec<_>>();
    // Of several edits of one field only the last one counts, and only if it changes the current value.
    let is_last = |at: usize, edit: &Edit| edits.iter().skip(at + 1).all(|later| later.field() != edit.field());
    let effective = edits.iter().enumerate().filter(|(at, edit)| is_last(*at, edit) && !edit.changes_nothing(before));
    let effective = effective.map(|(_, edit)| edit.clone()).collect::<Vec<_>>();
    if effective.is_empty() {
        return Ok(());
    }
    let mut details = before.clone();
    effective.iter().cloned().for_each(|edit| edit.apply(&mut details));
    let mut faults = FieldErrors::default();
    details.check(&mut faults);
    // Free fields that were stored under a greater limit stay valid until they are written again.
    if effective.iter().any(|edit| matches!(edit, Edit::CustomFields(_))) {
        details.check_free_fields(builder.context.free_fields_max, &mut faults);
    }
    faults.finish()?;
    builder.record(EventData::Edited(effective));
    Ok(())
}

pub(super) fn expect_parent(builder: &DecisionBuilder<'_>, named: Option<CaseRef>) -> Result<(), Rejection> {
    let case = &builder.case;
    let is_parent = match named {
        None => case.parent.is_none(),
        Some(CaseRef::Number(id)) => case.parent == Some(id),
        Some(CaseRef::Uuid(uuid)) => case.parent_uuid == Some(uuid),
    };
    if is_parent { Ok(()) } else { Err(FieldError::new("parent", "can only be set at creation").into()) }
}

pub(super) fn tag(builder: &mut DecisionBuilder<'_>, add: &[String], remove: &[String]) -> Result<(), Rejection> {
    let tags = builder.case.details.tags.without(remove).with(add);
    edit(builder, vec![Edit::Tags(tags)])
}
