//! Digests of rows. A log stores them to prove rows whose content it does not contain.

use serde_json::{Value, json};
use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::{
    account::ApiKey,
    deadline::{Deadline, Due},
    document::{Document, Sha256Hash},
    id::PersonId,
    link::Link,
    note::Note,
    party::ParticipantKind,
    person::Person,
    subject::Subject,
    time::Timestamp,
    update::{CaseUpdate, UpdateDetail},
};

/// SHA-256 over the fields of a row as JSON, sorted by name.
///
/// A null field is left out, so that a column that is added later does not change earlier digests.
#[must_use]
pub fn digest<const N: usize>(fields: [(&str, Value); N]) -> Sha256Hash {
    let fields = fields.into_iter().filter(|(_, value)| !value.is_null()).collect::<BTreeMap<_, _>>();
    // Serializing JSON values to a string cannot fail: every key is a string.
    let text = serde_json::to_string(&fields).unwrap_or_default();
    Sha256Hash::new(Sha256::digest(text).into())
}

/// A time in microseconds, the precision of the stores.
pub(crate) fn micros(time: Timestamp) -> Value {
    time.timestamp_micros().into()
}

pub(crate) fn micros_or_null(time: Option<Timestamp>) -> Value {
    time.map_or(Value::Null, micros)
}

/// A row that a log proves.
pub trait Proved {
    /// The digest of the row.
    fn digest(&self) -> Sha256Hash;
}

impl Proved for Person {
    fn digest(&self) -> Sha256Hash {
        digest([
            ("id", json!(self.id.0)),
            ("kind", json!(self.kind)),
            ("name", json!(self.name)),
            ("email", json!(self.email)),
            ("phone", json!(self.phone)),
            ("title", json!(self.title)),
            ("active", json!(self.active)),
            ("created_at", micros(self.created_at)),
            ("updated_at", micros(self.updated_at)),
        ])
    }
}

/// All fields except the time of the last use, which changes without an event.
impl Proved for ApiKey {
    fn digest(&self) -> Sha256Hash {
        digest([
            ("id", json!(self.id.0)),
            ("person", json!(self.actor.id.map(|person| person.0))),
            ("name", json!(self.actor.name)),
            ("client_id", json!(self.client_id)),
            ("secret_hash", json!(self.secret_hash)),
            ("scopes", json!(self.scopes.iter().collect::<Vec<_>>())),
            ("created_at", micros(self.created_at)),
            ("expires_at", micros_or_null(self.expires_at)),
            ("revoked_at", micros_or_null(self.revoked_at)),
            ("created_by", json!(self.created_by.map(|person| person.0))),
            ("revoked_by", json!(self.revoked_by.map(|person| person.0))),
        ])
    }
}

/// The digest of a participant row of a case.
#[must_use]
pub fn participant_digest(side: ParticipantKind, person: PersonId, role: &str, since: i64) -> Sha256Hash {
    digest([
        ("side", json!(side.as_str())),
        ("person", json!(person.0)),
        ("role", json!(role)),
        ("since", json!(since)),
    ])
}

/// All fields except the case: a subject of a new case has no case id yet.
impl Proved for Subject {
    fn digest(&self) -> Sha256Hash {
        digest([
            ("id", json!(self.id.0)),
            ("name", json!(self.name)),
            // As text, because the order of members is stored and counts.
            ("custom_fields", json!(self.custom_fields.to_string())),
            ("created_at", micros(self.created_at)),
            ("updated_at", micros(self.updated_at)),
        ])
    }
}

impl Proved for CaseUpdate {
    fn digest(&self) -> Sha256Hash {
        let detail = |detail: &UpdateDetail| json!([detail.id.0, detail.start_at.to_string(), detail.notes]);
        digest([
            ("id", json!(self.id.0)),
            ("revision", json!(self.revision)),
            ("subject", json!(self.subject.map(|id| id.0))),
            ("task", json!(self.task.map(|id| id.0))),
            ("access_group", json!(self.access_group.0)),
            ("thread", json!(self.thread.0)),
            ("title", json!(self.title)),
            ("body", json!(self.body)),
            ("activity_at", micros(self.activity_at)),
            ("is_allday", json!(self.is_allday)),
            ("validated_at", micros_or_null(self.validated_at)),
            ("validated_by", json!(self.validated_by.map(|id| id.0))),
            ("is_valid", json!(self.is_valid)),
            ("created_by", json!(self.created_by.map(|id| id.0))),
            ("behalf_of", json!(self.behalf_of.map(|id| id.0))),
            ("created_at", micros(self.created_at)),
            ("updated_at", micros(self.updated_at)),
            ("details", self.details.iter().map(detail).collect()),
        ])
    }
}

impl Proved for Note {
    fn digest(&self) -> Sha256Hash {
        digest([
            ("id", json!(self.id.0)),
            ("body", json!(self.body)),
            ("author", json!(self.author.id.map(|id| id.0))),
            ("author_name", json!(self.author.name)),
            ("created_at", micros(self.created_at)),
            ("updated_at", micros(self.updated_at)),
        ])
    }
}

impl Proved for Document {
    fn digest(&self) -> Sha256Hash {
        digest([
            ("id", json!(self.id.0)),
            ("title", json!(self.title)),
            ("file_name", json!(self.file_name)),
            ("media_type", json!(self.media_type)),
            ("size", json!(self.size)),
            ("sha256", json!(self.sha256.to_string())),
            ("created_at", micros(self.created_at)),
            ("created_by", json!(self.created_by.id.map(|id| id.0))),
            ("created_by_name", json!(self.created_by.name)),
        ])
    }
}

impl Proved for Deadline {
    fn digest(&self) -> Sha256Hash {
        let due = match self.due {
            Due::On(day) => json!({ "on": day.to_string() }),
            Due::At(time) => json!({ "at": micros(time) }),
        };
        digest([
            ("id", json!(self.id.0)),
            ("title", json!(self.title)),
            ("kind", json!(self.kind.as_str())),
            ("due", due),
            ("computation", json!(self.computation.as_ref().map(|computation| json!(computation).to_string()))),
            ("state", json!(self.state.as_str())),
            ("assigned_to", json!(self.assigned_to.map(|id| id.0))),
            ("verified_by", json!(self.verified_by.map(|id| id.0))),
            ("set_by", json!(self.set_by.map(|id| id.0))),
            ("warn_on", json!(self.warn_on.map(|day| day.to_string()))),
            ("created_at", micros(self.created_at)),
            ("updated_at", micros(self.updated_at)),
        ])
    }
}

/// The link in its stored direction; see [`Link::as_kept`].
impl Proved for Link {
    fn digest(&self) -> Sha256Hash {
        let kept = self.as_kept();
        digest([
            ("id", json!(kept.id.0)),
            ("case", json!(kept.case.0)),
            ("linked", json!(kept.linked.0)),
            ("kind", json!(kept.kind.as_str())),
            ("created_at", micros(kept.created_at)),
        ])
    }
}
