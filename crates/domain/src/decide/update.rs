//! Adding, changing, moving, validating and invalidating case updates.

use super::{DecisionBuilder, merge::refuse_parts};
use crate::{
    actor::Context,
    case::Case,
    decision::{Change, Decision},
    error::{FieldErrors, Rejection},
    event::EventData,
    id::{CaseId, Entity},
    revision::next_change,
    update::{CaseUpdate, NewDetail, UpdateAction, UpdateContent, UpdateDetail, UpdateEvent, WriteUpdate},
    workflow::Workflow,
};

/// Decides the move of an update from one case to another. Each case gets a decision, so that both logs have an event
/// and both versions guard the commit.
///
/// # Errors
/// Every invalid field, every reference to a missing row, and what the thread of the update does not allow.
/// [`Rejection::NotFound`] if the update or a case does not exist.
pub fn move_update(
    (from, from_workflow): (&Case, &Workflow),
    (to, to_workflow): (&Case, &Workflow),
    write: WriteUpdate,
    context: &Context,
) -> Result<[Decision; 2], Rejection> {
    let (mut former, mut next) =
        (DecisionBuilder::of(from, from_workflow, context), DecisionBuilder::of(to, to_workflow, context));
    if from.deleted_at.is_some() || write.present.as_ref().is_none_or(|present| present.case != from.id) {
        return Err(Rejection::NotFound(Entity::Update));
    }
    if to.deleted_at.is_some() {
        return Err(Rejection::NotFound(Entity::Case));
    }
    refuse_parts(to)?;
    let update = written(&mut next, write)?;
    record(&mut former, &update, UpdateAction::Edited, vec!["case_id".to_owned()], Some(to.id));
    Ok([former.finish(), next.finish()])
}

/// Adds or changes an update of the builder's case.
pub(super) fn write(builder: &mut DecisionBuilder<'_>, write: WriteUpdate) -> Result<(), Rejection> {
    if write.present.as_ref().is_some_and(|present| present.case != builder.case.id) {
        return Err(Rejection::NotFound(Entity::Update));
    }
    written(builder, write).map(|_| ())
}

/// Adds or changes an update of the builder's case, and returns it.
fn written(builder: &mut DecisionBuilder<'_>, write: WriteUpdate) -> Result<CaseUpdate, Rejection> {
    let WriteUpdate { present, edits, facts } = write;
    let case = builder.case.id;
    let mut faults = FieldErrors::default();
    edits.check(present.is_none(), &mut faults);
    let thread = facts.check(&edits, present.as_deref(), Some(case), &mut faults);
    faults.finish()?;
    let group = facts.access_group.ok_or(Rejection::NotFound(Entity::AccessGroup))?;
    let content = UpdateContent::merge(present.as_deref(), &edits, case, group, thread);
    Ok(match present {
        None => add(builder, content, edits.validate),
        Some(present) => change(builder, *present, content, edits.validate),
    })
}

fn add(builder: &mut DecisionBuilder<'_>, content: UpdateContent, validate: Option<bool>) -> CaseUpdate {
    let id = builder.new_id();
    let context = builder.context;
    let mut update = CaseUpdate {
        account: builder.case.account,
        id,
        revision: 0,
        case: builder.case.id,
        subject: None,
        task: None,
        access_group: content.access_group.id,
        thread: id,
        title: String::new(),
        body: String::new(),
        activity_at: context.occurred_at,
        is_allday: false,
        validated_at: None,
        validated_by: None,
        is_valid: false,
        created_by: context.actor.id,
        behalf_of: None,
        created_at: context.now,
        updated_at: context.now,
        details: Vec::new(),
    };
    let requires_validation = content.access_group.requires_validation;
    fill(builder, &mut update, content);
    let validated = set_validated(builder, &mut update, validate);
    update.is_valid = update.validated_at.is_some() || !requires_validation;
    record(builder, &update, UpdateAction::Added, Vec::new(), None);
    if let Some(action) = validated {
        record(builder, &update, action, Vec::new(), None);
    }
    builder.change(Change::UpdateAdded(Box::new(update.clone())));
    update
}

fn change(
    builder: &mut DecisionBuilder<'_>,
    present: CaseUpdate,
    content: UpdateContent,
    validate: Option<bool>,
) -> CaseUpdate {
    let mut update = present.clone();
    let requires_validation = content.access_group.requires_validation;
    fill(builder, &mut update, content);
    let fields = changed_fields(&present, &update);
    let validated = set_validated(builder, &mut update, validate);
    if fields.is_empty() && validated.is_none() {
        return present;
    }
    update.is_valid = update.validated_at.is_some() || !requires_validation;
    update.revision = present.revision + 1;
    update.updated_at = next_change(present.updated_at, builder.context.now);
    if !fields.is_empty() {
        let moved_from = (present.case != update.case).then_some(present.case);
        record(builder, &update, UpdateAction::Edited, fields, moved_from);
    }
    if let Some(action) = validated {
        record(builder, &update, action, Vec::new(), None);
    }
    builder.change(Change::UpdateChanged(Box::new(update.clone())));
    update
}

fn fill(builder: &mut DecisionBuilder<'_>, update: &mut CaseUpdate, content: UpdateContent) {
    update.case = content.case;
    update.subject = content.subject;
    update.task = content.task;
    update.access_group = content.access_group.id;
    update.thread = content.thread.unwrap_or(update.id);
    update.title = content.title;
    update.body = content.body;
    update.activity_at = content.activity_at.unwrap_or(update.activity_at);
    update.is_allday = content.is_allday;
    update.behalf_of = content.behalf_of;
    let mut kept = std::mem::take(&mut update.details);
    update.details = content.details.into_iter().map(|detail| have(builder, &mut kept, detail)).collect();
}

/// The existing entry with the same content, or a new one.
fn have(builder: &mut DecisionBuilder<'_>, kept: &mut Vec<UpdateDetail>, detail: NewDetail) -> UpdateDetail {
    let same = |known: &UpdateDetail| known.start_at == detail.start_at && known.notes == detail.notes;
    match kept.iter().position(same) {
        Some(at) => kept.remove(at),
        None => UpdateDetail { id: builder.new_id(), start_at: detail.start_at, notes: detail.notes },
    }
}

fn set_validated(
    builder: &DecisionBuilder<'_>,
    update: &mut CaseUpdate,
    validate: Option<bool>,
) -> Option<UpdateAction> {
    match (validate, update.validated_at) {
        (Some(true), None) => {
            update.validated_at = Some(builder.context.now);
            update.validated_by = builder.context.actor.id;
            Some(UpdateAction::Validated)
        }
        (Some(false), Some(_)) => {
            update.validated_at = None;
            update.validated_by = None;
            Some(UpdateAction::Invalidated)
        }
        (Some(true), Some(_)) | (Some(false), None) | (None, _) => None,
    }
}

fn changed_fields(before: &CaseUpdate, after: &CaseUpdate) -> Vec<String> {
    let fields = [
        ("case_id", before.case != after.case),
        ("subject_id", before.subject != after.subject),
        ("task_id", before.task != after.task),
        ("access_group_id", before.access_group != after.access_group),
        ("thread_id", before.thread != after.thread),
        ("title", before.title != after.title),
        ("body", before.body != after.body),
        ("activity_at", before.activity_at != after.activity_at),
        ("is_allday", before.is_allday != after.is_allday),
        ("behalf_of_id", before.behalf_of != after.behalf_of),
        ("update_details", before.details != after.details),
    ];
    fields.into_iter().filter(|(_, changed)| *changed).map(|(name, _)| name.to_owned()).collect()
}

fn record(
    builder: &mut DecisionBuilder<'_>,
    update: &CaseUpdate,
    action: UpdateAction,
    fields: Vec<String>,
    other_case: Option<CaseId>,
) {
    let (thread, access_group) = (update.thread, update.access_group);
    let event = UpdateEvent { action, update: update.id, thread, access_group, fields, other_case };
    builder.record(EventData::Update(event));
}
