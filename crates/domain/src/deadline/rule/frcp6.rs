//! Federal Rule of Civil Procedure 6, as in force since 1 December 2016 (time computation: since 1 December 2009).

mod service;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};

use super::days_off::{DaysOff, list};
use super::length::{Length, Span, in_range};
use super::steps::{Steps, long};
use crate::deadline::calendar::CalendarKey;
use crate::deadline::computation::{Computation, ComputedDeadline, DeadlineError, Trigger};
use crate::deadline::words::{Direction, Unit};

/// Computes a period under Rule 6(a), with the days that 6(d) adds.
pub(in crate::deadline) fn compute(computation: &Computation) -> Result<ComputedDeadline, DeadlineError> {
    let court = Court::of(computation);
    match (Length::of(computation), computation.trigger) {
        (Length::Span(span), Trigger::Date(event)) => court.days(span, event),
        (Length::Hours(_), Trigger::At(event)) => court.hours(event),
        (Length::Span(_), Trigger::At(_)) => Err(DeadlineError::TriggerNotADate { unit: computation.unit }),
        (Length::Hours(_), Trigger::Date(_)) => Err(DeadlineError::TriggerNotAMoment),
        (Length::BusinessDays(_), _) => Err(DeadlineError::UnitNotOfRule { rule: computation.rule }),
    }
}

/// Citations that differ between periods in days and periods in hours.
struct Clauses {
    roll: &'static str,
    roll_backward: &'static str,
    inaccessible: &'static str,
}

const OF_DAYS: Clauses = Clauses {
    roll: "Fed. R. Civ. P. 6(a)(1)(C)",
    roll_backward: "Fed. R. Civ. P. 6(a)(1)(C), 6(a)(5)",
    inaccessible: "Fed. R. Civ. P. 6(a)(3)(A)",
};

const OF_HOURS: Clauses = Clauses {
    roll: "Fed. R. Civ. P. 6(a)(2)(C)",
    roll_backward: "Fed. R. Civ. P. 6(a)(2)(C), 6(a)(5)",
    inaccessible: "Fed. R. Civ. P. 6(a)(3)(B)",
};

/// The requested period, with the calendar and the days off of the court.
struct Court<'a> {
    computation: &'a Computation,
    days_off: DaysOff<'a>,
    calendar: CalendarKey,
}

impl<'a> Court<'a> {
    fn of(computation: &'a Computation) -> Self {
        let calendar = computation.calendar.unwrap_or(CalendarKey::UsFederal);
        Self { computation, days_off: DaysOff::new(Some(calendar), &computation.closed_days), calendar }
    }

    /// 6(a)(1): a period stated in days or a longer unit.
    fn days(&self, span: Span, event: NaiveDate) -> Result<ComputedDeadline, DeadlineError> {
        self.days_off.verify(event)?;
        let mut steps = Steps::default();
        note_version(&mut steps, event);
        steps.note(
            "trigger",
            "Fed. R. Civ. P. 6(a)(1)(A)",
            format!("the day of the event, {}, is not counted", long(event)),
            event,
        );
        let end = span.end(event, self.computation.direction, false)?.date;
        let amount = self.computation.unit.amount(self.computation.count);
        let direction = self.computation.direction;
        // "Count every day" applies to periods stated in days, not in longer units (committee note of 2009 to (a)(1)).
        let (citation, how) = match self.computation.unit {
            Unit::Days | Unit::BusinessDays | Unit::Hours => {
                ("Fed. R. Civ. P. 6(a)(1)(B)", ", every day counted, end on")
            }
            Unit::Weeks => ("Fed. R. Civ. P. 6(a)(1)", " end on the same day of the week:"),
            Unit::Months | Unit::Years => ("Fed. R. Civ. P. 6(a)(1)", " end on the day of the same number:"),
        };
        steps.note("count", citation, format!("{amount} {direction} it{how} {}", long(end)), end);
        let due_on = self.expiry(&mut steps, &OF_DAYS, event, end)?;
        Ok(ComputedDeadline { due_on, due_at: None, steps: steps.into_inner() })
    }

    /// 6(a)(2): a period stated in hours. Days are those of the UTC offset of the trigger.
    fn hours(&self, event: DateTime<FixedOffset>) -> Result<ComputedDeadline, DeadlineError> {
        let Length::Hours(hours) = Length::of(self.computation) else { return Err(DeadlineError::TriggerNotAMoment) };
        let started_on = event.date_naive();
        self.days_off.verify(started_on)?;
        let direction = self.computation.direction;
        let end = match direction {
            Direction::After => event.checked_add_signed(hours),
            Direction::Before => event.checked_sub_signed(hours),
        }
        .ok_or(DeadlineError::DueOutOfRange)?;
        let end_on = in_range(end.date_naive())?;

        let mut steps = Steps::default();
        note_version(&mut steps, started_on);
        steps.note(
            "trigger",
            "Fed. R. Civ. P. 6(a)(2)(A)",
            format!("counting begins at once, at {}", moment(event)),
            started_on,
        );
        let amount = self.computation.unit.amount(self.computation.count);
        let explanation = format!("{amount} {direction} it, every hour counted, end at {}", moment(end));
        steps.note("count", "Fed. R. Civ. P. 6(a)(2)(B)", explanation, end_on);
        let due_on = self.expiry(&mut steps, &OF_HOURS, started_on, end_on)?;
        let due_at =
            end.checked_add_signed(due_on.signed_duration_since(end_on)).ok_or(DeadlineError::DueOutOfRange)?;
        Ok(ComputedDeadline { due_on, due_at: Some(due_at.to_utc()), steps: steps.into_inner() })
    }

    /// The day on which the period expires, given the last day counted. Includes 6(d).
    fn expiry(
        &self,
        steps: &mut Steps,
        clauses: &Clauses,
        served_on: NaiveDate,
        end: NaiveDate,
    ) -> Result<NaiveDate, DeadlineError> {
        let mut due = self.last_day(steps, clauses, end)?;
        if let Some(service) = self.computation.service
            && let Some(extended) = service::add_days(steps, service, served_on, due)?
        {
            due = self.last_day(steps, clauses, extended)?;
        }
        self.note_closing(steps, due);
        Ok(due)
    }

    /// 6(a)(1)(C) and (2)(C), then 6(a)(3).
    fn last_day(&self, steps: &mut Steps, clauses: &Clauses, end: NaiveDate) -> Result<NaiveDate, DeadlineError> {
        let direction = self.computation.direction;
        let rolled = self.days_off.roll_by_law(end, direction)?;
        if rolled.passed.is_empty() {
            let explanation = format!("{} is not a Saturday, Sunday or legal holiday and is included", long(end));
            steps.note("last_day", clauses.roll, explanation, end);
        } else {
            let citation = match direction {
                Direction::After => clauses.roll,
                Direction::Before => clauses.roll_backward,
            };
            let explanation = format!(
                "{}: the period continues to run, {direction} that day, until {}",
                list(&rolled.passed),
                long(rolled.date)
            );
            steps.note("next_day", citation, explanation, rolled.date);
        }
        if !self.days_off.is_closed(rolled.date) {
            return Ok(rolled.date);
        }
        // 6(a)(3) extends "to the first accessible day". This is forward for both directions of counting: the text does
        // not use the "next day" of 6(a)(5) (committee note of 2009, subdivision (a)(5)).
        let accessible = self.days_off.roll_at_all(rolled.date, Direction::After)?;
        let explanation = format!(
            "{}: the time is extended to the first accessible day, {}",
            list(&accessible.passed),
            long(accessible.date)
        );
        steps.note("inaccessible", clauses.inaccessible, explanation, accessible.date);
        Ok(accessible.date)
    }

    /// Adds a step if the deadline is on a day on which the President closed the executive departments.
    fn note_closing(&self, steps: &mut Steps, due: NaiveDate) {
        let closing = CalendarKey::UsFederalClosings.calendar().holiday(due).ok().flatten();
        if let Some(closing) = closing.filter(|_| self.calendar == CalendarKey::UsFederal) {
            let explanation = format!(
                "{} is a {}; some courts have treated it as a legal holiday, others have not; the calendar {} does \
                 not, the calendar {} does",
                long(due),
                closing.name,
                CalendarKey::UsFederal,
                CalendarKey::UsFederalClosings,
            );
            steps.note("closing", format!("Fed. R. Civ. P. 6(a)(6)(B); {}", closing.citation), explanation, due);
        }
    }
}

/// Adds a step if the event is older than the rule.
fn note_version(steps: &mut Steps, event: NaiveDate) {
    if (event.year(), event.month()) < (2009, 12) {
        let explanation = "computed under the rule as in force since 1 December 2009; before that date, a period of \
                           less than 11 days excluded Saturdays, Sundays and legal holidays";
        steps.note("version", "Fed. R. Civ. P. 6(a) (2009)", explanation.to_owned(), event);
    }
}

fn moment(at: DateTime<FixedOffset>) -> String {
    at.format("%H:%M:%S on %A, %-d %B %Y (UTC%:z)").to_string()
}
