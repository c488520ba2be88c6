//! The log of an account: events that belong to no case, about persons, keys, inquiries, orders and workflows.
//!
//! An entry names its subject. An event of a person or a key has a digest of its row after the event, so that a changed
//! row is detected.
//! A new kind of event is a variant of [`AccountEventData`].

use serde::{Deserialize, Serialize};

use crate::{
    account::ApiKey,
    actor::{Actor, Context},
    catalog::{Catalog, CatalogChange, OwnWorkflow, Version},
    digest::Proved,
    document::Sha256Hash,
    id::{AccountId, KeyId, PersonId, WebhookId},
    log_hash::{Covered, LogHash},
    person::Person,
    scope::Scope,
    source::{SourceEvent, SourceItem, SourceKind},
    time::Timestamp,
    webhook::Webhook,
    workflow::{StatusKey, WorkflowId},
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
    /// An inquiry or an order was created or changed.
    Source(SourceLogged),
    /// A version of a workflow was installed.
    WorkflowInstalled(WorkflowEvent),
    /// A version of a workflow was activated.
    WorkflowActivated(WorkflowEvent),
    /// A workflow was removed. The event has its last active version.
    WorkflowRemoved(WorkflowEvent),
    /// A webhook was created, changed, disabled or removed.
    Webhook(WebhookEvent),
}

/// Data of an event of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookEvent {
    /// The webhook.
    pub webhook: WebhookId,
    /// What happened.
    pub what: WebhookHappening,
    /// Why the server disabled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What can happen to a webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookHappening {
    /// It was created.
    Created,
    /// It was changed.
    Updated,
    /// It has a new secret.
    SecretRotated,
    /// The server disabled it.
    Disabled,
    /// It was removed.
    Removed,
}

/// Data of an event of an inquiry or an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceLogged {
    /// Its kind.
    pub kind: SourceKind,
    /// Its id.
    pub id: i64,
    /// What happened.
    pub what: SourceHappening,
}

/// What can happen to an inquiry or an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceHappening {
    /// It was created.
    Created {
        /// Its first status.
        status: StatusKey,
    },
    /// Fields were set.
    Updated,
    /// Its status changed.
    StatusChanged {
        /// Name of the transition.
        transition: String,
        /// The status before.
        from: StatusKey,
        /// The status after.
        to: StatusKey,
        /// Reason that the actor gave.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// Data of an event of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowEvent {
    /// Key of the workflow.
    pub key: String,
    /// Number of the version.
    pub number: i64,
    /// Id of the version.
    pub id: WorkflowId,
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
    /// An inquiry or an order.
    Source(SourceKind, i64),
    /// A version of a workflow, by its number.
    Workflow(i64),
    /// A webhook.
    Webhook(WebhookId),
}

impl AccountSubject {
    /// The word for its kind.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Key(_) => "key",
            Self::Person(_) => "person",
            Self::Source(SourceKind::Inquiry, _) => "inquiry",
            Self::Source(SourceKind::Order, _) => "order",
            Self::Workflow(_) => "workflow",
            Self::Webhook(_) => "webhook",
        }
    }

    /// Its integer id.
    #[must_use]
    pub const fn integer(self) -> i64 {
        match self {
            Self::Key(key) => key.0,
            Self::Person(person) => person.0,
            Self::Source(_, integer) | Self::Workflow(integer) => integer,
            Self::Webhook(webhook) => webhook.0,
        }
    }
}

impl SourceLogged {
    const fn name(&self) -> &'static str {
        match (self.kind, &self.what) {
            (SourceKind::Inquiry, SourceHappening::Created { .. }) => "inquiry.created",
            (SourceKind::Inquiry, SourceHappening::Updated) => "inquiry.updated",
            (SourceKind::Inquiry, SourceHappening::StatusChanged { .. }) => "inquiry.status_changed",
            (SourceKind::Order, SourceHappening::Created { .. }) => "order.created",
            (SourceKind::Order, SourceHappening::Updated) => "order.updated",
            (SourceKind::Order, SourceHappening::StatusChanged { .. }) => "order.status_changed",
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
            Self::Source(event) => event.name(),
            Self::WorkflowInstalled(_) => "workflow.installed",
            Self::WorkflowActivated(_) => "workflow.activated",
            Self::WorkflowRemoved(_) => "workflow.removed",
            Self::Webhook(event) => match event.what {
                WebhookHappening::Created => "webhook.created",
                WebhookHappening::Updated => "webhook.updated",
                WebhookHappening::SecretRotated => "webhook.secret_rotated",
                WebhookHappening::Disabled => "webhook.disabled",
                WebhookHappening::Removed => "webhook.removed",
            },
        }
    }

    /// The subject of the event.
    #[must_use]
    pub const fn subject(&self) -> AccountSubject {
        match self {
            Self::PersonCreated(event) | Self::PersonUpdated(event) => AccountSubject::Person(event.person),
            Self::KeyCreated(event) | Self::KeyRevoked(event) => AccountSubject::Key(event.key),
            Self::Source(event) => AccountSubject::Source(event.kind, event.id),
            Self::WorkflowInstalled(event) | Self::WorkflowActivated(event) | Self::WorkflowRemoved(event) => {
                AccountSubject::Workflow(event.number)
            }
            Self::Webhook(event) => AccountSubject::Webhook(event.webhook),
        }
    }

    /// Digest of the subject's row after the event; `None` for a subject whose row has no digest.
    #[must_use]
    pub const fn digest(&self) -> Option<Sha256Hash> {
        match self {
            Self::PersonCreated(event) | Self::PersonUpdated(event) => Some(event.digest),
            Self::KeyCreated(event) | Self::KeyRevoked(event) => Some(event.digest),
            Self::Source(_) => None,
            Self::WorkflowInstalled(_) | Self::WorkflowActivated(_) | Self::WorkflowRemoved(_) => None,
            Self::Webhook(_) => None,
        }
    }
}

impl CatalogChange {
    /// The events that the change adds to the log of the account.
    #[must_use]
    pub fn events(&self, before: &Catalog, context: &Context) -> Vec<AccountEvent> {
        let event = |data| AccountEvent {
            account: context.account,
            actor: Some(context.actor.clone()),
            recorded_at: context.now,
            data,
        };
        let of = |own: &OwnWorkflow, version: &Version| WorkflowEvent {
            key: own.key.clone(),
            number: version.number,
            id: version.id,
        };
        match self {
            Self::Put { workflow, .. } => {
                let old = before.find(&workflow.key);
                let is_new = |version: &&Version| old.as_ref().is_none_or(|old| old.version(version.id).is_none());
                let installed = workflow.versions.iter().filter(is_new);
                let mut events = installed
                    .map(|version| event(AccountEventData::WorkflowInstalled(of(workflow, version))))
                    .collect::<Vec<_>>();
                if old.is_none_or(|old| old.active != workflow.active)
                    && let Some(active) = workflow.version(workflow.active)
                {
                    events.push(event(AccountEventData::WorkflowActivated(of(workflow, active))));
                }
                events
            }
            Self::Remove { key } => {
                let removed = before.workflows.iter().find(|own| own.key == *key);
                let active = removed.and_then(|own| Some((own, own.version(own.active)?)));
                active
                    .map(|(own, active)| event(AccountEventData::WorkflowRemoved(of(own, active))))
                    .into_iter()
                    .collect()
            }
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

    /// The event of an entry in the log of an inquiry or an order.
    #[must_use]
    pub fn of_source(item: &SourceItem, entry: &SourceEvent) -> Self {
        let what = match (&entry.transition, &entry.from) {
            (Some(transition), Some(from)) => SourceHappening::StatusChanged {
                transition: transition.clone(),
                from: from.clone(),
                to: entry.to.clone(),
                reason: entry.reason.clone(),
            },
            (None, Some(_)) => SourceHappening::Updated,
            (_, None) => SourceHappening::Created { status: entry.to.clone() },
        };
        let data = AccountEventData::Source(SourceLogged { kind: item.id.kind, id: item.id.id, what });
        let actor = Some(Actor { id: None, name: entry.actor.clone() });
        Self { account: item.account, actor, recorded_at: entry.recorded_at, data }
    }

    /// The event of a webhook. `by` is `None` for the server.
    #[must_use]
    pub fn of_webhook(webhook: &Webhook, what: WebhookHappening, by: Option<Actor>, now: Timestamp) -> Self {
        let reason = webhook.disabled_reason.clone().filter(|_| what == WebhookHappening::Disabled);
        let data = AccountEventData::Webhook(WebhookEvent { webhook: webhook.id, what, reason });
        Self { account: webhook.account, actor: by, recorded_at: now, data }
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
    pub fn read(&self) -> Option<(AccountSubject, Option<Sha256Hash>)> {
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
