//! A checked workflow and how to read it.

use serde::{Deserialize, Serialize};

use super::{
    definition::{StatusDefinition, TransitionDefinition, WorkflowDefinition},
    entity_type::EntityType,
    guard::Asked,
    id::WorkflowId,
    status::{Status, StatusKey},
    text,
    transition::{Rule, Transition},
};

/// A checked workflow: statuses and the transitions between them.
///
/// It is serialized as its definition, and deserializing checks it: a stored workflow that is no longer valid fails to
/// load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "WorkflowDefinition", into = "WorkflowDefinition")]
pub struct Workflow {
    pub(super) id: WorkflowId,
    pub(super) entity_type: EntityType,
    pub(super) name: String,
    pub(super) statuses: Vec<Status>,
    pub(super) initial: Status,
    pub(super) transitions: Vec<Transition>,
}

impl Workflow {
    /// The definition of the workflow. Checking it gives an equal workflow.
    #[must_use]
    pub fn definition(&self) -> WorkflowDefinition {
        WorkflowDefinition {
            entity_type: self.entity_type,
            name: self.name.clone(),
            statuses: self.statuses.iter().map(StatusDefinition::from).collect(),
            transitions: self.transitions.iter().map(TransitionDefinition::from).collect(),
        }
    }

    /// The id of this version, a hash of the content. The same content has the same id everywhere; any change gives
    /// another id.
    #[must_use]
    pub const fn id(&self) -> WorkflowId {
        self.id
    }

    /// Kind of entity that follows this workflow.
    #[must_use]
    pub const fn entity_type(&self) -> EntityType {
        self.entity_type
    }

    /// Display name of the workflow.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Every status, in display order.
    #[must_use]
    pub fn statuses(&self) -> &[Status] {
        &self.statuses
    }

    /// Every transition, in the order of the definition.
    #[must_use]
    pub fn transitions(&self) -> &[Transition] {
        &self.transitions
    }

    /// What its guards ask for besides fields.
    #[must_use]
    pub fn asked(&self) -> Asked {
        let mut asked = Asked::default();
        self.transitions.iter().flat_map(|transition| &transition.guards).for_each(|guard| guard.ask(&mut asked));
        asked
    }

    /// The default status of a new entity.
    #[must_use]
    pub const fn initial(&self) -> &Status {
        &self.initial
    }

    /// The status with this key.
    #[must_use]
    pub fn status(&self, key: &StatusKey) -> Option<&Status> {
        self.statuses.iter().find(|status| status.key == *key)
    }

    /// The status with this integer id (Trackops' `case_status`).
    #[must_use]
    pub fn status_by_id(&self, id: i64) -> Option<&Status> {
        self.statuses.iter().find(|status| status.id == id)
    }

    /// The status with this label; case is ignored.
    #[must_use]
    pub fn status_by_label(&self, label: &str) -> Option<&Status> {
        let wanted = text::folded(label);
        self.statuses.iter().find(|status| text::folded(&status.label) == wanted)
    }

    /// The transition with this name.
    #[must_use]
    pub fn transition(&self, name: &str) -> Option<&Transition> {
        self.transitions.iter().find(|transition| transition.name == name)
    }

    /// The transition with this name or label; case is ignored.
    #[must_use]
    pub fn transition_by_word(&self, word: &str) -> Option<&Transition> {
        let wanted = text::folded(word);
        self.transitions
            .iter()
            .find(|transition| text::folded(&transition.name) == wanted || text::folded(&transition.label) == wanted)
    }

    /// The transition with this name, if it starts from this status.
    #[must_use]
    pub fn transition_named(&self, from: &StatusKey, name: &str) -> Option<&Transition> {
        self.transition(name).filter(|transition| transition.starts_from(from))
    }

    /// The transition that leads from one status to another; there is at most one.
    #[must_use]
    pub fn transition_to(&self, from: &StatusKey, to: &StatusKey) -> Option<&Transition> {
        self.transitions.iter().find(|transition| transition.starts_from(from) && transition.leads_to(to))
    }

    /// Every move from a status: the transition and its target, the default target of a transition first.
    pub fn transitions_from<'w>(&'w self, from: &StatusKey) -> impl Iterator<Item = (&'w Transition, &'w StatusKey)> {
        self.transitions
            .iter()
            .filter(move |transition| transition.starts_from(from))
            .flat_map(|transition| transition.targets().map(move |to| (transition, to)))
    }

    /// Every change of status of the workflow, grouped by the start status, in a stable order.
    #[must_use]
    pub fn rules(&self) -> Vec<Rule<'_>> {
        self.statuses
            .iter()
            .flat_map(|status| {
                self.transitions_from(&status.key).map(|(transition, to)| Rule {
                    from_status: &status.key,
                    to_status: to,
                    name: &transition.name,
                    requires_reason: transition.requires_reason,
                })
            })
            .collect()
    }
}

impl From<Workflow> for WorkflowDefinition {
    fn from(workflow: Workflow) -> Self {
        workflow.definition()
    }
}
