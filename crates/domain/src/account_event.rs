//! The log of an account: events about persons and keys, which belong to no case.
//!
//! An entry names its subject and has a digest of the subject's row after the event, so that a changed row is detected.
//! A new kind of event is a variant of [`AccountEventData`].

use serde::{Deserialize, Serialize};

use crate::{
    account::ApiKey,
    actor::Actor,
    digest::Proved,
    document::Sha256Hash,
    id::{AccountId, KeyId, PersonId},
    log_hash::{Covered, LogHash},
    person::Person,
    scope::Scope,
    time::Timestamp,
};

/// An event of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEvent {
    /// The account.
    pub account: AccountId,
    /// The actor; none for the system.
    pub actor: Option<Actor>,
    /// Time of recording in the system.
    pub recorded_at: Timestamp,
    /// What happened.
    pub data: AccountEventData,
}

/// Data of an account event. Log format: `{"<kind>": …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountEventData {
    /// A person was added to the directory.
    PersonCreated(PersonEvent),
    /// A person was changed.
    PersonUpdated(PersonEvent),
    /// A key was created.
    KeyCreated(KeyEvent),
    /// A key was revoked.
    KeyRevoked(KeyEvent),
}

/// Data of a person event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonEvent {
    /// The person.
    pub person: PersonId,
    /// The changed fields; empty for a new person.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// Digest of the person's row after the event.
    pub digest: Sha256Hash,
}

/// Data of a key event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyEvent {
    /// The key.
    pub key: KeyId,
    /// Its name.
    pub name: String,
    /// Its scopes.
    pub scopes: Vec<Scope>,
    /// Expiry time; none if the key does not expire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
    /// Digest of the key's row after the event.
    pub digest: Sha256Hash,
}

/// The subject of an account event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountSubject {
    /// A key.
    Key(KeyId),
    /// A person.
    Person(PersonId),
}

impl AccountSubject {
    /// The word for its kind.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Key(_) => "key",
            Self::Person(_) => "person",
        }
    }

    /// Its integer id.
    #[must_use]
    pub const fn integer(self) -> i64 {
        match self {
            Self::Key(key) => key.0,
            Self::Person(person) => person.0,
        }
    }
}

impl KeyEvent {
    fn of(key: &ApiKey) -> Self {
        Self {
            key: key.id,
            name: key.actor.name.clone(),
            scopes: key.scopes.iter().collect(),
            expires_at: key.expires_at,
            digest: key.digest(),
        }
    }
}

impl AccountEventData {
    /// Stable name of the event, e.g. `key.created`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::PersonCreated(_) => "person.created",
            Self::PersonUpdated(_) => "person.updated",
            Self::KeyCreated(_) => "key.created",
            Self::KeyRevoked(_) => "key.revoked",
        }
    }

    /// The subject of the event.
    #[must_use]
    pub const fn subject(&self) -> AccountSubject {
        match self {
            Self::PersonCreated(event) | Self::PersonUpdated(event) => AccountSubject::Person(event.person),
            Self::KeyCreated(event) | Self::KeyRevoked(event) => AccountSubject::Key(event.key),
        }
    }

    /// Digest of the subject's row after the event.
    #[must_use]
    pub const fn digest(&self) -> Sha256Hash {
        match self {
            Self::PersonCreated(event) | Self::PersonUpdated(event) => event.digest,
            Self::KeyCreated(event) | Self::KeyRevoked(event) => event.digest,
        }
    }
}

impl AccountEvent {
    /// The event of a new person, which already has its final id.
    #[must_use]
    pub fn person_created(person: &Person, by: Option<Actor>) -> Self {
        let event = PersonEvent { person: person.id, fields: Vec::new(), digest: person.digest() };
        let (account, recorded_at) = (person.account, person.created_at);
        Self { account, actor: by, recorded_at, data: AccountEventData::PersonCreated(event) }
    }

    /// The event of a changed person.
    #[must_use]
    pub fn person_updated(before: &Person, after: &Person, by: Option<Actor>) -> Self {
        let changed = [
            ("kind", before.kind != after.kind),
            ("name", before.name != after.name),
            ("email", before.email != after.email),
            ("phone", before.phone != after.phone),
            ("title", before.title != after.title),
            ("active", before.active != after.active),
        ];
        let fields = changed.into_iter().filter(|(_, changed)| *changed).map(|(field, _)| field.to_owned()).collect();
        let event = PersonEvent { person: after.id, fields, digest: after.digest() };
        let (account, recorded_at) = (after.account, after.updated_at);
        Self { account, actor: by, recorded_at, data: AccountEventData::PersonUpdated(event) }
    }

    /// The event of a new key, which already has its final id.
    #[must_use]
    pub fn key_created(key: &ApiKey, by: Option<Actor>) -> Self {
        let (account, recorded_at) = (key.account, key.created_at);
        Self { account, actor: by, recorded_at, data: AccountEventData::KeyCreated(KeyEvent::of(key)) }
    }

    /// The event of a revoked key.
    #[must_use]
    pub fn key_revoked(key: &ApiKey, by: Option<Actor>, now: Timestamp) -> Self {
        let data = AccountEventData::KeyRevoked(KeyEvent::of(key));
        Self { account: key.account, actor: by, recorded_at: now, data }
    }

    /// The stored form of the event: its data as JSON, and the hash over all columns.
    #[must_use]
    pub fn seal(&self) -> (String, LogHash) {
        // Serializing our own data to a string cannot fail: every map in it has string keys.
        let data = serde_json::to_string(&self.data).unwrap_or_default();
        let hash = LogHash::START.cover(&Covered {
            account: self.account.0,
            case: self.data.subject().integer(),
            // Versions of case events start at 1, so version 0 marks an account event.
            version: 0,
            occurred_at: self.recorded_at,
            recorded_at: self.recorded_at,
            actor_id: self.actor.as_ref().and_then(|actor| actor.id).map(|id| id.0),
            actor_name: self.actor.as_ref().map(|actor| actor.name.as_str()),
            kind: self.data.kind(),
            data: &data,
            proof: None,
        });
        (data, hash)
    }
}

/// A stored account event, not yet checked. A time that cannot be parsed is `None`.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the columns of the log, which its entries explain")]
pub struct KeptAccountEvent {
    pub account: AccountId,
    pub id: i64,
    pub kind: String,
    pub subject_id: i64,
    pub actor_id: Option<i64>,
    pub actor_name: Option<String>,
    pub occurred_at: Option<Timestamp>,
    pub recorded_at: Option<Timestamp>,
    pub data: String,
    pub hash: Vec<u8>,
}

impl KeptAccountEvent {
    /// The subject and the digest of its row after the event; `None` if the event is not as it was written.
    #[must_use]
    pub fn read(&self) -> Option<(AccountSubject, Sha256Hash)> {
        let hash = LogHash::START.cover(&Covered {
            account: self.account.0,
            case: self.subject_id,
            version: 0,
            occurred_at: self.occurred_at?,
            recorded_at: self.recorded_at?,
            actor_id: self.actor_id,
            actor_name: self.actor_name.as_deref(),
            kind: &self.kind,
            data: &self.data,
            proof: None,
        });
        let data = serde_json::from_str::<AccountEventData>(&self.data).ok()?;
        let is_sound = hash.as_bytes().as_slice() == self.hash && data.subject().integer() == self.subject_id;
        is_sound.then(|| (data.subject(), data.digest()))
    }
}
