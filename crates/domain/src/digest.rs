//! Digests of rows, by which a log proves rows whose content it does not hold.

use serde_json::{Value, json};
use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::{account::ApiKey, document::Sha256Hash, person::Person, time::Timestamp};

/// SHA-256 over the fields of a row as JSON, in the order of their names.
///
/// A field that is null is left out, so that a column that is added later leaves earlier digests valid.
#[must_use]
pub fn digest<const N: usize>(fields: [(&str, Value); N]) -> Sha256Hash {
    let fields = fields.into_iter().filter(|(_, value)| !value.is_null()).collect::<BTreeMap<_, _>>();
    // Serializing JSON values to a string cannot fail: every key is a string.
    let text = serde_json::to_string(&fields).unwrap_or_default();
    Sha256Hash::new(Sha256::digest(text).into())
}

/// A time to the microsecond, as stores keep it.
pub(crate) fn micros(time: Timestamp) -> Value {
    time.timestamp_micros().into()
}

/// An optional time.
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

/// All but when the key was last seen, which is no event.
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
