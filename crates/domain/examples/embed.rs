//! Uses Docket's domain in another program: no server, no database, and only a clock that the program passes in.
//!
//! Creates a case, applies transitions, shows why a transition is refused, and computes a deadline. Run it with
//! `cargo run -p docket-domain --example embed`; `docs/embedding.md` explains each step.
#![expect(clippy::print_stdout, reason = "an example prints its results")]

use std::{collections::BTreeSet, error::Error};

use chrono::{DateTime, Utc};
use docket_domain::{
    actor::{Actor, Context},
    case::{Case, Details},
    command::{Command, NewCase, TransitionRequest},
    deadline::{
        Computation, ComputedDeadline, DeadlineCommand, DeadlineKind, Direction, NewDeadline, Rule, Service, Unit,
        When, compute,
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

    // A refusal has every reason against the transition, and the transitions that are allowed.
    let refused = shelf.change(Command::Transition(TransitionRequest::named("cancel", None)), workflow);
    if let Err(Rejection::NotAllowed(refusal)) = refused {
        println!("refused: {refusal}");
        refusal.allowed.iter().for_each(|open| println!("  open: {} leads to {}", open.name, open.to));
    }

    // The workflow also explains each transition before it is requested.
    let context = context();
    for explained in workflow.explain(&shelf.case()?.status, shelf.case()?, &context) {
        let (name, to) = (&explained.name, &explained.to);
        println!("  {name} to {to}: {}", if explained.allowed { "open" } else { "closed" });
    }

    let outcome = thirty_days_by_mail()?;
    println!("due on {}", outcome.due_on);
    outcome.steps.iter().for_each(|step| println!("  {}: {}", step.citation, step.explanation));

    // The same computation as a deadline of the case.
    let new = NewDeadline {
        title: "respond".to_owned(),
        kind: DeadlineKind::Statutory,
        when: When::Computed(served_by_mail()?),
        assigned_to: None,
        warn_on: None,
    };
    let commit = shelf.change(Command::Deadline(DeadlineCommand::Add { new, known: Vec::new() }), workflow)?;
    println!("{} row beside the case, version {}", commit.changes.len(), commit.case.version);

    // Folding the log gives the case.
    let folded = Case::fold(&shelf.log).ok_or("an empty log")?;
    println!("folded: {} at version {}", folded.status, folded.version);
    Ok(())
}

/// A store in memory: the current case, its log, and the rows that belong to it. A real store writes each commit in one
/// transaction, guarded by the version of the case before the change.
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
        // The store allocates ids. This case gets the first one.
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
        self.case.as_ref().ok_or("no case was created")
    }
}

/// Who acts, and when. A decision depends only on what is passed in.
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

fn thirty_days_by_mail() -> Result<ComputedDeadline, Box<dyn Error>> {
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
