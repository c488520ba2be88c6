//! Decides what a command does to a case. There is no other way to change a case.
//!
//! A decision is a pure function of the case, its workflow, the command and the context. It never reads a store or a
//! clock.

mod create;
mod deadline;
mod document;
mod draft;
mod edit;
mod lifecycle;
mod link;
mod note;
mod participants;
mod subjects;
mod transition;
mod update;

pub(crate) use self::draft::Draft;
pub use self::{create::create, update::move_update};
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
/// [`Rejection::NotFound`] for a deleted case, unless the command restores it. Otherwise a [`Rejection`] with every
/// invalid field of the request; if there is none, the first reason in the case against the command.
pub fn decide(case: &Case, workflow: &Workflow, command: Command, context: &Context) -> Result<Decision, Rejection> {
    if case.deleted_at.is_some() && command != Command::Restore {
        return Err(Rejection::NotFound(Entity::Case));
    }
    let mut draft = Draft::of(case, workflow, context);
    apply(&mut draft, command)?;
    Ok(draft.finish())
}

fn apply(draft: &mut Draft<'_>, command: Command) -> Result<(), Rejection> {
    match command {
        Command::Edit(edits) => edit::edit(draft, edits),
        Command::ExpectParent(parent) => edit::expect_parent(draft, parent),
        Command::Tag { add, remove } => edit::tag(draft, &add, &remove),
        Command::Transition(request) => transition::transition(draft, &request),
        Command::EnterPhase { phase, reason } => lifecycle::enter_phase(draft, phase, reason),
        Command::Archive => lifecycle::archive(draft),
        Command::Unarchive => lifecycle::unarchive(draft),
        Command::Delete => lifecycle::delete(draft),
        Command::Restore => lifecycle::restore(draft),
        Command::Participants(command) => participants::participants(draft, command),
        Command::Subjects(command) => subjects::subjects(draft, command),
        Command::Update(write) => update::write(draft, write),
        Command::Link(command) => link::link(draft, command),
        Command::Note(command) => note::note(draft, command),
        Command::Document(command) => document::document(draft, command),
        Command::Deadline(command) => deadline::deadline(draft, command),
        Command::All(commands) => all(draft, commands),
    }
}

/// Applies several commands and collects the field errors of all of them. Another rejection counts only without field
/// errors.
fn all(draft: &mut Draft<'_>, commands: Vec<Command>) -> Result<(), Rejection> {
    let mut faults = FieldErrors::default();
    let mut refused = None;
    for command in commands {
        match apply(draft, command) {
            Ok(()) => {}
            Err(Rejection::Invalid(more)) => faults.extend(more),
            Err(other) => refused = refused.or(Some(other)),
        }
    }
    faults.finish()?;
    refused.map_or(Ok(()), Err)
}
