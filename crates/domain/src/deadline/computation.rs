//! The input and the result of a computation, and the checks that run before any rule.

mod error;
mod trigger;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use error::{DeadlineError, MAX_CLOSED_DAYS, MAX_COUNT};
pub use trigger::Trigger;

use super::calendar::CalendarKey;
use super::words::{Direction, Rule, Service, Unit};

/// A period to compute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computation {
    /// The body of law.
    pub rule: Rule,
    /// The event counted from.
    pub trigger: Trigger,
    /// How many units, from 1 to [`MAX_COUNT`].
    pub count: u32,
    /// What is counted.
    pub unit: Unit,
    /// Whether the period follows the event or precedes it.
    pub direction: Direction,
    /// How the paper that starts the period was served ([`Rule::Frcp6`] only).
    #[serde(default)]
    pub service: Option<Service>,
    /// Whether the trigger's own day is the first of the period (§ 187 (2) BGB; also with [`Rule::Plain`]).
    #[serde(default)]
    pub counts_trigger_day: bool,
    /// The holidays that count. Absent: `us-federal` for [`Rule::Frcp6`]; `de`, the holidays common to all states and so never
    /// later than the place's own, for [`Rule::Bgb`]; Saturdays and Sundays alone for [`Rule::Plain`].
    #[serde(default)]
    pub calendar: Option<CalendarKey>,
    /// Further days that are no working days: with [`Rule::Frcp6`] the days on which the clerk's office is inaccessible (and,
    /// for a period after an event, state holidays); with [`Rule::Bgb`] general holidays of the place that no calendar holds.
    #[serde(default)]
    pub closed_days: BTreeSet<NaiveDate>,
}

impl Computation {
    /// Everything that is wrong with the request in itself, before a date is computed; empty when nothing is.
    #[must_use]
    pub fn violations(&self) -> Vec<DeadlineError> {
        [
            self.check_trigger(),
            self.check_count(),
            self.check_unit(),
            self.check_service(),
            self.check_trigger_day(),
            self.check_calendar(),
            self.check_closed_days(),
        ]
        .into_iter()
        .filter_map(Result::err)
        .collect()
    }

    fn check_trigger(&self) -> Result<(), DeadlineError> {
        match (self.unit, self.trigger) {
            (Unit::Hours, Trigger::Date(_)) => Err(DeadlineError::TriggerNotAMoment),
            (Unit::Days | Unit::BusinessDays | Unit::Weeks | Unit::Months | Unit::Years, Trigger::At(_)) => {
                Err(DeadlineError::TriggerNotADate { unit: self.unit })
            }
            (Unit::Hours, Trigger::At(_))
            | (Unit::Days | Unit::BusinessDays | Unit::Weeks | Unit::Months | Unit::Years, Trigger::Date(_)) => {
                ensure(self.trigger.is_in_range(), DeadlineError::TriggerOutOfRange)
            }
        }
    }

    fn check_count(&self) -> Result<(), DeadlineError> {
        ensure((1..=MAX_COUNT).contains(&self.count), DeadlineError::CountOutOfRange)
    }

    /// Rule 6(a)(1)(B) counts every day since 2009, and German law knows Werktage (which include Saturdays) but no such unit.
    fn check_unit(&self) -> Result<(), DeadlineError> {
        ensure(
            self.unit != Unit::BusinessDays || self.rule == Rule::Plain,
            DeadlineError::UnitNotOfRule { rule: self.rule },
        )
    }

    fn check_service(&self) -> Result<(), DeadlineError> {
        if self.service.is_none() {
            return Ok(());
        }
        ensure(self.rule == Rule::Frcp6, DeadlineError::ServiceNotOfRule)?;
        ensure(self.direction == Direction::After, DeadlineError::ServiceBeforeEvent)
    }

    fn check_trigger_day(&self) -> Result<(), DeadlineError> {
        if !self.counts_trigger_day {
            return Ok(());
        }
        ensure(self.rule != Rule::Frcp6, DeadlineError::TriggerDayNotOfRule)?;
        ensure(self.unit != Unit::Hours, DeadlineError::TriggerDayWithHours)
    }

    fn check_calendar(&self) -> Result<(), DeadlineError> {
        let Some(calendar) = self.calendar else { return Ok(()) };
        let fits = match self.rule {
            Rule::Frcp6 => calendar.is_us(),
            Rule::Bgb => calendar.is_german(),
            Rule::Plain => true,
        };
        ensure(fits, DeadlineError::CalendarNotOfRule { rule: self.rule, calendar })
    }

    fn check_closed_days(&self) -> Result<(), DeadlineError> {
        ensure(self.closed_days.len() <= MAX_CLOSED_DAYS, DeadlineError::TooManyClosedDays)
    }
}

/// The deadline, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The last day to act, in the place's own time.
    pub due_on: NaiveDate,
    /// The last moment to act, for hours only.
    pub due_at: Option<DateTime<Utc>>,
    /// The steps in their order; the last one's date is the due date.
    pub steps: Vec<Step>,
}

/// One step of a computation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What the step does, a stable short id such as `count` or `next_day`.
    pub rule: String,
    /// The provision it rests on, such as `Fed. R. Civ. P. 6(a)(1)(C)` or `§ 193 BGB`.
    pub citation: String,
    /// What it does here, as a sentence.
    pub explanation: String,
    /// The date after the step.
    pub date: NaiveDate,
}

fn ensure(holds: bool, otherwise: DeadlineError) -> Result<(), DeadlineError> {
    if holds { Ok(()) } else { Err(otherwise) }
}
