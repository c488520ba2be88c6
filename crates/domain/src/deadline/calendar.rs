//! Holiday calendars. Each holiday is a rule with its legal source; each calendar is verified for a range of years.
//!
//! Calendars do not list Saturdays and Sundays: the computation rules handle weekends.

pub(super) mod berlin_time;
mod catalog;
mod germany;
mod holiday_rule;
mod holidays;
mod key;
mod occurs;
mod us;

pub use catalog::calendars;
pub use holidays::{Calendar, Holiday, OutsideVerified};
pub use key::CalendarKey;
