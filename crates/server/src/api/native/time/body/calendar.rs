//! Request bodies of calendars of working hours.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use docket_domain::{
    deadline::CalendarKey,
    error::{Error, FieldErrors},
    service_level::{Span, Week, WorkCalendar, check_spans},
};
use serde_json::Value;
use utoipa::ToSchema;

use super::{check_key, name};
use crate::wire::fields::{Fields, FromFields};

/// Maximum number of closed days, and of days with their own hours.
const DAYS_MAX: usize = 1_000;

/// Working hours of an office.
#[derive(Debug, ToSchema)]
pub struct WorkCalendarBody {
    /// The key in the path; it may be repeated here.
    #[schema(value_type = String, required = false, example = json!(null))]
    key: Option<String>,
    /// Name, 1 to 500 characters.
    #[schema(min_length = 1, max_length = 500, example = "Office")]
    name: String,
    /// Time zone of the hours, by its name in the IANA time zone database.
    #[schema(value_type = String, example = "Europe/Berlin")]
    time_zone: Option<chrono_tz::Tz>,
    hours: WeekBody,
    /// Holidays without work: the key of a calendar of deadlines.
    #[schema(value_type = Option<String>, example = "de-by")]
    holidays: Option<CalendarKey>,
    /// Other days without work, at most 1,000.
    #[schema(value_type = Vec<String>, required = false, max_items = 1_000, example = json!(["2026-12-24"]))]
    closed: BTreeSet<NaiveDate>,
    /// Days with their own hours, at most 1,000. They come before holidays and closed days.
    #[schema(required = false, max_items = 1_000)]
    open: Vec<OpenDayBody>,
}

/// The hours of each day of the week: pairs of times of day from `00:00` to `24:00`, in order. A day that is left out has
/// none.
#[derive(Debug, Default, ToSchema)]
#[schema(example = json!({"monday": [["09:00", "12:30"], ["13:30", "18:00"]], "tuesday": [["09:00", "18:00"]]}))]
pub(super) struct WeekBody {
    #[schema(value_type = Vec<Vec<String>>, required = false, max_items = 24)]
    monday: Vec<Span>,
    #[schema(value_type = Vec<Vec<String>>, required = false, max_items = 24)]
    tuesday: Vec<Span>,
    #[schema(value_type = Vec<Vec<String>>, required = false, max_items = 24)]
    wednesday: Vec<Span>,
    #[schema(value_type = Vec<Vec<String>>, required = false, max_items = 24)]
    thursday: Vec<Span>,
    #[schema(value_type = Vec<Vec<String>>, required = false, max_items = 24)]
    friday: Vec<Span>,
    #[schema(value_type = Vec<Vec<String>>, required = false, max_items = 24)]
    saturday: Vec<Span>,
    #[schema(value_type = Vec<Vec<String>>, required = false, max_items = 24)]
    sunday: Vec<Span>,
}

/// A day with its own hours.
#[derive(Debug, ToSchema)]
pub(super) struct OpenDayBody {
    #[schema(value_type = String, format = Date, example = "2026-12-19")]
    date: Option<NaiveDate>,
    #[schema(value_type = Vec<Vec<String>>, max_items = 24, example = json!([["10:00", "14:00"]]))]
    hours: Vec<Span>,
}

impl FromFields for WorkCalendarBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            key: fields.not_null("key", |fields| fields.text("key")),
            name: name(fields, "name"),
            time_zone: fields.required("time_zone", |fields| {
                fields
                    .word("time_zone", "the name of an IANA time zone such as Europe/Berlin", |word| word.parse().ok())
            }),
            hours: fields.required("hours", |fields| fields.nested("hours")).unwrap_or_default(),
            holidays: fields
                .word("holidays", "the key of a calendar of /api/v1/deadlines/calendars", |word| word.parse().ok())
                .flatten(),
            closed: fields.not_null("closed", closed).unwrap_or_default(),
            open: fields.not_null("open", |fields| fields.list("open", DAYS_MAX)).unwrap_or_default(),
        }
    }
}

fn closed(fields: &mut Fields) -> Option<Option<BTreeSet<NaiveDate>>> {
    fields.bound("closed", DAYS_MAX);
    let day = |value: &Value| value.as_str()?.parse::<NaiveDate>().ok();
    fields.given("closed", "an array of dates (YYYY-MM-DD)", |value| value.as_array()?.iter().map(day).collect())
}

impl FromFields for WeekBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let mut of = |day: &str| fields.not_null(day, |fields| spans(fields, day)).unwrap_or_default();
        Self {
            monday: of("monday"),
            tuesday: of("tuesday"),
            wednesday: of("wednesday"),
            thursday: of("thursday"),
            friday: of("friday"),
            saturday: of("saturday"),
            sunday: of("sunday"),
        }
    }
}

impl FromFields for OpenDayBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            date: fields.required("date", |fields| fields.date("date")),
            hours: fields.required("hours", |fields| spans(fields, "hours")).unwrap_or_default(),
        }
    }
}

fn spans(fields: &mut Fields, name: &str) -> Option<Option<Vec<Span>>> {
    let expected = "an array of pairs of times of day such as [[\"09:00\", \"17:00\"]]";
    let spans = fields.given(name, expected, |value| serde_json::from_value::<Vec<Span>>(value).ok())?;
    if let Some(Err(fault)) = spans.as_deref().map(check_spans) {
        fields.fault(name, fault);
    }
    Some(spans)
}

impl WorkCalendarBody {
    pub(crate) fn into_calendar(self, key: String) -> Result<WorkCalendar, Error> {
        let mut faults = FieldErrors::default();
        check_key(&key, self.key.as_deref(), &mut faults);
        let mut open = BTreeMap::new();
        for (at, OpenDayBody { date, hours }) in self.open.into_iter().enumerate() {
            if open.insert(date.unwrap_or_default(), hours).is_some() {
                faults.add(format!("open[{at}].date"), "is named twice");
            }
        }
        faults.finish()?;
        let WeekBody { monday, tuesday, wednesday, thursday, friday, saturday, sunday } = self.hours;
        let hours = Week { monday, tuesday, wednesday, thursday, friday, saturday, sunday };
        let (name, time_zone) = (self.name, self.time_zone.unwrap_or(chrono_tz::UTC));
        Ok(WorkCalendar { key, name, time_zone, hours, holidays: self.holidays, closed: self.closed, open })
    }
}
