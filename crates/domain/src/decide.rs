//! Decides what a command does to a case. There is no other way to change a case.
//!
//! A decision is a pure function of the case, its workflow, the command and the context. It never reads a store or a
//! clock.

mod builder;
mod conflict;
mod create;
mod deadline;
mod document;
mod edit;
mod lifecycle;
mod link;
mod merge;
mod migrate;
mod note;
mod participants;
mod sla;
mod split;
mod subjects;
mod transition;
mod update;

pub(crate) use self::builder::DecisionBuilder;
pub use self::{
    create::create,
    merge::{merge, unmerge},
    migrate::migrate,
    sla::{reach_deadline, reach_moments},
    split::split,
    update::move_update,
};
use crate::{
    actor::Context,
    case::Case,
    command::Command,
    decision::Decision,
    error::{FieldErrors, Rejection},
    id::Entity,
    workflow::Workflow,
};

/// Decides what a command does to a case.
///
/// # Errors
/// [`Rejection::NotFound`] for a deleted case, unless the command restores it. [`Rejection::Merged`] for a part of another
/// case, unless the command is about a thing that hangs on it already. Otherwise a [`Rejection`] with every
/// invalid field of the request; if there is none, the first reason in the case against the command.
///
/// ```
/// # use chrono::{DateTime, Utc};
/// # use docket_domain::{actor::{Actor, Context}, case::Details, command::{Command, NewCase, TransitionRequest}, numbers::Numbers};
/// # use docket_domain::{decide::{create, decide}, error::Rejection, id::{AccountId, CaseId}, scope::Scopes, workflow::{EntityType, builtin}};
/// # let now: DateTime<Utc> = "2026-03-02T09:00:00Z".parse().unwrap();
/// # let context = Context::new(AccountId(1), Actor { id: None, name: "front desk".to_owned() }, Scopes::all(), now);
/// # let new = NewCase::new(uuid::Uuid::from_u128(1), Details::opened_on(now.date_naive()));
/// # let workflow = builtin(EntityType::Case);
/// # let number = Numbers { case: Some(CaseId(1)), ..Numbers::default() };
/// # let case = create(new, workflow, &context).unwrap().number(&number).case;
/// let resolve = Command::Transition(TransitionRequest::named("resolve", None));
/// let decision = decide(&case, workflow, resolve, &context).unwrap();
/// assert_eq!(decision.case.status.as_str(), "resolved");
///
/// // A resolved case is not cancelled, and the refusal has every reason.
/// let cancel = Command::Transition(TransitionRequest::named("cancel", None));
/// let refused = decide(&decision.case, workflow, cancel, &context);
/// let Err(Rejection::NotAllowed(refusal)) = refused else { panic!("{refused:?}") };
/// assert!(!refusal.reasons.is_empty());
/// println!("{refusal}");
/// ```
pub fn decide(case: &Case, workflow: &Workflow, command: Command, context: &Context) -> Result<Decision, Rejection> {
    if case.deleted_at.is_some() && command != Command::Restore {
        return Err(Rejection::NotFound(Entity::Case));
    }
    if !command.is_about_present_thing() {
        merge::refuse_parts(case)?;
    }
    let mut builder = DecisionBuilder::of(case, workflow, context);
    apply(&mut builder, command)?;
    Ok(builder.finish())
}

fn apply(builder: &mut DecisionBuilder<'_>, command: Command) -> Result<(), Rejection> {
    match command {
        Command::Edit(edits) => edit::edit(builder, edits),
        Command::ExpectParent(parent) => edit::expect_parent(builder, parent),
        Command::Tag { add, remove } => edit::tag(builder, &add, &remove),
        Command::Transition(request) => transition::transition(builder, &request),
        Command::EnterPhase { phase, reason } => lifecycle::enter_phase(builder, phase, reason),
        Command::Archive => lifecycle::archive(builder),
        Command::Unarchive => lifecycle::unarchive(builder),
        Command::Delete => lifecycle::delete(builder),
        Command::Restore => lifecycle::restore(builder),
        Command::Participants(command) => participants::participants(builder, command),
        Command::Subjects(command) => subjects::subjects(builder, command),
        Command::Update(write) => update::write(builder, write),
        Command::Link(command) => link::link(builder, command),
        Command::Note(command) => note::note(builder, command),
        Command::Document(command) => document::document(builder, command),
        Command::Deadline(command) => deadline::deadline(builder, command),
        Command::ConflictCheck(command) => conflict::conflict_check(builder, command),
        Command::All(commands) => all(builder, commands),
    }
}

/// Applies several commands and collects the field errors of all of them. Another rejection counts only without field
/// errors.
fn all(builder: &mut DecisionBuilder<'_>, commands: Vec<Command>) -> Result<(), Rejection> {
    let mut faults = FieldErrors::default();
    let mut refused = None;
    for command in commands {
        match apply(builder, command) {
            Ok(()) => {}
            Err(Rejection::Invalid(more)) => faults.extend(more),
            Err(other) => refused = refused.or(Some(other)),
        }
    }
    faults.finish()?;
    refused.map_or(Ok(()), Err)
}
