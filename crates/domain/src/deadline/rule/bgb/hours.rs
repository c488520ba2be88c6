//! § 222 (3) ZPO: periods in hours. Hours on Saturdays, Sundays and general holidays are not counted.
//!
//! The hours start at the moment of the event: § 187 (1) BGB applies only to days. Days are those of German legal time.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::deadline::calendar::berlin_time;
use crate::deadline::computation::{Computation, ComputedDeadline, DeadlineError};
use crate::deadline::rule::days_off::{DaysOff, Off, list};
use crate::deadline::rule::length::{in_range, next_day};
use crate::deadline::rule::steps::{Steps, long};
use crate::deadline::words::Direction;

pub(super) fn compute(
    computation: &Computation,
    days_off: &DaysOff<'_>,
    hours: TimeDelta,
    event: DateTime<Utc>,
) -> Result<ComputedDeadline, DeadlineError> {
    let direction = computation.direction;
    let event_on = in_range(berlin_time::day_at(event).ok_or(DeadlineError::DueOutOfRange)?)?;
    let ran = run(days_off, direction, hours, event, event_on)?;

    let mut steps = Steps::default();
    let explanation = format!("the hours run from the moment of the event itself, on {}", long(event_on));
    steps.note("trigger", "§ 222 Abs. 1, 3 ZPO", explanation, event_on);
    let mut explanation =
        format!("{} {direction} it end on {}", computation.unit.amount(computation.count), long(ran.last_day));
    if !ran.skipped.is_empty() {
        explanation.push_str("; not counted: ");
        explanation.push_str(&list(&ran.skipped));
    }
    steps.note("count", "§ 222 Abs. 3 ZPO", explanation, ran.last_day);
    Ok(ComputedDeadline { due_on: ran.last_day, due_at: Some(ran.end), steps: steps.into_inner() })
}

struct Run {
    end: DateTime<Utc>,
    /// The day on which the last hour was counted. After an event, an end at midnight belongs to the day before.
    last_day: NaiveDate,
    skipped: Vec<(NaiveDate, Off)>,
}

/// Counts the hours day by day.
fn run(
    days_off: &DaysOff<'_>,
    direction: Direction,
    hours: TimeDelta,
    event: DateTime<Utc>,
    event_on: NaiveDate,
) -> Result<Run, DeadlineError> {
    let (mut now, mut day, mut left, mut skipped) = (event, event_on, hours, Vec::new());
    loop {
        let edge = match direction {
            Direction::After => berlin_time::start_of(next_day(day, Direction::After)?),
            Direction::Before => berlin_time::start_of(day),
        }
        .ok_or(DeadlineError::DueOutOfRange)?;
        let room = (edge - now).abs();
        match days_off.at_all(day)? {
            Some(off) => skipped.push((day, off)),
            // An event at the edge of a day leaves no time on that day.
            None if left <= room && room > TimeDelta::zero() => {
                let end = match direction {
                    Direction::After => now.checked_add_signed(left),
                    Direction::Before => now.checked_sub_signed(left),
                };
                return Ok(Run { end: end.ok_or(DeadlineError::DueOutOfRange)?, last_day: day, skipped });
            }
            None => left -= room,
        }
        now = edge;
        day = next_day(day, direction)?;
    }
}
