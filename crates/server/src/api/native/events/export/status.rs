//! The status that an event sets, and why.

use docket_domain::{
    event::EventData,
    feed::{FeedEvent, FeedSource},
    workflow::StatusKey,
};

/// The status of the case after the event, if the event set or changed it.
pub(super) fn status_after(event: &FeedEvent) -> Option<&StatusKey> {
    let FeedSource::Case { event, .. } = &event.source else { return None };
    match &event.data {
        EventData::Created(created) => Some(&created.case.status),
        EventData::StatusChanged(change) => Some(&change.to),
        EventData::WorkflowMigrated(migrated) => Some(&migrated.to_status),
        EventData::Edited(_) | EventData::Archived | EventData::Unarchived | EventData::Deleted => None,
        EventData::Restored | EventData::Participant(_) | EventData::Subject(_) | EventData::Update(_) => None,
        EventData::Link(_) | EventData::Note(_) | EventData::Document(_) | EventData::Deadline(_) => None,
        EventData::ConflictCheck(_) | EventData::Merge(_) | EventData::Split(_) | EventData::Moved(_) => None,
        EventData::Sla(_) => None,
    }
}

/// The reason of a change of the status.
pub(super) fn reason_of(event: &FeedEvent) -> Option<&str> {
    let FeedSource::Case { event, .. } = &event.source else { return None };
    let EventData::StatusChanged(change) = &event.data else { return None };
    change.reason.as_deref()
}
