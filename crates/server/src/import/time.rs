//! The times of a log.

use chrono::{
    DateTime, Datelike as _, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc,
    format::{Item, StrftimeItems},
};
use chrono_tz::Tz;
use docket_domain::time::{Timestamp, to_microseconds};

/// Position of the day in a date such as `03/04/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayPlace {
    First,
    Second,
}

/// How to read the times of a log.
#[derive(Debug, Clone, Default)]
pub(super) struct Times {
    /// As for `strftime`. `None`: the usual forms.
    format: Option<String>,
    /// Zone of times without one.
    zone: Option<Tz>,
    /// Position of the day in dates with slashes or hyphens. `None` if no date of the log shows it.
    pub(super) day_place: Option<DayPlace>,
}

impl Times {
    /// # Errors
    /// If the format or the zone is unknown.
    pub(super) fn new(format: Option<String>, zone: Option<&str>) -> anyhow::Result<Self> {
        if let Some(format) = &format {
            let is_wrong = StrftimeItems::new(format).any(|item| item == Item::Error);
            anyhow::ensure!(!is_wrong, "time_format: {format:?} has an unknown strftime specifier");
        }
        let zone = zone.map(|zone| {
            zone.parse::<Tz>().map_err(|_| {
                anyhow::anyhow!(
                    "time_zone: {zone:?} is not in the IANA time zone database; expected a name such as Europe/Berlin"
                )
            })
        });
        Ok(Self { format, zone: zone.transpose()?, day_place: None })
    }

    /// Reads a time in the format of the map, or a date and a time of day in one of the usual forms.
    ///
    /// Date: `2026-03-31`, `2026/03/31`, `20260331`, `31.03.2026`, or `31/03/2026`, `03/31/2026` and the same with
    /// hyphens. Time of day: `14:59`, `14:59:42`, `14:59:42.5`, `145942` or `2:59 PM`; midnight if missing. Zone: `Z`,
    /// `UTC`, `GMT` or an offset such as `+02:00`.
    ///
    /// # Errors
    /// The reason why the text is not a time.
    pub(super) fn read(&self, text: &str) -> Result<Timestamp, String> {
        let time = match &self.format {
            Some(format) => self.read_as(text, format)?,
            None => self.read_usual(text)?,
        };
        let time = to_microseconds(time);
        if (0..=9999).contains(&time.year()) {
            Ok(time)
        } else {
            Err(format!("{text:?} is not in the years 0 to 9999"))
        }
    }

    fn read_as(&self, text: &str, format: &str) -> Result<Timestamp, String> {
        if let Ok(time) = DateTime::parse_from_str(text, format) {
            return Ok(time.with_timezone(&Utc));
        }
        let local = NaiveDateTime::parse_from_str(text, format);
        let local = local.or_else(|_| NaiveDate::parse_from_str(text, format).map(|day| day.and_time(NaiveTime::MIN)));
        let local = local.map_err(|_| format!("{text:?} does not have the format {format:?}"))?;
        // Seconds since 1970 have no zone.
        if format.contains("%s") { Ok(local.and_utc()) } else { self.in_zone(text, local) }
    }

    fn read_usual(&self, text: &str) -> Result<Timestamp, String> {
        let not_a_time = || {
            format!(
                "{text:?} is not a time, such as 2026-03-31T14:59:42Z; other forms are read with time_format in the map"
            )
        };
        let (date, rest) = split_date(text).ok_or_else(not_a_time)?;
        let day = match date {
            Date::Known(day) => day,
            Date::Unclear { .. } => {
                let place = self.day_place.ok_or_else(|| {
                    format!(
                        "{text:?} is ambiguous: no date of the log tells the day from the month; \
                         set time_format in the map"
                    )
                })?;
                date.day(place)
            }
        };
        let day = day.ok_or_else(|| format!("{text:?} is not a calendar date"))?;
        let (time, zone) = split_time(rest).ok_or_else(not_a_time)?;
        let local = day.and_time(time);
        match zone {
            Some(offset) => local.and_local_timezone(offset).single().map(|time| time.to_utc()).ok_or_else(not_a_time),
            None => self.in_zone(text, local),
        }
    }

    fn in_zone(&self, text: &str, local: NaiveDateTime) -> Result<Timestamp, String> {
        let zone = self.zone.ok_or_else(|| {
            format!("{text:?} has no time zone; set one in the map, such as time_zone = \"Europe/Berlin\"")
        })?;
        match zone.from_local_datetime(&local) {
            // When the clock is set back, an hour occurs twice: use the first.
            LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => Ok(time.to_utc()),
            LocalResult::None => Err(format!("{text:?} does not exist in {zone}: the clock was set forward")),
        }
    }
}

/// Position of the day in the dates of a log. `None` if no date shows it, or two contradict each other.
pub(super) fn find_day_place<'t>(texts: impl Iterator<Item = &'t str>) -> Option<DayPlace> {
    let unclear = texts.filter_map(|text| match split_date(text)?.0 {
        Date::Unclear { numbers: [first, second], .. } => Some((first > 12, second > 12)),
        Date::Known(_) => None,
    });
    match unclear.fold((false, false), |found, this| (found.0 | this.0, found.1 | this.1)) {
        (true, false) => Some(DayPlace::First),
        (false, true) => Some(DayPlace::Second),
        (true, true) | (false, false) => None,
    }
}

/// A parsed date. `Known(None)` is not in the calendar.
enum Date {
    Known(Option<NaiveDate>),
    Unclear { numbers: [u32; 2], year: i32 },
}

impl Date {
    fn day(self, place: DayPlace) -> Option<NaiveDate> {
        match (self, place) {
            (Self::Known(day), _) => day,
            (Self::Unclear { numbers: [day, month], year }, DayPlace::First)
            | (Self::Unclear { numbers: [month, day], year }, DayPlace::Second) => {
                NaiveDate::from_ymd_opt(year, month, day)
            }
        }
    }
}

/// Splits a date off the beginning of a text.
fn split_date(text: &str) -> Option<(Date, &str)> {
    let (first, rest) = split_number(text)?;
    if first.len() == 8 {
        let day = NaiveDate::parse_from_str(first, "%Y%m%d").ok();
        return Some((Date::Known(day), rest));
    }
    let separator = rest.chars().next().filter(|c| matches!(c, '-' | '/' | '.'))?;
    let (second, rest) = split_number(rest.strip_prefix(separator)?)?;
    let (third, rest) = split_number(rest.strip_prefix(separator)?)?;
    let number = |text: &str| (text.len() <= 2).then(|| text.parse::<u32>().ok()).flatten();
    let year = |text: &str| (text.len() == 4).then(|| text.parse::<i32>().ok()).flatten();
    if let Some(year) = year(first) {
        let day = NaiveDate::from_ymd_opt(year, number(second)?, number(third)?);
        return Some((Date::Known(day), rest));
    }
    let date = Date::Unclear { numbers: [number(first)?, number(second)?], year: year(third)? };
    // In a date with dots, the day always comes first.
    Some((if separator == '.' { Date::Known(date.day(DayPlace::First)) } else { date }, rest))
}

/// Reads the text after the date: a time of day, and a zone or an offset.
fn split_time(text: &str) -> Option<(NaiveTime, Option<FixedOffset>)> {
    let text = text.strip_prefix(['T', 't', ',']).unwrap_or(text).trim();
    if text.is_empty() {
        return Some((NaiveTime::MIN, None));
    }
    let end = text.find(|c: char| !matches!(c, '0'..='9' | ':' | '.' | ',')).unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let clock = clock.replace(',', ".");
    let mut rest = rest.trim();
    let half = [("AM", false), ("PM", true), ("am", false), ("pm", true)].into_iter().find_map(|(word, is_later)| {
        rest = rest.strip_prefix(word)?.trim();
        Some(is_later)
    });
    let time = match half {
        Some(is_later) => {
            let clock = format!("{clock} {}", if is_later { "PM" } else { "AM" });
            ["%I:%M:%S%.f %p", "%I:%M %p"].iter().find_map(|form| NaiveTime::parse_from_str(&clock, form).ok())?
        }
        None => ["%H:%M:%S%.f", "%H:%M", "%H%M%S%.f", "%H%M"]
            .iter()
            .find_map(|form| NaiveTime::parse_from_str(&clock, form).ok())?,
    };
    Some((time, if rest.is_empty() { None } else { Some(offset(rest)?) }))
}

fn offset(text: &str) -> Option<FixedOffset> {
    if ["Z", "z", "UTC", "GMT"].contains(&text) {
        return FixedOffset::east_opt(0);
    }
    let (sign, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(text) => (-1, text),
        None => (1, text.strip_prefix('+')?),
    };
    let digits = text.replacen(':', "", 1);
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = digits.split_at(2);
    let minutes = if minutes.is_empty() { 0 } else { minutes.parse::<i32>().ok().filter(|minutes| *minutes < 60)? };
    FixedOffset::east_opt(sign * (hours.parse::<i32>().ok()? * 60 + minutes) * 60)
}

/// The digits at the beginning of a text, at least one.
fn split_number(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::{DayPlace, Times, find_day_place};

    fn times(zone: Option<&str>, day_place: Option<DayPlace>) -> Times {
        Times { day_place, ..Times::new(None, zone).unwrap() }
    }

    #[test]
    fn times_with_a_zone_are_read_in_all_usual_forms() {
        for text in [
            "2010-03-31T14:59:42Z",
            "2010-03-31 14:59:42Z",
            "2010-03-31t14:59:42z",
            "2010-03-31T16:59:42+02:00",
            "2010-03-31T16:59:42.000+0200",
            "2010-03-31 16:59:42 +02",
            "2010-03-31 13:59:42,0 -0100",
            "2010-03-31 14:59:42 UTC",
            "2010/03/31 14:59:42 GMT",
            "2010/3/31 2:59:42 PM Z",
            "31.03.2010 14:59:42Z",
            "31.3.2010, 14:59:42Z",
            "20100331T145942Z",
            "31/03/2010 14:59:42Z",
            "31-03-2010 14:59:42Z",
        ] {
            let time = times(None, Some(DayPlace::First)).read(text).unwrap();
            assert_eq!(time.to_rfc3339(), "2010-03-31T14:59:42+00:00", "{text}");
        }
        let time = times(None, Some(DayPlace::Second)).read("03/31/2010 2:59:42 pm Z").unwrap();
        assert_eq!(time.to_rfc3339(), "2010-03-31T14:59:42+00:00");
        assert_eq!(
            times(None, None).read("2010-03-31T14:59:42.1234567Z").unwrap().timestamp_micros() % 1_000_000,
            123_456
        );
    }

    #[test]
    fn times_without_a_zone_need_that_of_the_map() {
        let berlin = times(Some("Europe/Berlin"), None);
        for (text, utc) in [
            ("2010-03-31 16:59", "2010-03-31T14:59:00+00:00"),
            ("2010-12-31", "2010-12-30T23:00:00+00:00"),
            ("31.12.2010 12:00:00", "2010-12-31T11:00:00+00:00"),
            ("2010-10-31 02:30", "2010-10-31T00:30:00+00:00"),
            ("2010-12-31 12:00 +05:30", "2010-12-31T06:30:00+00:00"),
        ] {
            assert_eq!(berlin.read(text).unwrap().to_rfc3339(), utc, "{text}");
        }
        assert!(berlin.read("2010-03-28 02:30").unwrap_err().contains("does not exist in Europe/Berlin"));
        assert!(times(None, None).read("2010-03-31 16:59").unwrap_err().contains("time_zone = \"Europe/Berlin\""));
        assert!(Times::new(None, Some("Berlin")).is_err());
    }

    #[test]
    fn the_map_may_give_the_format() {
        for (format, text, utc) in [
            ("%d %b %Y at %Hh%M", "31 Mar 2010 at 16h59", "2010-03-31T14:59:00+00:00"),
            ("%d/%m/%y", "04/03/10", "2010-03-03T23:00:00+00:00"),
            ("%Y%m%d%H%M%S%z", "20100331165942+0200", "2010-03-31T14:59:42+00:00"),
            ("%s", "1270047582", "2010-03-31T14:59:42+00:00"),
        ] {
            let times = Times::new(Some(format.to_owned()), Some("Europe/Berlin")).unwrap();
            assert_eq!(times.read(text).unwrap().to_rfc3339(), utc, "{text}");
            assert!(times.read("yesterday").unwrap_err().contains("does not have the format"));
        }
        assert!(Times::new(Some("%Y-%Q".to_owned()), None).is_err());
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in
            ["", "yesterday", "2010-02-30 12:00Z", "2010-03-31T25:00Z", "31.03.10 12:00Z", "2010-03-31 12:00 CEST", "1"]
        {
            assert!(times(Some("Europe/Berlin"), Some(DayPlace::First)).read(text).is_err(), "{text}");
        }
        assert!(times(None, None).read("03/04/2010 12:00Z").unwrap_err().contains("the day from the month"));
    }

    #[test]
    fn the_place_of_the_day_is_found_where_the_dates_tell_it() {
        for (dates, place) in [
            (&["01/02/2026", "13/02/2026"][..], Some(DayPlace::First)),
            (&["01/02/2026 10:00", "12-31-2026"], Some(DayPlace::Second)),
            (&["01/02/2026", "2026-13-13", "31.12.2026"], None),
            (&["01/31/2026", "31/01/2026"], None),
        ] {
            assert_eq!(find_day_place(dates.iter().copied()), place, "{dates:?}");
        }
    }
}
