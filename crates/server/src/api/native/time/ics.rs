//! Deadlines as an iCalendar document (RFC 5545).

use chrono::{DateTime, Days, NaiveTime, Utc};
use docket_domain::{
    case::Case,
    deadline::{Deadline, DeadlineState, Due},
};
use icalendar::{Alarm, Calendar, Component as _, Event, EventLike as _, EventStatus, Property};

/// The document. Deadlines of cases that are not given have no description.
pub(super) fn calendar(deadlines: &[Deadline], cases: &[Case]) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0")).append_property(("PRODID", "-//Docket//Deadlines//EN"));
    calendar.append_property(("CALSCALE", "GREGORIAN")).name("Deadlines");
    for deadline in deadlines {
        calendar.push(event(deadline, cases.iter().find(|case| case.id == deadline.case)));
    }
    calendar.to_string()
}

fn event(deadline: &Deadline, case: Option<&Case>) -> Event {
    let mut event = Event::new();
    event.uid(&format!("{}@docket", deadline.id)).summary(&deadline.title);
    event.sequence(sequence(deadline));
    event.timestamp(deadline.updated_at).last_modified(deadline.updated_at).created(deadline.created_at);
    match deadline.due {
        Due::On(day) => {
            event.starts(day).ends(day.checked_add_days(Days::new(1)).unwrap_or(day));
        }
        Due::At(time) => {
            event.starts(time).ends(time);
        }
    }
    if let Some(case) = case {
        event.description(&format!("{}: {}", case.number(), case.name()));
    }
    let is_open = deadline.state == DeadlineState::Open;
    event.status(if is_open { EventStatus::Confirmed } else { EventStatus::Cancelled });
    event.append_property(Property::new("TRANSP", "TRANSPARENT"));
    if let Some(day) = deadline.warn_on.filter(|_| is_open) {
        let at: DateTime<Utc> = day.and_time(NaiveTime::MIN).and_utc();
        let mut alarm = Alarm::display(&deadline.title, at);
        alarm.uid(&format!("{}-warning@docket", deadline.id));
        event.alarm(alarm);
    }
    event.done()
}

/// A number that grows with each change: the time from the creation to the last change, in milliseconds on the first day
/// and in tenths of a second behind it. Six years and a half fit into an iCalendar integer.
fn sequence(deadline: &Deadline) -> u32 {
    const DAY: i64 = 86_400_000;
    let age = (deadline.updated_at - deadline.created_at).num_milliseconds();
    let number = if age <= DAY { age } else { DAY + (age - DAY) / 100 };
    u32::try_from(number.clamp(0, i64::from(i32::MAX))).unwrap_or_default()
}
