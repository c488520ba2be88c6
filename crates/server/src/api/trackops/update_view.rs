//! Responses for case updates.

use docket_domain::update::{CaseUpdate, UpdateDetail};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::stamp;

/// A message about a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct UpdateView {
    #[schema(example = 1)]
    id: i64,
    /// Case that the update is about.
    #[schema(example = 123)]
    casefile_id: i64,
    /// Subject that the update is about.
    #[schema(example = 456)]
    subject_id: Option<i64>,
    /// Case event that the update reports on.
    #[schema(example = json!(null))]
    event_id: Option<i64>,
    /// Access group that the update is meant for.
    #[schema(example = 1)]
    access_group_id: i64,
    /// First update of the thread. Equal to `id` if the update is not a reply.
    #[schema(example = 1)]
    thread_id: i64,
    /// Subject line, plain text.
    #[schema(example = "Second day")]
    title: String,
    /// Message, as sanitized HTML.
    #[schema(example = "<p>Nothing <b>unusual</b> today.</p>")]
    body: String,
    /// Time of the reported activity (UTC). Midnight if only a date was given.
    #[schema(example = "2021-06-03 00:00:00")]
    activity_at: String,
    /// Whether only the date of `activity_at` is meaningful.
    #[schema(example = true)]
    is_allday: bool,
    #[schema(example = false)]
    is_validated: bool,
    /// `true` if the update is validated or its access group requires no validation.
    #[schema(example = false)]
    is_valid: bool,
    /// When the update was validated (UTC). `null` if it is not validated.
    #[schema(example = json!(null))]
    validated_at: Option<String>,
    /// Person who validated the update.
    #[schema(example = json!(null))]
    validated_by_id: Option<i64>,
    /// Person whose API key created the update.
    #[schema(example = 12)]
    created_by_id: Option<i64>,
    /// Person on whose behalf the update was written.
    #[schema(example = json!(null))]
    behalf_of_id: Option<i64>,
    /// When the update was created (UTC).
    #[schema(example = "2021-06-03 18:00:00")]
    created_at: String,
    /// When the update was last changed (UTC).
    #[schema(example = "2021-06-03 18:00:00")]
    updated_at: String,
    /// Timetable entries, in the order in which they were sent.
    update_details: Vec<DetailView>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct DetailView {
    #[schema(example = 1)]
    id: i64,
    /// Time of day, `HH:MM`.
    #[schema(example = "09:00")]
    start_at: String,
    /// What happened at that time.
    #[schema(example = "Investigator arrived on site")]
    notes: String,
}

impl From<CaseUpdate> for UpdateView {
    fn from(update: CaseUpdate) -> Self {
        Self {
            id: update.id.0,
            casefile_id: update.case.0,
            subject_id: update.subject.map(|id| id.0),
            event_id: update.task.map(|id| id.0),
            access_group_id: update.access_group.0,
            thread_id: update.thread.0,
            activity_at: stamp(update.activity_at),
            is_allday: update.is_allday,
            is_validated: update.validated_at.is_some(),
            is_valid: update.is_valid,
            validated_at: update.validated_at.map(stamp),
            validated_by_id: update.validated_by.map(|id| id.0),
            created_by_id: update.created_by.map(|id| id.0),
            behalf_of_id: update.behalf_of.map(|id| id.0),
            created_at: stamp(update.created_at),
            updated_at: stamp(update.updated_at),
            title: update.title,
            body: update.body,
            update_details: update.details.into_iter().map(DetailView::from).collect(),
        }
    }
}

impl From<UpdateDetail> for DetailView {
    fn from(detail: UpdateDetail) -> Self {
        Self { id: detail.id.0, start_at: detail.start_at.format("%H:%M").to_string(), notes: detail.notes }
    }
}
