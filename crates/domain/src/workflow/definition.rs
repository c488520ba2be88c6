//! The document format of a workflow: plain data, unchecked.
//!
//! A field with its default value is not written. So a new field does not change the text, and therefore the id, of
//! existing workflows.

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
    /// Kind of entity that follows the workflow.
    pub entity_type: EntityType,
    /// Display name.
    pub name: String,
    /// The statuses, in display order.
    pub statuses: Vec<StatusDefinition>,
    /// The transitions, in display order.
    pub transitions: Vec<TransitionDefinition>,
}

impl WorkflowDefinition {
    /// A definition without statuses, for faults of a text that is no definition.
    pub(super) const fn empty() -> Self {
        Self { entity_type: EntityType::Case, name: String::new(), statuses: Vec::new(), transitions: Vec::new() }
    }
}

/// A status, unchecked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatusDefinition {
    /// Stable key.
    pub key: StatusKey,
    /// Integer id.
    pub id: i64,
    /// Display name.
    pub label: String,
    /// Meaning, for the people who choose the status.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Colour as `#RRGGBB`.
    pub color: String,
    /// Whether there is still work to do.
    pub phase: Phase,
    /// Whether it is the default status of a new entity.
    #[serde(default, skip_serializing_if = "is_false")]
    pub initial: bool,
    /// Whether it is final: only a reopening leaves it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub terminal: bool,
    /// How the matter ended, if this status says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// A transition, unchecked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransitionDefinition {
    /// Stable name.
    pub name: String,
    /// Display name. Default: the name in words (`wait_for_customer`: "Wait for customer").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The statuses from which it starts.
    pub from: Vec<StatusKey>,
    /// The target statuses; the first is the default.
    pub to: Vec<StatusKey>,
    /// Whether the caller must give a reason.
    #[serde(default, skip_serializing_if = "is_false")]
    pub requires_reason: bool,
    /// Additional scope that the caller needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// Conditions on the fields of the entity; all must hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guards: Vec<Guard>,
    /// Whether it is a regular move, a rework or a reopening.
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
