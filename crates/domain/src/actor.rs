//! Who acts, and in which circumstances.

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

/// Who did something, as the log remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person behind the key; absent where a log of another system knows only a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PersonId>,
    /// The name under which the actor is shown.
    pub name: String,
}

/// The circumstances of one command: who, when, on whose account. A decision reads them and nothing else around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The account whose data the command may see and change.
    pub account: AccountId,
    /// Who acts.
    pub actor: Actor,
    /// What the actor may do.
    pub scopes: Scopes,
    /// Recording time.
    pub now: Timestamp,
    /// When it happened for the user. It equals `now` but for imports, which keep the times of their source.
    pub occurred_at: Timestamp,
    /// The effect that the very same request had before, where only its answer was lost: then nothing is decided again.
    pub effect: Option<Effect>,
    /// The bound on the free fields of one resource, in bytes of JSON text.
    pub free_fields_max: usize,
    /// What the request expects of the thing that it speaks of; of a part without a revision, of its case.
    pub precondition: Precondition,
}

impl Context {
    /// A command that happens as it is recorded.
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

    /// The same without a precondition: it was checked already, of something else than the case.
    #[must_use]
    pub fn unconditional(&self) -> Self {
        Self { precondition: Precondition::NONE, ..self.clone() }
    }

    /// Whether the actor holds the scope.
    #[must_use]
    pub const fn may(&self, scope: Scope) -> bool {
        self.scopes.has(scope)
    }
}

/// Transitions ask for scopes by their words.
impl Grants for Context {
    fn has_scope(&self, scope: &str) -> bool {
        scope.parse().is_ok_and(|scope| self.may(scope))
    }
}
