//! The actor and the context of a command.

use serde::{Deserialize, Serialize};

use crate::{
    id::{AccountId, PersonId},
    idempotency::Effect,
    json::FREE_FIELDS_MAX,
    revision::Precondition,
    scope::{Scope, Scopes},
    time::Timestamp,
    workflow::Grants,
};

/// Author of an action, as recorded in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Person of the key. `None` if the log of another system gives only a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PersonId>,
    /// Display name.
    pub name: String,
}

impl Actor {
    /// Who it is, in a form that can be compared: the person, or the name if only that is known.
    #[must_use]
    pub fn key(&self) -> String {
        self.id.map_or_else(|| format!("name {}", self.name), |id| format!("person {}", id.0))
    }
}

/// Context of one command: actor, account, time. A decision depends on the case, the workflow, the command and this,
/// and on nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Account whose data the command may read and change.
    pub account: AccountId,
    /// Actor of the command.
    pub actor: Actor,
    /// Scopes of the actor.
    pub scopes: Scopes,
    /// Recording time.
    pub now: Timestamp,
    /// When it happened for the user. Equal to `now`, except in imports, which keep the times of the source.
    pub occurred_at: Timestamp,
    /// Effect of an earlier attempt of the same request, if only its response was lost. The use case then decides
    /// nothing and returns what the earlier attempt wrote.
    pub effect: Option<Effect>,
    /// Maximum size of the free fields of one resource, in bytes of JSON text.
    pub free_fields_max: usize,
    /// Precondition on the revision of the thing that the request names. If that thing has no revision, the
    /// precondition is on its case.
    pub precondition: Precondition,
}

impl Context {
    /// A context with `occurred_at` equal to `now`, the default bound for free fields and no precondition.
    #[must_use]
    pub const fn new(account: AccountId, actor: Actor, scopes: Scopes, now: Timestamp) -> Self {
        Self {
            account,
            actor,
            scopes,
            now,
            occurred_at: now,
            effect: None,
            free_fields_max: FREE_FIELDS_MAX,
            precondition: Precondition::NONE,
        }
    }

    /// The same context without the precondition. For a precondition that was already checked against a part of the
    /// case, such as a note.
    #[must_use]
    pub fn unconditional(&self) -> Self {
        Self { precondition: Precondition::NONE, ..self.clone() }
    }

    /// Whether the actor has the scope.
    #[must_use]
    pub const fn may(&self, scope: Scope) -> bool {
        self.scopes.has(scope)
    }
}

/// Workflows name scopes by their text form.
impl Grants for Context {
    fn has_scope(&self, scope: &str) -> bool {
        scope.parse().is_ok_and(|scope| self.may(scope))
    }

    fn actor(&self) -> Option<String> {
        Some(self.actor.key())
    }
}
