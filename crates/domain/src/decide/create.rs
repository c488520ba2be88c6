//! Creating a case, standalone or as a follow-up.

use super::{DecisionBuilder, all};
use crate::{
    actor::Context,
    case::{Case, FormerNumbers, Series, Source},
    command::NewCase,
    decision::{Decision, Instances},
    error::{FieldError, FieldErrors, Rejection},
    event::{Created, EventData, LogHash},
    id::CaseId,
    workflow::Workflow,
};

/// Decides the creation of a case, with the further commands of the request.
///
/// # Errors
/// [`Rejection::Invalid`] with every invalid field; an unknown or terminal status is one. Also any [`Rejection`] of the
/// further commands.
///
/// ```
/// # use chrono::{DateTime, Utc};
/// # use docket_domain::{actor::{Actor, Context}, case::Details, command::NewCase, id::{AccountId, CaseId}, numbers::Numbers};
/// # use docket_domain::{scope::Scopes, workflow::{EntityType, builtin}};
/// use docket_domain::decide::create;
///
/// # let now: DateTime<Utc> = "2026-03-02T09:00:00Z".parse().unwrap();
/// # let actor = Actor { id: None, name: "front desk".to_owned() };
/// let context = Context::new(AccountId(1), actor, Scopes::all(), now);
/// let details = Details { name: Some("Smith v. Jones".to_owned()), ..Details::opened_on(now.date_naive()) };
/// let new = NewCase::new(uuid::Uuid::from_u128(1), details);
/// let decision = create(new, builtin(EntityType::Case), &context).unwrap();
/// // The store allocates the id.
/// let commit = decision.number(&Numbers { case: Some(CaseId(1)), ..Numbers::default() });
/// assert_eq!(commit.case.status.as_str(), "open");
/// assert_eq!(commit.case.version, 1);
/// ```
pub fn create(new: NewCase, workflow: &Workflow, context: &Context) -> Result<Decision, Rejection> {
    Ok(begin(new, workflow, context)?.finish())
}

/// Begins a decision with the creation of a case and the further commands of the request.
pub(super) fn begin<'a>(
    mut new: NewCase,
    workflow: &'a Workflow,
    context: &'a Context,
) -> Result<DecisionBuilder<'a>, Rejection> {
    let mut faults = FieldErrors::default();
    new.details.clean();
    new.details.check(&mut faults);
    new.details.check_free_fields(context.free_fields_max, &mut faults);
    let status = workflow.plan_creation(new.status.as_ref()).map_err(FieldError::from);
    if let Err(fault) = &status {
        faults.extend([fault.clone()]);
    }
    faults.finish()?;
    let status = status?;
    let parent = new.parent.as_deref();
    let mut case = Case {
        account: context.account,
        id: CaseId(0),
        uuid: new.uuid,
        version: 0,
        workflow: workflow.id(),
        status: status.key.clone(),
        phase: status.phase,
        outcome: status.outcome,
        series: parent.map_or(Series::NEW, |parent| Series { number: parent.series.number, instance: 0 }),
        former_numbers: FormerNumbers::default(),
        source: source(&new),
        parent: parent.map(|parent| parent.id),
        parent_uuid: parent.map(|parent| parent.uuid),
        details: new.details,
        created_by: context.actor.name.clone(),
        occurred_at: context.occurred_at,
        created_at: context.now,
        updated_at: context.now,
        resolved_at: None,
        closed_at: None,
        first_resolved_at: None,
        archived_at: None,
        deleted_at: None,
        merged: None,
        parts: Vec::new(),
        sla_due_at: None,
        log_head: LogHash::START,
        related: None,
    };
    case.mark_outcome(context.occurred_at);
    let mut builder = DecisionBuilder::creation(case.clone(), workflow, context);
    builder.needs.instances = parent.map(|parent| Instances { of: parent.series.number, count: 1 });
    builder.record(EventData::Created(Box::new(Created { case })));
    all(&mut builder, new.then)?;
    Ok(builder)
}

const fn source(new: &NewCase) -> Source {
    match (&new.parent, new.details.inquiry, new.details.order) {
        (Some(_), _, _) => Source::FollowUp,
        (None, Some(_), _) => Source::Inquiry,
        (None, None, Some(_)) => Source::Order,
        (None, None, None) => Source::Standalone,
    }
}
