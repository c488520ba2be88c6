//! Request bodies for case updates. HTML is sanitized here; all other rules are checked by the domain.

use chrono::NaiveTime;
use docket_domain::{
    id::{AccessGroupId, CaseRef, CaseTaskId, PersonId, SubjectId, UpdateId},
    time::TimeBound,
    update::{Activity, DETAILS_MAX, NewDetail, UpdateEdits},
};
use utoipa::ToSchema;

use super::{
    body::{boolean, each, within},
    html::{check, is_empty, sanitize},
};
use crate::wire::{
    fields::{Fields, FromFields, Given},
    params::parse_bound,
};

#[derive(Debug, ToSchema)]
pub struct UpdateBody {
    pub update: UpdateFields,
}

/// Fields of a case update. A new update requires `casefile_id`, `access_group_id`, `title` and `body`. In a change, an
/// absent field stays unchanged and `null` clears a field.
#[derive(Debug, Default, ToSchema)]
pub struct UpdateFields {
    /// Case that the update is about.
    #[schema(value_type = Option<i64>, example = 123, nullable = false)]
    pub casefile_id: Option<CaseRef>,
    /// Subject that the update is about. It must be a subject of the case.
    #[schema(value_type = Option<i64>, example = json!(null))]
    pub subject_id: Given<SubjectId>,
    /// Case event that the update reports on.
    #[schema(value_type = Option<i64>, example = json!(null))]
    pub event_id: Given<CaseTaskId>,
    /// Access group that the update is meant for.
    #[schema(value_type = Option<i64>, example = 1, nullable = false)]
    pub access_group_id: Option<AccessGroupId>,
    /// Update to reply to: any update in a thread of the same case. Default: the update starts its own thread. An
    /// update with replies keeps its case and its thread.
    #[schema(value_type = Option<i64>, example = json!(null))]
    pub thread_id: Given<UpdateId>,
    /// Subject line, plain text.
    #[schema(example = "Second day", max_length = 500, nullable = false)]
    pub title: Option<String>,
    /// Message with basic HTML: `b`, `strong`, `i`, `em`, `u`, `p`, `br`, `ul`, `ol`, `li`. Other elements and all
    /// attributes are removed. It must have visible text, at most 10,000 tags, and at most 200 levels of nesting.
    #[schema(example = "<p>Nothing <b>unusual</b> today.</p>", max_length = 100_000, nullable = false)]
    pub body: Option<String>,
    /// Time of the reported activity: `YYYY-MM-DD`, or `YYYY-MM-DD HH:MM:SS` (UTC), in the years 1000 to 9999. Default:
    /// the current time.
    #[schema(value_type = Option<String>, example = "2021-06-03", nullable = false)]
    pub activity_at: Option<Activity>,
    /// Whether only the date of `activity_at` is meaningful. Default: `true` if `activity_at` has no time.
    #[schema(example = true, nullable = false)]
    pub is_allday: Option<bool>,
    /// Person on whose behalf the update is written.
    #[schema(value_type = Option<i64>, example = json!(null))]
    pub behalf_of_id: Given<PersonId>,
    /// `true` validates the update, `false` withdraws the validation.
    #[schema(example = false, nullable = false)]
    pub is_validated: Option<bool>,
    /// Timetable entries, at most 500. They replace all stored entries.
    #[schema(nullable = false)]
    pub update_details: Option<Vec<DetailBody>>,
}

#[derive(Debug, Default, ToSchema)]
pub struct DetailBody {
    /// Time of day, `HH:MM`.
    #[schema(value_type = String, example = "09:00")]
    pub start_at: NaiveTime,
    /// What happened at that time, at most 100,000 characters.
    #[schema(example = "Investigator arrived on site")]
    pub notes: String,
}

impl FromFields for UpdateBody {
    const REFUSES_UNKNOWN: bool = false;

    fn from_fields(fields: &mut Fields) -> Self {
        Self { update: within(fields, "update") }
    }
}

impl FromFields for UpdateFields {
    const REFUSES_UNKNOWN: bool = false;

    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            casefile_id: fields.not_null("casefile_id", |fields| fields.id("casefile_id", CaseRef::parse)),
            subject_id: fields.id("subject_id", SubjectId::parse),
            event_id: fields.id("event_id", CaseTaskId::parse),
            access_group_id: fields
                .not_null("access_group_id", |fields| fields.id("access_group_id", AccessGroupId::parse)),
            thread_id: fields.id("thread_id", UpdateId::parse),
            title: fields.not_null("title", |fields| fields.text("title")),
            body: fields.not_null("body", message),
            activity_at: fields.not_null("activity_at", activity_at),
            is_allday: fields.not_null("is_allday", |fields| boolean(fields, "is_allday")),
            behalf_of_id: fields.id("behalf_of_id", PersonId::parse),
            is_validated: fields.not_null("is_validated", |fields| boolean(fields, "is_validated")),
            update_details: each(fields, "update_details", DETAILS_MAX),
        }
    }
}

impl FromFields for DetailBody {
    const REFUSES_UNKNOWN: bool = false;

    fn from_fields(fields: &mut Fields) -> Self {
        let start_at = fields.required("start_at", |fields| fields.word("start_at", "a time (HH:MM)", time_of_day));
        let notes = fields.required("notes", |fields| fields.text("notes"));
        Self { start_at: start_at.unwrap_or_default(), notes: notes.unwrap_or_default() }
    }
}

fn message(fields: &mut Fields) -> Given<String> {
    let Some(html) = fields.text("body")? else { return Some(None) };
    let message = check(&html).map(|()| sanitize(&html));
    match message {
        Ok(message) if !is_empty(&message) => return Some(Some(message)),
        Ok(_) => fields.fault("body", "must not be empty"),
        Err(fault) => fields.fault("body", fault),
    }
    None
}

fn activity_at(fields: &mut Fields) -> Given<Activity> {
    fields.word("activity_at", "a date (YYYY-MM-DD) or a time (YYYY-MM-DD HH:MM:SS)", |text| {
        Some(match parse_bound(text)? {
            TimeBound::Day(day) => Activity::Day(day),
            TimeBound::Second(time) | TimeBound::Instant(time) => Activity::At(time),
        })
    })
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    (text.len() == "HH:MM".len()).then(|| NaiveTime::parse_from_str(text, "%H:%M").ok()).flatten()
}

impl From<UpdateFields> for UpdateEdits {
    fn from(fields: UpdateFields) -> Self {
        let details = fields.update_details.map(|details| {
            let detail = |DetailBody { start_at, notes }| NewDetail { start_at, notes };
            details.into_iter().map(detail).collect()
        });
        Self {
            case: fields.casefile_id,
            subject: fields.subject_id,
            task: fields.event_id,
            access_group: fields.access_group_id,
            thread: fields.thread_id,
            title: fields.title,
            body: fields.body,
            activity: fields.activity_at,
            is_allday: fields.is_allday,
            behalf_of: fields.behalf_of_id,
            validate: fields.is_validated,
            details,
        }
    }
}
