//! Calendars of holidays: rules with their source, and the years for which they were verified.
//!
//! Saturdays and Sundays are no holidays here; the rules of computation handle weekends themselves.

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
