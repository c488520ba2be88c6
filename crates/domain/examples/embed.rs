//! Another service with Docket's domain in it: no server, no database, no clock of its own making.
//!
//! It opens a case, moves it along the workflow, is told why a move is refused, and computes a deadline. Run it with
//! `cargo run -p docket-domain --example embed`; `docs/embedding.md` walks through it.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::{collections::BTreeSet, error::Error};

use chrono::{DateTime, Utc};
use docket_domain::{
    actor::{Actor, Context},
    case::{Case, Details},
    command::{Command, NewCase, TransitionRequest},
    deadline::{
        Computation, DeadlineCommand, DeadlineKind, Direction, NewDeadline, Outcome, Rule, Service, Unit, When, compute,
    },
    decide::{create, decide},
    decision::{Change, Commit},
    error::Rejection,
    event::CaseEvent,
    id::{AccountId, CaseId},
    numbers::Numbers,
    scope::Scopes,
    workflow::{EntityType, Workflow, builtin},
};
use uuid::Uuid;

fn main() -> Result<(), Box<dyn Error>> {
    let workflow = builtin(EntityType::Case);
    let mut shelf = Shelf::default();
    shelf.open("Smith v. Jones", workflow)?;

    shelf.change(Command::Transition(TransitionRequest::named("resolve", None)), workflow)?;
    println!("{} is {}", shelf.case()?.number(), shelf.case()?.status);

    // A move that is refused says everything that stands against it, and what is open instead.
    let refused = shelf.change(Command::Transition(TransitionRequest::named("cancel", None)), workflow);
    if let Err(Rejection::NotAllowed(refusal)) = refused {
        println!("refused: {refusal}");
        refusal.allowed.iter().for_each(|open| println!("  open: {} leads to {}", open.name, open.to));
    }

    // So does every move before anybody asks for it.
    let context = context();
    for explained in workflow.explain(&shelf.case()?.status, shelf.case()?, &context) {
        let (name, to) = (&explained.name, &explained.to);
        println!("  {name} to {to}: {}", if explained.allowed { "open" } else { "closed" });
    }

    let outcome = thirty_days_by_mail()?;
    println!("due on {}", outcome.due_on);
    outcome.steps.iter().for_each(|step| println!("  {}: {}", step.citation, step.explanation));

    // The same computation on the case, where it is watched and verified.
    let new = NewDeadline {
        title: "respond".to_owned(),
        kind: DeadlineKind::Statutory,
        when: When::Computed(served_by_mail()?),
        assigned_to: None,
        warn_on: None,
    };
    let commit = shelf.change(Command::Deadline(DeadlineCommand::Add { new, known: Vec::new() }), workflow)?;
    println!("{} row beside the case, version {}", commit.changes.len(), commit.case.version);

    // The log is the case: folding it gives the case back.
    let folded = Case::fold(&shelf.log).ok_or("an empty log")?;
    println!("folded: {} at version {}", folded.status, folded.version);
    Ok(())
}

/// A store in memory: the latest case, its log, and what hangs on it. A real one writes a commit in one transaction, with
/// the version of `before` as its guard.
#[derive(Default)]
struct Shelf {
    case: Option<Case>,
    log: Vec<CaseEvent>,
    rows: Vec<Change>,
}

impl Shelf {
    fn open(&mut self, name: &str, workflow: &Workflow) -> Result<(), Rejection> {
        let context = context();
        let details = Details { name: Some(name.to_owned()), ..Details::opened_on(context.now.date_naive()) };
        let decision = create(NewCase::new(Uuid::from_u128(1), details), workflow, &context)?;
        // The store gives the numbers: here the first.
        self.keep(decision.number(&Numbers { case: Some(CaseId(1)), ..Numbers::default() }));
        Ok(())
    }

    fn change(&mut self, command: Command, workflow: &Workflow) -> Result<Commit, Rejection> {
        let case = self.case().map_err(|_| Rejection::NotFound(docket_domain::id::Entity::Case))?;
        let decision = decide(case, workflow, command, &context())?;
        let first = self.rows.len() + 1;
        let entities = (first..).zip(&decision.needs.entities).filter_map(|(id, _)| i64::try_from(id).ok()).collect();
        let commit = decision.number(&Numbers { entities, ..Numbers::default() });
        self.keep(commit.clone());
        Ok(commit)
    }

    fn keep(&mut self, commit: Commit) {
        self.log.extend(commit.entries.into_iter().map(|entry| entry.event));
        self.rows.extend(commit.changes);
        self.case = Some(commit.case);
    }

    fn case(&self) -> Result<&Case, &'static str> {
        self.case.as_ref().ok_or("nothing was opened")
    }
}

/// Who acts, and when: whatever a decision depends on is handed in.
fn context() -> Context {
    let now = DateTime::<Utc>::from_timestamp(1_783_065_600, 0).unwrap_or(DateTime::UNIX_EPOCH);
    Context::new(AccountId(1), Actor { id: None, name: "embedder".to_owned() }, Scopes::all(), now)
}

fn served_by_mail() -> Result<Computation, Box<dyn Error>> {
    Ok(Computation {
        rule: Rule::Frcp6,
        trigger: "2026-07-03".parse()?,
        count: 30,
        unit: Unit::Days,
        direction: Direction::After,
        service: Some(Service::Mail),
        counts_trigger_day: false,
        calendar: None,
        closed_days: BTreeSet::new(),
    })
}

fn thirty_days_by_mail() -> Result<Outcome, Box<dyn Error>> {
    Ok(compute(&served_by_mail()?)?)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    #[test]
    fn the_example_does_what_it_says() -> Result<(), Box<dyn Error>> {
        main()?;
        let outcome = thirty_days_by_mail()?;
        assert_eq!(Some(outcome.due_on), NaiveDate::from_ymd_opt(2026, 8, 6));
        let workflow = builtin(EntityType::Case);
        let mut shelf = Shelf::default();
        shelf.open("Smith v. Jones", workflow)?;
        shelf.change(Command::Transition(TransitionRequest::named("resolve", None)), workflow)?;
        assert_eq!(shelf.case()?.status.as_str(), "resolved");
        let refused = shelf.change(Command::Transition(TransitionRequest::named("cancel", None)), workflow);
        assert!(matches!(refused, Err(Rejection::NotAllowed(_))));
        let folded = Case::fold(&shelf.log).ok_or("an empty log")?;
        assert_eq!((&folded.status, folded.version), (&shelf.case()?.status, shelf.case()?.version));
        Ok(())
    }
}
