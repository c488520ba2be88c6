//! Responses about merges.

use chrono::{DateTime, Utc};
use docket_domain::{
    merge::{Merge, MergeId},
    page::Page,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{
    log::ActorView,
    view::{PaginationView, linked},
};

/// Letter of the cursors of merges. The id of a merge follows it.
const MERGES: &str = "M";

/// A merge of cases.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MergeView {
    #[schema(example = "mrg_019a00000000700080000000000000aa")]
    id: String,
    /// The case that the others are parts of.
    into: Uuid,
    /// The parts that the request named.
    cases: Vec<Uuid>,
    /// Why the cases were merged.
    #[schema(example = "the same accident, reported twice")]
    reason: String,
    merged_by: ActorView,
    merged_at: DateTime<Utc>,
    /// How the merge was undone; `null` while it holds.
    undone: Option<UndoneView>,
}

/// The end of a merge.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UndoneView {
    by: ActorView,
    at: DateTime<Utc>,
    #[schema(example = "two accidents after all")]
    reason: String,
}

impl From<Merge> for MergeView {
    fn from(merge: Merge) -> Self {
        Self {
            id: merge.id.to_string(),
            into: merge.into_uuid,
            cases: merge.cases.iter().map(|case| case.uuid).collect(),
            reason: merge.reason,
            merged_by: merge.merged_by.into(),
            merged_at: merge.merged_at,
            undone: merge.undone.map(|undone| UndoneView {
                by: undone.by.into(),
                at: undone.at,
                reason: undone.reason,
            }),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MergeListView {
    /// Merges, newest first.
    data: Vec<MergeView>,
    pagination: PaginationView,
}

linked!(MergeListView);

impl From<Page<Merge>> for MergeListView {
    fn from(page: Page<Merge>) -> Self {
        let pagination = PaginationView::new(&page, |merge| cursor(merge.id));
        Self { data: page.rows.into_iter().map(MergeView::from).collect(), pagination }
    }
}

fn cursor(merge: MergeId) -> String {
    format!("{MERGES}{merge}")
}

/// The merge that a cursor names.
pub(super) fn position(cursor: &str) -> Option<MergeId> {
    MergeId::parse(cursor.strip_prefix(MERGES)?)
}
