//! Plain counts of calendar time and of business days.
//!
//! The last day never moves. Use this rule for periods that no provision moves: an age, a lease, an internal reminder.

use chrono::NaiveDate;

use super::days_off::{DaysOff, list};
use super::length::{Length, Span, in_range, next_day};
use super::steps::{Steps, long};
use crate::deadline::computation::{Computation, ComputedDeadline, DeadlineError, Trigger};
use crate::deadline::words::Direction;

const CALENDAR_COUNT: &str = "plain count of calendar time";
const BUSINESS_DAY_COUNT: &str = "plain count of business days";

pub(in crate::deadline) fn compute(computation: &Computation) -> Result<ComputedDeadline, DeadlineError> {
    let days_off = DaysOff::new(computation.calendar, &computation.closed_days);
    let mut steps = Steps::default();
    let (due_on, due_at) = match (Length::of(computation), computation.trigger) {
        (Length::Span(span), Trigger::Date(event)) => (calendar_time(&mut steps, computation, span, event)?, None),
        (Length::BusinessDays(count), Trigger::Date(event)) => {
            (business_days(&mut steps, computation, &days_off, count, event)?, None)
        }
        (Length::Hours(hours), Trigger::At(event)) => {
            let end = match computation.direction {
                Direction::After => event.checked_add_signed(hours),
                Direction::Before => event.checked_sub_signed(hours),
            }
            .ok_or(DeadlineError::DueOutOfRange)?;
            let (event_on, end_on) = (event.date_naive(), in_range(end.date_naive())?);
            days_off.verify(event_on)?;
            steps.note("trigger", CALENDAR_COUNT, format!("counting begins at once, on {}", long(event_on)), event_on);
            note_count(&mut steps, computation, end_on);
            (end_on, Some(end.to_utc()))
        }
        (Length::Span(_) | Length::BusinessDays(_), Trigger::At(_)) => {
            return Err(DeadlineError::TriggerNotADate { unit: computation.unit });
        }
        (Length::Hours(_), Trigger::Date(_)) => return Err(DeadlineError::TriggerNotAMoment),
    };
    if let Trigger::Date(event) = computation.trigger {
        days_off.verify(event)?;
    }
    days_off.verify(due_on)?;
    Ok(ComputedDeadline { due_on, due_at, steps: steps.into_inner() })
}

fn calendar_time(
    steps: &mut Steps,
    computation: &Computation,
    span: Span,
    event: NaiveDate,
) -> Result<NaiveDate, DeadlineError> {
    note_trigger(steps, CALENDAR_COUNT, computation, event);
    let end = span.end(event, computation.direction, computation.counts_trigger_day)?.date;
    note_count(steps, computation, end);
    Ok(end)
}

fn business_days(
    steps: &mut Steps,
    computation: &Computation,
    days_off: &DaysOff<'_>,
    count: u32,
    event: NaiveDate,
) -> Result<NaiveDate, DeadlineError> {
    note_trigger(steps, BUSINESS_DAY_COUNT, computation, event);
    let (direction, mut skipped) = (computation.direction, Vec::new());
    let mut day = if computation.counts_trigger_day { event } else { next_day(event, direction)? };
    for left in (0..count).rev() {
        let rolled = days_off.roll_at_all(day, direction)?;
        skipped.extend(rolled.passed);
        day = if left == 0 { rolled.date } else { next_day(rolled.date, direction)? };
    }
    let mut explanation = format!("{} {direction} it end on {}", computation.unit.amount(count), long(day));
    if !skipped.is_empty() {
        explanation.push_str("; not counted: ");
        explanation.push_str(&list(&skipped));
    }
    steps.note("count", BUSINESS_DAY_COUNT, explanation, day);
    Ok(day)
}

fn note_trigger(steps: &mut Steps, citation: &str, computation: &Computation, event: NaiveDate) {
    let counted = if computation.counts_trigger_day { "may be the first day counted" } else { "is not counted" };
    steps.note("trigger", citation, format!("the day of the event, {}, {counted}", long(event)), event);
}

fn note_count(steps: &mut Steps, computation: &Computation, end: NaiveDate) {
    let amount = computation.unit.amount(computation.count);
    let explanation = format!("{amount} {} it end on {}; the last day is not moved", computation.direction, long(end));
    steps.note("count", CALENDAR_COUNT, explanation, end);
}
