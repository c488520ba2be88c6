//! The length of a period, and its last day before any move to a working day.

use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta};

use crate::deadline::computation::{Computation, DeadlineError};
use crate::deadline::words::{Direction, Unit};

/// Length of a period, by the way of counting.
#[derive(Debug, Clone, Copy)]
pub(super) enum Length {
    /// Calendar days or months.
    Span(Span),
    /// Business days.
    BusinessDays(u32),
    /// Elapsed time.
    Hours(TimeDelta),
}

impl Length {
    pub(super) fn of(computation: &Computation) -> Self {
        let count = computation.count;
        match computation.unit {
            Unit::Days => Self::Span(Span::Days(u64::from(count))),
            Unit::Weeks => Self::Span(Span::Days(u64::from(count) * 7)),
            Unit::Months => Self::Span(Span::Months(count)),
            Unit::Years => Self::Span(Span::Months(count.saturating_mul(12))),
            Unit::BusinessDays => Self::BusinessDays(count),
            Unit::Hours => Self::Hours(TimeDelta::hours(i64::from(count))),
        }
    }
}

/// A length in calendar days or months. Weeks become days, and years become months.
#[derive(Debug, Clone, Copy)]
pub(super) enum Span {
    Days(u64),
    Months(u32),
}

/// Last day of a period before any move to a working day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reached {
    pub(super) date: NaiveDate,
    /// Whether the month lacks the day of that number.
    pub(super) clamped: bool,
}

impl Span {
    /// The last day of the period, counted from its trigger.
    ///
    /// Without `counts_trigger_day` it is the day with the same weekday or number as the trigger. With it, the period
    /// ends one day closer to the trigger. If the month lacks the day, the period ends on the last day of the month.
    /// The rules are those of § 188 BGB; the other bodies of law do not differ.
    pub(super) fn end(
        self,
        trigger: NaiveDate,
        direction: Direction,
        counts_trigger_day: bool,
    ) -> Result<Reached, DeadlineError> {
        let reached =
            if counts_trigger_day { self.end_counting(trigger, direction) } else { self.same_day(trigger, direction) };
        let reached = reached.ok_or(DeadlineError::DueOutOfRange)?;
        Ok(Reached { date: in_range(reached.date)?, ..reached })
    }

    fn same_day(self, trigger: NaiveDate, direction: Direction) -> Option<Reached> {
        let date = match (self, direction) {
            (Self::Days(days), Direction::After) => trigger.checked_add_days(Days::new(days)),
            (Self::Days(days), Direction::Before) => trigger.checked_sub_days(Days::new(days)),
            (Self::Months(months), Direction::After) => trigger.checked_add_months(Months::new(months)),
            (Self::Months(months), Direction::Before) => trigger.checked_sub_months(Months::new(months)),
        }?;
        let clamped = matches!(self, Self::Months(_)) && date.day() != trigger.day();
        Some(Reached { date, clamped })
    }

    fn end_counting(self, trigger: NaiveDate, direction: Direction) -> Option<Reached> {
        match (self, direction) {
            (Self::Days(_), Direction::After) => self.moved(trigger, direction, NaiveDate::pred_opt),
            (_, Direction::Before) => self.moved(trigger, direction, NaiveDate::succ_opt),
            // From the first of a month, the period ends with the last day of a month, whatever its number.
            (Self::Months(_), Direction::After) if trigger.day() == 1 => {
                self.moved(trigger, direction, NaiveDate::pred_opt)
            }
            // Step back first, then add: one month from 31 January, counting it, ends on 28 February, not on the 27th.
            (Self::Months(_), Direction::After) => self.same_day(trigger.pred_opt()?, direction),
        }
    }

    fn moved(
        self,
        trigger: NaiveDate,
        direction: Direction,
        neighbour: fn(&NaiveDate) -> Option<NaiveDate>,
    ) -> Option<Reached> {
        let reached = self.same_day(trigger, direction)?;
        Some(Reached { date: neighbour(&reached.date)?, ..reached })
    }
}

/// The date, if it is in the years 1 to 9999.
pub(super) fn in_range(date: NaiveDate) -> Result<NaiveDate, DeadlineError> {
    if (1..=9999).contains(&date.year()) { Ok(date) } else { Err(DeadlineError::DueOutOfRange) }
}

/// The next day in the direction of counting.
pub(super) fn next_day(date: NaiveDate, direction: Direction) -> Result<NaiveDate, DeadlineError> {
    let next = match direction {
        Direction::After => date.succ_opt(),
        Direction::Before => date.pred_opt(),
    };
    in_range(next.ok_or(DeadlineError::DueOutOfRange)?)
}
