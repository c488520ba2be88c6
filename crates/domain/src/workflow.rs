//! The workflow engine: which statuses a thing may be in, which moves lead from one to another, and why a move is refused.
//!
//! A [`Workflow`] is data. It is written as a [`WorkflowDefinition`] (JSON, see `docs/workflow.md`), and there is one
//! way from a definition to a workflow: [`Workflow::check`], which names every fault at once. So whoever holds a
//! `Workflow` holds one that is sound: every status can be reached, every name means one thing, and a change to a
//! status has at most one transition that makes it.
//!
//! ```text
//! JSON ── from_json ──▶ WorkflowDefinition ── check ──▶ Workflow ──▶ plan     choose one move or refuse it, with every reason
//!                                               │                ──▶ explain  every move, allowed or denied, and why
//!                                               ▼                ──▶ rules    the flat catalog
//!                                        WorkflowFaults          ──▶ to_mermaid, to_dot
//! ```
//!
//! Nothing here knows a case, a key of a status or the name of a transition: what a status means for the business is
//! itself data ([`Phase`], [`Outcome`], [`TransitionKind`]), and what a thing holds is asked of it through [`Facts`].
//! The engine must never look anything up, keep state or decide about anything but status.

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
    fault::{Fault, Side, WorkflowFaults},
    guard::{Facts, Guard, NoFacts},
    id::WorkflowId,
    model::Workflow,
    plan::{Move, Plan, Planned, Refusal},
    reason::{Grants, Reason, ReasonCode, ReasonKind, Unrestricted},
    status::{Color, InvalidColor, Outcome, Phase, Status, StatusKey},
    transition::{Rule, Transition, TransitionKind},
};
