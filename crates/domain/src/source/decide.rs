//! Decisions on inquiries and orders, with the same workflow engine as for cases. They do no I/O.

use serde_json::{Map, Number, Value};

use super::{Content, SourceEvent, SourceId, SourceItem};
use crate::{
    actor::Context,
    command::TransitionRequest,
    error::{FieldError, FieldErrors, Rejection},
    id::CustomerId,
    text,
    workflow::{ReasonKind, StatusKey, TransitionPlan, Workflow},
};

/// A source to create.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSource {
    /// Id from another system. `None`: the store assigns the next one.
    pub id: Option<i64>,
    /// Customer.
    pub user: CustomerId,
    /// Title.
    pub title: Option<String>,
    /// Description of an inquiry, or notes of an order.
    pub description: Option<String>,
    /// First status; must not be terminal. `None`: the initial status of the workflow.
    pub status: Option<StatusKey>,
    /// The fields of its kind. They also determine the kind.
    pub content: Content,
    /// Name of the creator. `None`: the actor.
    pub created_by: Option<String>,
}

/// A new value for one field of a source.
#[derive(Debug, Clone, PartialEq)]
pub enum SourceEdit {
    /// Title.
    Title(Option<String>),
    /// Description of an inquiry, or notes of an order.
    Description(Option<String>),
    /// Items; orders only.
    Items(Vec<Value>),
    /// Total; orders only.
    Total(Option<Number>),
    /// Free fields; orders only.
    Metadata(Map<String, Value>),
}

impl SourceEdit {
    fn apply(self, item: &mut SourceItem) {
        match (self, &mut item.content) {
            (Self::Title(title), _) => item.title = title.as_deref().map(text::line),
            (Self::Description(description), _) => item.description = description,
            (Self::Items(items), Content::Order(order)) => order.items = items,
            (Self::Total(total), Content::Order(order)) => order.total = total,
            (Self::Metadata(metadata), Content::Order(order)) => order.metadata = metadata,
            (Self::Items(_) | Self::Total(_) | Self::Metadata(_), Content::Inquiry) => {}
        }
    }
}

/// A change of a source. The fields are set before the transition.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceChange {
    /// Fields to set.
    pub edits: Vec<SourceEdit>,
    /// Transition of the workflow.
    pub transition: Option<TransitionRequest>,
}

/// What to write. If there are no events, there is nothing to write.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceDecision {
    /// Version of the source on which the decision was made; 0 for a creation.
    pub before: i64,
    /// The source after the decision. Its id is 0 if the store assigns it.
    pub item: SourceItem,
    /// Entries to append to the log.
    pub events: Vec<SourceEvent>,
}

/// Decides on the creation of a source.
///
/// # Errors
/// [`Rejection::Invalid`] with every invalid field. A status that is unknown or terminal is invalid.
pub fn create(new: NewSource, workflow: &Workflow, context: &Context) -> Result<SourceDecision, Rejection> {
    let mut faults = FieldErrors::default();
    let planned = workflow.plan_creation(new.status.as_ref());
    let planned = faults.keep(planned.map_err(|reason| FieldError::new("status", reason.message)));
    let status = planned.unwrap_or_else(|| workflow.initial());
    let item = SourceItem {
        account: context.account,
        id: SourceId { kind: new.content.kind(), id: new.id.unwrap_or_default() },
        version: 1,
        user: new.user,
        title: new.title.as_deref().map(text::line),
        description: new.description,
        workflow: workflow.id(),
        status: status.key.clone(),
        phase: status.phase,
        content: new.content,
        created_by: new.created_by.unwrap_or_else(|| context.actor.name.clone()),
        created_at: context.occurred_at,
        updated_at: context.now,
    };
    item.check(context.free_fields_max, &mut faults);
    faults.finish()?;
    let created = event(&item, None, None, None, context);
    Ok(SourceDecision { before: 0, item, events: vec![created] })
}

/// Decides on a change of a source.
///
/// # Errors
/// [`Rejection::Invalid`] with every invalid field; otherwise the refusal of the transition with every reason.
pub fn change(
    item: &SourceItem,
    workflow: &Workflow,
    change: SourceChange,
    context: &Context,
) -> Result<SourceDecision, Rejection> {
    let mut after = item.clone();
    change.edits.into_iter().for_each(|edit| edit.apply(&mut after));
    let mut faults = FieldErrors::default();
    // Unchanged content may exceed a bound that was lowered after it was stored.
    let max = if after.content == item.content { usize::MAX } else { context.free_fields_max };
    after.check(max, &mut faults);
    let mut events = Vec::new();
    if after != *item {
        after.version += 1;
        events.push(event(&after, None, Some(item.status.clone()), None, context));
    }
    let mut refused = None;
    if let Some(request) = &change.transition {
        match transition(&mut after, workflow, request, context) {
            Ok(moved) => events.extend(moved),
            Err(Rejection::Invalid(more)) => faults.extend(more),
            Err(other) => refused = Some(other),
        }
    }
    faults.finish()?;
    refused.map_or(Ok(()), Err)?;
    if !events.is_empty() {
        after.updated_at = context.now;
    }
    Ok(SourceDecision { before: item.version, item: after, events })
}

fn transition(
    item: &mut SourceItem,
    workflow: &Workflow,
    request: &TransitionRequest,
    context: &Context,
) -> Result<Option<SourceEvent>, Rejection> {
    let reason = request.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty());
    if let Some(reason) = reason {
        text::check_lines("reason", reason, text::REASON_MAX)?;
    }
    let planned = match workflow.plan(&item.status, &request.movement, item, context, reason) {
        Ok(TransitionPlan::Unchanged(_)) => return Ok(None),
        Ok(TransitionPlan::Change(planned)) => planned,
        Err(refusal) => {
            return Err(match refusal.kind() {
                ReasonKind::Forbidden => Rejection::Forbidden(refusal),
                ReasonKind::NotAllowed => Rejection::NotAllowed(refusal),
                ReasonKind::Invalid => Rejection::Invalid(
                    refusal
                        .of_kind(ReasonKind::Invalid)
                        .map(|reason| FieldError::new(reason.field.as_deref().unwrap_or("status"), &*reason.message))
                        .collect(),
                ),
            });
        }
    };
    let from = item.status.clone();
    item.version += 1;
    item.status = planned.to.key.clone();
    item.phase = planned.to.phase;
    Ok(Some(event(item, Some(planned.transition.name.clone()), Some(from), reason, context)))
}

fn event(
    item: &SourceItem,
    transition: Option<String>,
    from: Option<StatusKey>,
    reason: Option<&str>,
    context: &Context,
) -> SourceEvent {
    SourceEvent {
        version: item.version,
        transition,
        from,
        to: item.status.clone(),
        reason: reason.map(str::to_owned),
        actor: context.actor.name.clone(),
        occurred_at: context.occurred_at,
        recorded_at: context.now,
    }
}
