//! What the feed says about an event.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    account_event::{AccountEventData, SourceHappening, WebhookHappening},
    case::Edit,
    conflict::CheckHappening,
    event::{EventData, StatusChange, Thing, WorkflowMigrated},
};

/// What an event is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSubject {
    /// Kind of the thing, e.g. `case`, `note` or `person`.
    pub kind: &'static str,
    /// Its public id.
    pub id: String,
}

pub(super) fn subject_of_case_event(data: &EventData, case: Uuid) -> FeedSubject {
    let subject = |kind, id: String| FeedSubject { kind, id };
    if let EventData::ConflictCheck(event) = data {
        return subject("conflict_check", event.id.to_string());
    }
    if let EventData::Deadline(event) = data {
        return subject("deadline", event.id.to_string());
    }
    if let EventData::Merge(event) = data {
        return subject("merge", event.merge.to_string());
    }
    match data.thing() {
        None => subject("case", case.to_string()),
        Some((thing, _)) => match thing {
            Thing::Participant { person, .. } => subject("person", person.to_string()),
            Thing::Subject(id) => subject("subject", id.to_string()),
            Thing::Update(id) => subject("update", id.to_string()),
            Thing::Note(id) => subject("note", id.to_string()),
            Thing::Document(id) => subject("document", id.to_string()),
            Thing::Deadline(id) => subject("deadline", id.to_string()),
            Thing::Link(id) => subject("link", id.to_string()),
        },
    }
}

pub(super) fn subject_of_account_event(data: &AccountEventData) -> FeedSubject {
    let id = match data {
        AccountEventData::PersonCreated(event) | AccountEventData::PersonUpdated(event) => event.person.to_string(),
        AccountEventData::KeyCreated(event) | AccountEventData::KeyRevoked(event) => event.key.to_string(),
        AccountEventData::Source(event) => event.id.to_string(),
        AccountEventData::WorkflowInstalled(event) | AccountEventData::WorkflowActivated(event) => event.key.clone(),
        AccountEventData::WorkflowRemoved(event) => event.key.clone(),
        AccountEventData::Webhook(event) => event.webhook.to_string(),
    };
    FeedSubject { kind: data.subject().word(), id }
}

pub(super) fn of_case_event(data: &EventData) -> Value {
    match data {
        EventData::Created(created) => {
            let case = &created.case;
            json!({
                "type": case.details.case_type,
                "status": case.status,
                "phase": case.phase,
                "priority": case.details.priority,
                "source": case.source,
            })
        }
        EventData::Edited(edits) => match edits.as_slice() {
            [Edit::Priority(priority)] => json!({ "to": priority }),
            edits => json!({ "fields": edits.iter().map(Edit::field).collect::<Vec<_>>() }),
        },
        EventData::StatusChanged(StatusChange { transition, from, to, reason, phase, outcome, .. }) => json!({
            "transition": transition, "from": from, "to": to, "phase": phase, "outcome": outcome, "reason": reason,
        }),
        EventData::WorkflowMigrated(migrated) => {
            let WorkflowMigrated { from, to, from_status, to_status, reason, phase, outcome } = migrated;
            json!({
                "from_workflow": from, "to_workflow": to, "from": from_status, "to": to_status,
                "phase": phase, "outcome": outcome, "reason": reason,
            })
        }
        EventData::Archived | EventData::Unarchived | EventData::Deleted | EventData::Restored => json!({}),
        EventData::Participant(event) => json!({ "person_id": event.person.to_string(), "role": event.role }),
        EventData::Subject(event) => json!({ "subject_id": event.subject.to_string() }),
        EventData::Update(event) => json!({
            "update_id": event.update.to_string(),
            "thread_id": event.thread.to_string(),
            "access_group_id": event.access_group.to_string(),
            "fields": event.fields,
        }),
        EventData::Link(event) => {
            json!({ "link_id": event.id.to_string(), "linked_case_id": event.linked, "type": event.kind })
        }
        EventData::Note(event) => json!({ "note_id": event.id.to_string() }),
        EventData::Document(event) => json!({
            "document_id": event.id.to_string(), "file_name": event.file_name, "size": event.size, "sha256": event.sha256,
        }),
        EventData::Deadline(event) => json!({
            "deadline_id": event.id.to_string(),
            "due_at": event.due_at,
            "fields": event.fields.keys().collect::<Vec<_>>(),
        }),
        EventData::Merge(event) => event.metadata(),
        EventData::Split(event) => event.metadata(),
        EventData::Moved(event) => event.metadata(),
        EventData::Sla(event) => event.metadata(),
        EventData::ConflictCheck(event) => match &event.what {
            CheckHappening::Run { verdict, hits } => {
                json!({ "check_id": event.id.to_string(), "verdict": verdict, "hits": hits })
            }
            CheckHappening::Decided { hit, decision, .. } => {
                json!({ "check_id": event.id.to_string(), "hit": hit, "decision": decision })
            }
        },
    }
}

pub(super) fn of_account_event(data: &AccountEventData) -> Value {
    match data {
        AccountEventData::PersonCreated(event) => json!({ "person_id": event.person.to_string() }),
        AccountEventData::PersonUpdated(event) => {
            json!({ "person_id": event.person.to_string(), "fields": event.fields })
        }
        AccountEventData::KeyCreated(event) | AccountEventData::KeyRevoked(event) => json!({
            "key_id": event.key.to_string(), "name": event.name, "scopes": event.scopes, "expires_at": event.expires_at,
        }),
        AccountEventData::Source(event) => match &event.what {
            SourceHappening::Created { status } => json!({ "id": event.id, "status": status }),
            SourceHappening::Updated => json!({ "id": event.id }),
            SourceHappening::StatusChanged { transition, from, to, reason } => json!({
                "id": event.id, "transition": transition, "from": from, "to": to, "reason": reason,
            }),
        },
        AccountEventData::WorkflowInstalled(event) | AccountEventData::WorkflowActivated(event) => {
            json!({ "key": event.key, "version": event.number, "workflow_id": event.id })
        }
        AccountEventData::WorkflowRemoved(event) => json!({ "key": event.key }),
        AccountEventData::Webhook(event) => match event.what {
            WebhookHappening::Disabled => json!({ "webhook_id": event.webhook.to_string(), "reason": event.reason }),
            WebhookHappening::Created
            | WebhookHappening::Updated
            | WebhookHappening::SecretRotated
            | WebhookHappening::Removed => json!({ "webhook_id": event.webhook.to_string() }),
        },
    }
}
