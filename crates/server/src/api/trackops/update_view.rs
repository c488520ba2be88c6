//! Case updates as callers of this dialect see them.

use docket_domain::update::{CaseUpdate, UpdateDetail};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::stamp;

/// A case update.
#[derive(Debug, Serialize, ToSchema)]
pub struct UpdateView {
    /// Its id.
    #[schema(example = 789)]
    id: i64,
    /// The case that it is about.
    #[schema(example = 123)]
    casefile_id: i64,
    /// The subject of that case.
    #[schema(example = 456)]
    subject_id: Option<i64>,
    /// The event or task that it reports on.
    #[schema(example = json!(null))]
    event_id: Option<i64>,
    /// Those for whom it is meant.
    #[schema(example = 1)]
    access_group_id: i64,
    /// The first update of its thread; itself where it is no reply.
    #[schema(example = 789)]
    thread_id: i64,
    /// The subject line, plain text.
    #[schema(example = "Second day")]
    title: String,
    /// The message, HTML of a few elements without attributes.
    #[schema(example = "<p>Nothing <b>unusual</b> today.</p>")]
    body: String,
    /// When that happened of which it tells; midnight where only the day counts.
    #[schema(example = "2021-06-03 00:00:00")]
    activity_at: String,
    /// Whether only the day of that counts.
    #[schema(example = true)]
    is_allday: bool,
    /// Whether the update is validated.
    #[schema(example = false)]
    is_validated: bool,
    /// Whether it counts: validated, or for a group that requires no validation.
    #[schema(example = false)]
    is_valid: bool,
    /// Since when it is validated.
    #[schema(example = json!(null))]
    validated_at: Option<String>,
    /// Who validated it.
    #[schema(example = json!(null))]
    validated_by_id: Option<i64>,
    /// Who wrote it into the system.
    #[schema(example = 12)]
    created_by_id: Option<i64>,
    /// On whose behalf that was.
    #[schema(example = json!(null))]
    behalf_of_id: Option<i64>,
    /// When it was written.
    #[schema(example = "2021-06-03 18:00:00")]
    created_at: String,
    /// When it last changed.
    #[schema(example = "2021-06-03 18:00:00")]
    updated_at: String,
    /// Its own timetable.
    update_details: Vec<DetailView>,
}

/// An entry of the timetable.
#[derive(Debug, Serialize, ToSchema)]
pub struct DetailView {
    /// Its id.
    #[schema(example = 1)]
    id: i64,
    /// The time of the day.
    #[schema(example = "09:00")]
    start_at: String,
    /// What happened then.
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
