//! Errors of a computation.

use thiserror::Error;

use crate::deadline::{
    calendar::{CalendarKey, OutsideVerified},
    words::{Rule, Unit, UnknownWord},
};

/// Greatest count of a period, in any unit.
pub const MAX_COUNT: u32 = 100_000;

/// Greatest number of closed days in a computation.
pub const MAX_CLOSED_DAYS: usize = 5_000;

/// Why a deadline cannot be computed. Every variant belongs to one field of the request.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DeadlineError {
    /// An unknown word for a field.
    #[error(transparent)]
    UnknownWord(#[from] UnknownWord),
    /// The trigger is neither a date nor a timestamp.
    #[error("expected a date such as 2026-03-31, or for hours a timestamp such as 2026-03-31T09:30:00-04:00")]
    UnreadableTrigger,
    /// Days and longer units are counted from a date.
    #[error("{unit} are counted from a date, not from a timestamp")]
    TriggerNotADate {
        /// The requested unit.
        unit: Unit,
    },
    /// Hours are counted from a timestamp.
    #[error("hours are counted from a timestamp, not from a date")]
    TriggerNotAMoment,
    /// The trigger is not in the years 1 to 9999.
    #[error("expected a date of the years 1 to 9999")]
    TriggerOutOfRange,
    /// The count is not between 1 and [`MAX_COUNT`].
    #[error("expected a count from 1 to {MAX_COUNT}; to count backward use the direction")]
    CountOutOfRange,
    /// The deadline would be outside the years 1 to 9999.
    #[error("the deadline would fall outside the years 1 to 9999")]
    DueOutOfRange,
    /// The rule does not count business days.
    #[error("the rule {rule} does not count business days, use the rule plain")]
    UnitNotOfRule {
        /// The requested rule.
        rule: Rule,
    },
    /// Only [`Rule::Frcp6`] adds days for the manner of service.
    #[error("only the rule frcp6 uses the manner of service")]
    ServiceNotOfRule,
    /// Rule 6(d) applies only to periods after service.
    #[error("the manner of service applies only to a period after the service")]
    ServiceBeforeEvent,
    /// Rule 6(a)(1)(A) always excludes the day of the event.
    #[error("the rule frcp6 never counts the day of the event")]
    TriggerDayNotOfRule,
    /// A period in hours has no first day to count.
    #[error("a period of hours runs from the moment of the event, it cannot count the trigger's day")]
    TriggerDayWithHours,
    /// The calendar belongs to a different legal system than the rule.
    #[error("the calendar {calendar} cannot be used with the rule {rule}")]
    CalendarNotOfRule {
        /// The requested rule.
        rule: Rule,
        /// The requested calendar.
        calendar: CalendarKey,
    },
    /// The computation reaches a year for which the calendar's holidays were not verified.
    #[error(transparent)]
    OutsideVerified(#[from] OutsideVerified),
    /// More than [`MAX_CLOSED_DAYS`] closed days.
    #[error("expected at most {MAX_CLOSED_DAYS} closed days")]
    TooManyClosedDays,
}

impl DeadlineError {
    /// Wire name of the invalid field.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::UnknownWord(UnknownWord { field, .. }) => field,
            Self::UnreadableTrigger
            | Self::TriggerNotADate { .. }
            | Self::TriggerNotAMoment
            | Self::TriggerOutOfRange => "trigger",
            Self::CountOutOfRange | Self::DueOutOfRange => "count",
            Self::UnitNotOfRule { .. } => "unit",
            Self::ServiceNotOfRule | Self::ServiceBeforeEvent => "service",
            Self::TriggerDayNotOfRule | Self::TriggerDayWithHours => "counts_trigger_day",
            Self::CalendarNotOfRule { .. } | Self::OutsideVerified(_) => "calendar",
            Self::TooManyClosedDays => "closed_days",
        }
    }

    /// Stable code of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownWord(_) => "unknown_word",
            Self::UnreadableTrigger => "unreadable_trigger",
            Self::TriggerNotADate { .. } => "trigger_not_a_date",
            Self::TriggerNotAMoment => "trigger_not_a_moment",
            Self::TriggerOutOfRange => "trigger_out_of_range",
            Self::CountOutOfRange => "count_out_of_range",
            Self::DueOutOfRange => "due_out_of_range",
            Self::UnitNotOfRule { .. } => "unit_not_of_rule",
            Self::ServiceNotOfRule => "service_not_of_rule",
            Self::ServiceBeforeEvent => "service_before_event",
            Self::TriggerDayNotOfRule => "trigger_day_not_of_rule",
            Self::TriggerDayWithHours => "trigger_day_with_hours",
            Self::CalendarNotOfRule { .. } => "calendar_not_of_rule",
            Self::OutsideVerified(_) => "outside_verified",
            Self::TooManyClosedDays => "too_many_closed_days",
        }
    }
}
