//! Deadlines: the computation of due dates, and the deadlines stored on cases.
//!
//! [`compute`] turns a [`Computation`] (rule, trigger, count …) into a due date and the steps that lead to it; each
//! step cites its provision. It is a pure function: no clock, no I/O, no panic. It never guesses: a year for which the
//! [`Calendar`] was not verified is an error. Sources and decisions: `docs/deadlines.md`.
//!
//! ```
//! use std::collections::BTreeSet;
//! use docket_domain::deadline::{Computation, Direction, Rule, Service, Unit, compute};
//!
//! // Service by mail on Friday, 3 July 2026: 30 days to respond, plus 3 days under Rule 6(d).
//! let outcome = compute(&Computation {
//!     rule: Rule::Frcp6,
//!     trigger: "2026-07-03".parse()?,
//!     count: 30,
//!     unit: Unit::Days,
//!     direction: Direction::After,
//!     service: Some(Service::Mail),
//!     counts_trigger_day: false,
//!     calendar: None,
//!     closed_days: BTreeSet::new(),
//! })?;
//! assert_eq!(outcome.due_on.to_string(), "2026-08-06");
//! assert!(outcome.steps.iter().any(|step| step.citation == "Fed. R. Civ. P. 6(d)"));
//! # Ok::<(), docket_domain::deadline::DeadlineError>(())
//! ```

mod calendar;
mod computation;
mod record;
mod rule;
mod words;

pub use calendar::{Calendar, CalendarKey, Holiday, OutsideVerified, calendars};
pub use computation::{Computation, ComputedDeadline, DeadlineError, MAX_CLOSED_DAYS, MAX_COUNT, Step, Trigger};
pub use record::{
    Deadline, DeadlineChange, DeadlineChanges, DeadlineCommand, DeadlineEvent, DeadlineFilter, DeadlineHappening,
    DeadlineKind, DeadlineMoment, DeadlinePosition, DeadlineState, DeadlineStatus, Due, NewDeadline, When,
};
pub use rule::compute;
pub use words::{Direction, Rule, Service, Unit, UnknownWord};
