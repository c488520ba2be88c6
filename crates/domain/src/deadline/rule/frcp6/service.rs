//! Rule 6(d): days added for the manner of service.

use chrono::{Datelike, Days, NaiveDate};

use crate::deadline::computation::DeadlineError;
use crate::deadline::rule::length::in_range;
use crate::deadline::rule::steps::{Steps, long};
use crate::deadline::words::Service;

const ADDED: Days = Days::new(3);

/// Adds the days to the date on which the period would otherwise expire; `None` if the manner of service adds none.
///
/// Intermediate Saturdays, Sundays and holidays are counted (committee note of 2005). The caller moves the last day.
pub(super) fn add_days(
    steps: &mut Steps,
    service: Service,
    served_on: NaiveDate,
    expiry: NaiveDate,
) -> Result<Option<NaiveDate>, DeadlineError> {
    let (manner, adds) = effect(service, served_on);
    let (extended, explanation) = if adds {
        let extended = in_range(expiry.checked_add_days(ADDED).ok_or(DeadlineError::DueOutOfRange)?)?;
        (Some(extended), format!("service {manner} adds 3 days after {}, when the period would expire", long(expiry)))
    } else {
        (None, format!("service {manner} adds no days"))
    };
    let citation = match service {
        Service::Electronic if adds => "Fed. R. Civ. P. 6(d) (until 30 November 2016)",
        Service::Electronic
        | Service::Personal
        | Service::OfficeOrDwelling
        | Service::Mail
        | Service::Clerk
        | Service::OtherConsented => "Fed. R. Civ. P. 6(d)",
    };
    steps.note("service", citation, explanation, extended.unwrap_or(expiry));
    Ok(extended)
}

/// The manner in words, and whether it adds days.
fn effect(service: Service, served_on: NaiveDate) -> (&'static str, bool) {
    match service {
        Service::Personal => ("in person (5(b)(2)(A))", false),
        Service::OfficeOrDwelling => ("at the office or dwelling (5(b)(2)(B))", false),
        Service::Mail => ("by mail (5(b)(2)(C))", true),
        Service::Clerk => ("by leaving it with the clerk (5(b)(2)(D))", true),
        Service::Electronic => ("by electronic means (5(b)(2)(E))", electronic_adds(served_on)),
        Service::OtherConsented => ("by other means consented to (5(b)(2)(F))", true),
    }
}

/// Electronic service added days from 1 December 2001 to 30 November 2016.
fn electronic_adds(served_on: NaiveDate) -> bool {
    ((2001, 12)..(2016, 12)).contains(&(served_on.year(), served_on.month()))
}
