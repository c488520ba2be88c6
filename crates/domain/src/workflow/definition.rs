//! A workflow as it is written down: plain data, unchecked.
//!
//! Whatever equals its default is not written. That keeps files short, and it lets the format grow: a field that comes
//! later leaves the text, and so the id, of every existing workflow as it was.

use serde::{Deserialize, Serialize};

use super::{
    entity_type::EntityType,
    guard::Guard,
    status::{Outcome, Phase, Status, StatusKey},
    transition::{Transition, TransitionKind},
};

/// A workflow, unchecked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkflowDefinition {
    /// What kind of thing moves along it.
    pub entity_type: EntityType,
    /// What people call it.
    pub name: String,
    /// The statuses, in the order in which they are shown.
    pub statuses: Vec<StatusDefinition>,
    /// The transitions, in the order in which they are offered.
    pub transitions: Vec<TransitionDefinition>,
}

/// A status, unchecked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusDefinition {
    /// What the system calls it.
    pub key: StatusKey,
    /// Its number.
    pub id: i64,
    /// What people call it.
    pub label: String,
    /// What it means, for the people who choose it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// `#RRGGBB`.
    pub color: String,
    /// Whether there is still something to do.
    pub phase: Phase,
    /// Whether things are created in it where nothing else is asked for.
    #[serde(default, skip_serializing_if = "is_false")]
    pub initial: bool,
    /// Whether nothing is expected to follow.
    #[serde(default, skip_serializing_if = "is_false")]
    pub terminal: bool,
    /// How the thing ended, where this status says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// A transition, unchecked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransitionDefinition {
    /// What the system calls it.
    pub name: String,
    /// What people call it; without one, the name in words (`wait_for_customer`: "Wait for customer").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The statuses it starts from.
    pub from: Vec<StatusKey>,
    /// Where it can lead; the first is the default target.
    pub to: Vec<StatusKey>,
    /// Whether the caller has to say why.
    #[serde(default, skip_serializing_if = "is_false")]
    pub requires_reason: bool,
    /// The scope it needs beyond what the call itself needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// What has to hold of the thing itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<Guard>,
    /// What it does to what was reached before.
    #[serde(default, skip_serializing_if = "TransitionKind::is_regular")]
    pub kind: TransitionKind,
}

impl From<&Status> for StatusDefinition {
    fn from(status: &Status) -> Self {
        Self {
            key: status.key.clone(),
            id: status.id,
            label: status.label.clone(),
            description: status.description.clone(),
            color: status.color.to_string(),
            phase: status.phase,
            initial: status.initial,
            terminal: status.terminal,
            outcome: status.outcome,
        }
    }
}

impl From<&Transition> for TransitionDefinition {
    fn from(transition: &Transition) -> Self {
        Self {
            name: transition.name.clone(),
            label: Some(transition.label.clone()),
            from: transition.from.clone(),
            to: transition.targets().cloned().collect(),
            requires_reason: transition.requires_reason,
            scope: transition.scope.clone(),
            guards: transition.guards.clone(),
            kind: transition.kind,
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands skip_serializing_if a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}
