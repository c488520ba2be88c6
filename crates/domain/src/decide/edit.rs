//! Setting fields.

use super::Draft;
use crate::{
    case::Edit,
    error::{FieldErrors, Rejection},
    event::EventData,
};

pub(super) fn edit(draft: &mut Draft<'_>, edits: Vec<Edit>) -> Result<(), Rejection> {
    let mut details = draft.case.details.clone();
    let mut effective = Vec::with_capacity(edits.len());
    for edit in edits {
        if !edit.changes_nothing(&details) {
            edit.clone().apply(&mut details);
            effective.push(edit);
        }
    }
    if effective.is_empty() {
        return Ok(());
    }
    let mut faults = FieldErrors::default();
    details.check(&mut faults);
    faults.finish()?;
    draft.record(EventData::Edited(effective));
    Ok(())
}

pub(super) fn tag(draft: &mut Draft<'_>, add: &[String], remove: &[String]) -> Result<(), Rejection> {
    let tags = draft.case.details.tags.without(remove).with(add);
    edit(draft, vec![Edit::Tags(tags)])
}
