//! Arithmetic with the working hours of a calendar.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::{
    calendar::{Span, TimeOfDay, WorkCalendar},
    duration::WorkDuration,
};
use crate::time::Timestamp;

/// The years that are counted. Outside them, no time is working time.
const YEARS: std::ops::Range<i32> = 1970..2101;

/// The working hours of a calendar, summed up day by day, so that each question needs a search in a sorted list.
///
/// Days are those of the calendar's time zone: one with a change of the clocks has 23 or 25 hours. A time of day that
/// occurs twice means the first one, and one that is skipped means the moment of the change.
#[derive(Debug)]
pub struct WorkingHours {
    calendar: WorkCalendar,
    first: NaiveDate,
    /// The beginning of each day in seconds since 1970 (UTC), and that of the day behind the last.
    starts: Vec<i64>,
    /// The working seconds before each of these days.
    sums: Vec<i64>,
}

impl WorkingHours {
    /// Sums up the hours of a calendar.
    #[must_use]
    pub fn of(calendar: WorkCalendar) -> Self {
        let first = NaiveDate::from_ymd_opt(YEARS.start, 1, 1).unwrap_or_default();
        let (mut starts, mut sums) = (Vec::new(), Vec::new());
        let (mut day, mut sum) = (first, 0);
        while chrono::Datelike::year(&day) < YEARS.end {
            starts.push(instant(calendar.time_zone, day, 0));
            sums.push(sum);
            let spans = calendar.spans_on(day).iter().map(|span| bounds(calendar.time_zone, day, *span));
            sum += spans.map(|(from, to)| to - from).sum::<i64>();
            day = day.checked_add_days(Days::new(1)).unwrap_or(day);
        }
        starts.push(instant(calendar.time_zone, day, 0));
        sums.push(sum);
        Self { calendar, first, starts, sums }
    }

    /// The calendar.
    #[must_use]
    pub const fn calendar(&self) -> &WorkCalendar {
        &self.calendar
    }

    /// The working time from an instant to a later one; none if that is not later.
    #[must_use]
    pub fn between(&self, from: Timestamp, to: Timestamp) -> WorkDuration {
        WorkDuration::seconds(self.until(to.timestamp()) - self.until(from.timestamp()))
    }

    /// The first instant that is so much working time after another; `None` if the calendar does not have so much before
    /// the year 2101.
    #[must_use]
    pub fn after(&self, from: Timestamp, duration: WorkDuration) -> Option<Timestamp> {
        if duration.as_seconds() == 0 {
            return Some(from);
        }
        let wanted = self.until(from.timestamp()) + duration.as_seconds();
        // The first day whose end has that much.
        let day = self.sums.partition_point(|sum| *sum < wanted).checked_sub(1)?;
        let mut missing = wanted - self.sums.get(day)?;
        for (from, to) in self.spans_of(day) {
            if missing <= to - from {
                return DateTime::from_timestamp(from + missing, 0);
            }
            missing -= to - from;
        }
        None
    }

    /// The stretches of working time between two instants, in order, at most `limit`.
    #[must_use]
    pub fn stretches(&self, from: Timestamp, to: Timestamp, limit: usize) -> Vec<(Timestamp, Timestamp)> {
        let (from, to) = (from.timestamp(), to.timestamp());
        let first = self.starts.partition_point(|start| *start <= from).saturating_sub(1);
        let days = (first..self.sums.len()).take_while(|day| self.starts.get(*day).is_some_and(|start| *start < to));
        let stretches = days.flat_map(|day| self.spans_of(day)).map(|(begin, end)| (begin.max(from), end.min(to)));
        let instant = |at| DateTime::from_timestamp(at, 0).unwrap_or_default();
        let stretches = stretches.filter(|(begin, end)| begin < end).map(|(begin, end)| (instant(begin), instant(end)));
        stretches.take(limit).collect()
    }

    /// Working seconds before an instant.
    fn until(&self, at: i64) -> i64 {
        let Some(day) = self.starts.partition_point(|start| *start <= at).checked_sub(1) else { return 0 };
        let before = self.sums.get(day).copied().unwrap_or_default();
        before + self.spans_of(day).map(|(from, to)| (at.min(to) - from).max(0)).sum::<i64>()
    }

    /// The working hours of a day in seconds since 1970.
    fn spans_of(&self, day: usize) -> impl Iterator<Item = (i64, i64)> {
        let date = u64::try_from(day).ok().and_then(|day| self.first.checked_add_days(Days::new(day)));
        let is_counted = day + 1 < self.sums.len();
        let date = date.filter(|_| is_counted);
        let spans = date.map(|date| (date, self.calendar.spans_on(date)));
        spans
            .into_iter()
            .flat_map(|(date, spans)| spans.iter().map(move |span| (date, *span)))
            .map(|(date, span): (NaiveDate, Span)| bounds(self.calendar.time_zone, date, span))
    }
}

/// The working hours of calendars that were used lately. A calendar is found by its content, so a change needs no notice.
#[derive(Debug, Default)]
pub struct HoursCache(Mutex<HashMap<String, Arc<WorkingHours>>>);

/// Maximum number of calendars in a cache. Each takes about a megabyte.
const CACHED: usize = 64;

impl HoursCache {
    /// The cache of the process.
    #[must_use]
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<HoursCache> = LazyLock::new(HoursCache::default);
        &SHARED
    }

    /// The working hours of a calendar, summed up once.
    #[must_use]
    pub fn of(&self, calendar: &WorkCalendar) -> Arc<WorkingHours> {
        // Serializing our own data to a string cannot fail: every map in it has string keys.
        let content = serde_json::to_string(calendar).unwrap_or_default();
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hours) = known().get(&content) {
            return Arc::clone(hours);
        }
        let hours = Arc::new(WorkingHours::of(calendar.clone()));
        let mut cached = known();
        if cached.len() >= CACHED {
            cached.clear();
        }
        cached.insert(content, Arc::clone(&hours));
        hours
    }
}

fn bounds(zone: Tz, day: NaiveDate, Span(from, to): Span) -> (i64, i64) {
    let at = |time: TimeOfDay| instant(zone, day, i64::from(time.minutes()));
    (at(from), at(to))
}

/// The instant at which a local clock shows so many minutes of a day, in seconds since 1970.
fn instant(zone: Tz, day: NaiveDate, minutes: i64) -> i64 {
    let local = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes);
    match zone.from_local_datetime(&local) {
        chrono::LocalResult::Single(at) | chrono::LocalResult::Ambiguous(at, _) => at.timestamp(),
        chrono::LocalResult::None => change_around(zone, local),
    }
}

/// The moment at which the clocks skip a local time.
fn change_around(zone: Tz, local: NaiveDateTime) -> i64 {
    let offset = |at: i64| {
        let at = DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default();
        i64::from(zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc())
    };
    let seconds = local.and_utc().timestamp();
    // No zone is more than a day from UTC, and no change skips more than a day.
    let (mut before, mut behind) = (seconds - 2 * 86_400, seconds + 2 * 86_400);
    while behind - before > 1 {
        let middle = i64::midpoint(before, behind);
        if middle + offset(middle) < seconds {
            before = middle;
        } else {
            behind = middle;
        }
    }
    behind
}
