//! The workflow engine: the statuses of an entity, the moves between them, and the reasons why a move is refused.
//!
//! A [`Workflow`] is data. It is written as a [`WorkflowDefinition`] (JSON, see `docs/workflow.md`).
//! [`Workflow::check`] is the only way from a definition to a workflow, and it reports every fault at once. So every
//! `Workflow` is valid: every status can be reached, keys and names are unique, and at most one transition makes a
//! given change of status.
//!
//! ```text
//! JSON ── from_json ──▶ WorkflowDefinition ── check ──▶ Workflow ──▶ plan     find the move, or the reasons against it
//!                                               │                ──▶ explain  every move, with the reasons against it
//!                                               ▼                ──▶ rules    every change of status
//!                                        WorkflowFaults          ──▶ to_mermaid, to_dot, to_svg
//! ```
//!
//! The engine does not know cases, status keys or transition names. The meaning of a status is data ([`Phase`],
//! [`Outcome`], [`TransitionKind`]), and guards read fields through [`Facts`]. The engine must never read a store, keep
//! state or decide about anything but the status.

mod builtin;
mod canonical;
mod check;
mod definition;
mod draw;
mod entity_type;
mod explain;
mod fault;
mod guard;
mod id;
mod model;
mod plan;
mod reason;
mod status;
mod text;
mod transition;

pub(crate) use self::builtin::shared as shared_builtin;
pub use self::{
    builtin::builtin,
    definition::{StatusDefinition, TransitionDefinition, WorkflowDefinition},
    entity_type::{EntityType, UnknownEntityType},
    explain::{AllowedMove, Explanation, Requirement},
    fault::{Fault, TransitionEnd, WorkflowFaults},
    guard::{Facts, Guard, NoFacts},
    id::WorkflowId,
    model::Workflow,
    plan::{Move, PlannedTransition, Refusal, TransitionPlan},
    reason::{Grants, Reason, ReasonCode, ReasonKind, Unrestricted},
    status::{Color, InvalidColor, Outcome, Phase, Status, StatusKey},
    transition::{Rule, Transition, TransitionKind},
};
