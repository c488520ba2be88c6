//! Events as comma-separated values.

use docket_domain::{
    error::{Error, StoreError},
    event::EventData,
    feed::{FeedEvent, FeedSource},
};

use super::status::{reason_of, status_after};

const COLUMNS: [&str; 14] = [
    "event_id",
    "type",
    "occurred_at",
    "recorded_at",
    "case_id",
    "case_number",
    "version",
    "status",
    "transition",
    "reason",
    "actor",
    "actor_id",
    "subject_type",
    "subject_id",
];

pub(super) fn head() -> String {
    format!("{}\r\n", COLUMNS.join(","))
}

pub(super) fn row(event: &FeedEvent) -> Result<String, Error> {
    let (case, number, version) = match &event.source {
        FeedSource::Case { event, uuid, number } => (uuid.to_string(), number.clone(), event.version.to_string()),
        FeedSource::Account { .. } => Default::default(),
    };
    let mut transition = None;
    if let FeedSource::Case { event, .. } = &event.source
        && let EventData::StatusChanged(change) = &event.data
    {
        transition = Some(change.transition.clone());
    }
    let (actor, subject) = (event.actor(), event.subject());
    let cells: [String; COLUMNS.len()] = [
        event.id().to_string(),
        event.kind().to_owned(),
        event.occurred_at().to_rfc3339(),
        event.recorded_at().to_rfc3339(),
        case,
        number,
        version,
        status_after(event).map(ToString::to_string).unwrap_or_default(),
        transition.unwrap_or_default(),
        reason_of(event).unwrap_or_default().to_owned(),
        actor.map(|actor| actor.name.clone()).unwrap_or_default(),
        actor.and_then(|actor| actor.id).map(|id| id.to_string()).unwrap_or_default(),
        subject.kind.to_owned(),
        subject.id,
    ];
    let defect = |error: String| Error::from(StoreError::Defect(error));
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells).map_err(|error| defect(error.to_string()))?;
    let bytes = writer.into_inner().map_err(|error| defect(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| defect(error.to_string()))
}
