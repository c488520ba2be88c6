//! Working time and service levels: how long a case may take, counted in working hours, and whether it does.
//!
//! A clock is a pure fold over the log of a case: the same log, policy and calendar always give the same answer.

mod calendar;
mod clock;
mod draw;
mod duration;
mod hours;
mod pattern;
mod policy;
mod stored;
mod what_if;

pub use self::{
    calendar::{SPANS_MAX, Span, TimeOfDay, Week, WorkCalendar, check_spans},
    clock::{ClockState, Segment, TargetClock, read_clock},
    draw::draw_clocks,
    duration::WorkDuration,
    hours::{HoursCache, WorkingHours},
    pattern::{BadPattern, EventPattern},
    policy::{AppliesTo, ServiceLevel, Share, Target},
    stored::{CaseClocks, StoredClock},
    what_if::{TargetSummary, WorstCase},
};

/// Maximum number of calendars, and of service levels, of an account.
pub const SETTINGS_MAX: usize = 100;
/// Maximum number of targets of a service level.
pub const TARGETS_MAX: usize = 20;
