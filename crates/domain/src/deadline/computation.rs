//! Input and result of a computation, and the checks that run before any rule.

mod error;
mod trigger;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

pub use error::{DeadlineError, MAX_CLOSED_DAYS, MAX_COUNT};
pub use trigger::Trigger;

use super::calendar::CalendarKey;
use super::words::{Direction, Rule, Service, Unit};

/// Input of a computation: a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computation {
    /// The body of law.
    pub rule: Rule,
    /// The event from which the period is counted.
    pub trigger: Trigger,
    /// Number of units, from 1 to [`MAX_COUNT`].
    pub count: u32,
    /// The unit.
    pub unit: Unit,
    /// Whether the period follows the event or precedes it.
    pub direction: Direction,
    /// How the paper that starts the period was served ([`Rule::Frcp6`] only).
    #[serde(default)]
    pub service: Option<Service>,
    /// Whether the day of the trigger is the first day of the period (§ 187 (2) BGB; also with [`Rule::Plain`]).
    #[serde(default)]
    pub counts_trigger_day: bool,
    /// Holiday calendar. Default: `us-federal` for [`Rule::Frcp6`], `de` for [`Rule::Bgb`], none for [`Rule::Plain`].
    /// `de` has only the holidays that all German states share, so a period after an event never ends later than with
    /// the calendar of a state.
    #[serde(default)]
    pub calendar: Option<CalendarKey>,
    /// Additional days off, at most [`MAX_CLOSED_DAYS`]. [`Rule::Frcp6`]: days on which the clerk's office is
    /// inaccessible (and state holidays, for a period after an event). [`Rule::Bgb`]: general holidays of the place
    /// that its calendar does not have. [`Rule::Plain`]: days that are not business days.
    #[serde(default)]
    pub closed_days: BTreeSet<NaiveDate>,
}

impl Computation {
    /// All faults of the input that are found without computing a date; empty if there are none.
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

    /// Only plain counts have business days. Rule 6(a)(1)(B) counts every day since 2009, and the "Werktage" of German
    /// law include Saturdays.
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

/// Result of a computation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComputedDeadline {
    /// The last day to act, in local time of the place.
    pub due_on: NaiveDate,
    /// The last moment to act; only for periods in hours.
    pub due_at: Option<DateTime<Utc>>,
    /// The steps, in order. The date of the last step is the due date.
    pub steps: Vec<Step>,
}

/// One step of a computation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Short stable id of the step, such as `count` or `next_day`.
    pub rule: String,
    /// The provision it rests on, such as `Fed. R. Civ. P. 6(a)(1)(C)` or `§ 193 BGB`.
    pub citation: String,
    /// What the step does in this computation, as a sentence.
    pub explanation: String,
    /// The date after the step.
    pub date: NaiveDate,
}

fn ensure(holds: bool, otherwise: DeadlineError) -> Result<(), DeadlineError> {
    if holds { Ok(()) } else { Err(otherwise) }
}
