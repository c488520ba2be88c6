//! German Civil Code §§ 187–193, with § 222 of the Code of Civil Procedure.

mod hours;

use chrono::NaiveDate;

use super::days_off::{DaysOff, list};
use super::length::{Length, Reached, Span};
use super::steps::{Steps, long};
use crate::deadline::calendar::CalendarKey;
use crate::deadline::computation::{Computation, ComputedDeadline, DeadlineError, Trigger};
use crate::deadline::words::{Direction, Unit};

/// Computes a period under German law.
pub(in crate::deadline) fn compute(computation: &Computation) -> Result<ComputedDeadline, DeadlineError> {
    let calendar = computation.calendar.unwrap_or(CalendarKey::De);
    let days_off = DaysOff::new(Some(calendar), &computation.closed_days);
    match (Length::of(computation), computation.trigger) {
        (Length::Span(span), Trigger::Date(event)) => days(computation, &days_off, span, event),
        (Length::Hours(hours), Trigger::At(event)) => hours::compute(computation, &days_off, hours, event.to_utc()),
        (Length::Span(_), Trigger::At(_)) => Err(DeadlineError::TriggerNotADate { unit: computation.unit }),
        (Length::Hours(_), Trigger::Date(_)) => Err(DeadlineError::TriggerNotAMoment),
        (Length::BusinessDays(_), _) => Err(DeadlineError::UnitNotOfRule { rule: computation.rule }),
    }
}

/// §§ 187, 188 and 193. For a period before the event, §§ 187 and 188 apply by analogy and § 193 does not apply.
fn days(
    computation: &Computation,
    days_off: &DaysOff<'_>,
    span: Span,
    event: NaiveDate,
) -> Result<ComputedDeadline, DeadlineError> {
    days_off.verify(event)?;
    let mut steps = Steps::default();
    note_beginning(&mut steps, computation, event);
    let reached = span.end(event, computation.direction, computation.counts_trigger_day)?;
    note_end(&mut steps, computation, reached);
    days_off.verify(reached.date)?;
    let due_on = match computation.direction {
        Direction::After => roll(&mut steps, days_off, reached.date)?,
        Direction::Before => stay(&mut steps, days_off, reached.date)?,
    };
    Ok(ComputedDeadline { due_on, due_at: None, steps: steps.into_inner() })
}

/// § 187: whether the day of the event is counted.
fn note_beginning(steps: &mut Steps, computation: &Computation, event: NaiveDate) {
    let (citation, explanation) = if computation.counts_trigger_day {
        ("§ 187 Abs. 2 BGB", format!("the beginning of {} is decisive, so that day is counted", long(event)))
    } else {
        ("§ 187 Abs. 1 BGB", format!("the event falls into {}, so that day is not counted", long(event)))
    };
    steps.note("trigger", citation.to_owned() + analogy(computation.direction), explanation, event);
}

/// § 188: the last day.
fn note_end(steps: &mut Steps, computation: &Computation, reached: Reached) {
    let amount = computation.unit.amount(computation.count);
    let end = long(reached.date);
    let (citation, how) = match (computation.unit, reached.clamped) {
        (Unit::Days | Unit::BusinessDays | Unit::Hours, _) => ("§ 188 Abs. 1 BGB", "are counted off"),
        (Unit::Weeks, _) => ("§ 188 Abs. 2 BGB", "are counted by the name of the day"),
        (Unit::Months | Unit::Years, false) => ("§ 188 Abs. 2 BGB", "are counted by the number of the day"),
        (Unit::Months | Unit::Years, true) => {
            ("§ 188 Abs. 2, 3 BGB", "are counted by the number of the day, which the last month lacks")
        }
    };
    let when = match computation.direction {
        Direction::After => format!("the period ends with the end of {end}"),
        Direction::Before => format!(
            "the period ends, backward, on {end}; if it must lie completely between the act and the event, the act \
             must come before that day begins"
        ),
    };
    let citation = citation.to_owned() + analogy(computation.direction);
    steps.note("count", citation, format!("{amount} {how}: {when}"), reached.date);
}

/// § 193 BGB and § 222 (2) ZPO: a last day on a Saturday, Sunday or general holiday moves to the next working day.
fn roll(steps: &mut Steps, days_off: &DaysOff<'_>, end: NaiveDate) -> Result<NaiveDate, DeadlineError> {
    let rolled = days_off.roll_at_all(end, Direction::After)?;
    if rolled.passed.is_empty() {
        let explanation = format!(
            "{} is not a Saturday, Sunday or general holiday at the place, so the period ends on it",
            long(end)
        );
        steps.note("last_day", ROLL, explanation, end);
    } else {
        let explanation =
            format!("{}: the period ends on the next working day, {}", list(&rolled.passed), long(rolled.date));
        steps.note("next_day", ROLL, explanation, rolled.date);
    }
    Ok(rolled.date)
}

/// A period before an event protects its addressee. A later end would shorten the period, so the day does not move.
fn stay(steps: &mut Steps, days_off: &DaysOff<'_>, end: NaiveDate) -> Result<NaiveDate, DeadlineError> {
    let off = days_off.at_all(end)?.map_or_else(|| "a working day".to_owned(), |off| off.to_string());
    let explanation = format!("{} is {off}; a period counted backward is not moved to another day", long(end));
    steps.note("last_day", "§ 193 BGB (not applied; cf. § 121 Abs. 7 AktG)", explanation, end);
    Ok(end)
}

const ROLL: &str = "§ 193 BGB, § 222 Abs. 2 ZPO";

fn analogy(direction: Direction) -> &'static str {
    match direction {
        Direction::After => "",
        Direction::Before => " (analog)",
    }
}
