//! Deadline computation: tables with the legal provision in each row, properties, and an independent oracle.

mod bgb;
mod calendars;
mod frcp6;
mod plain;
mod properties;
mod refusals;

use std::collections::BTreeSet;

use chrono::NaiveDate;
use docket_domain::deadline::{CalendarKey, Computation, ComputedDeadline, Direction, Rule, Service, Unit, compute};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A computation in one line: `ask(Rule::Bgb, "2026-01-31", 1, Unit::Months)`.
fn ask(rule: Rule, trigger: &str, count: u32, unit: Unit) -> Computation {
    Computation {
        rule,
        trigger: trigger.parse().unwrap(),
        count,
        unit,
        direction: Direction::After,
        service: None,
        counts_trigger_day: false,
        calendar: None,
        closed_days: BTreeSet::new(),
    }
}

/// Adjustments of a computation in a table row.
trait Adjust: Sized {
    fn before(self) -> Self;
    fn served(self, service: Service) -> Self;
    fn counting_trigger_day(self) -> Self;
    fn at(self, calendar: CalendarKey) -> Self;
    fn closed(self, days: &[&str]) -> Self;
}

impl Adjust for Computation {
    fn before(self) -> Self {
        Self { direction: Direction::Before, ..self }
    }

    fn served(self, service: Service) -> Self {
        Self { service: Some(service), ..self }
    }

    fn counting_trigger_day(self) -> Self {
        Self { counts_trigger_day: true, ..self }
    }

    fn at(self, calendar: CalendarKey) -> Self {
        Self { calendar: Some(calendar), ..self }
    }

    fn closed(self, days: &[&str]) -> Self {
        Self { closed_days: days.iter().map(|day| date(day)).collect(), ..self }
    }
}

/// Checks rows of (description with its provision, computation, due date).
fn check(rows: &[(&str, Computation, &str)]) {
    for (about, computation, due_on) in rows {
        let outcome = compute(computation).unwrap_or_else(|error| panic!("{about}: {error}"));
        assert_eq!(outcome.due_on, date(due_on), "{about}: {:#?}", outcome.steps);
        assert_eq!(
            outcome.steps.last().map(|step| step.date),
            Some(outcome.due_on),
            "{about}: the last step is the due date"
        );
    }
}

/// The steps as (rule, citation, date).
fn outline(outcome: &ComputedDeadline) -> Vec<(&str, &str, String)> {
    outcome.steps.iter().map(|step| (step.rule.as_str(), step.citation.as_str(), step.date.to_string())).collect()
}
