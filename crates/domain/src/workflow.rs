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

mod assertion;
mod builtin;
mod canonical;
mod check;
mod definition;
mod diff;
mod draw;
mod entity_type;
mod explain;
mod fault;
mod feasible;
mod finding;
mod graph;
mod guard;
mod id;
mod migration;
mod model;
mod plan;
mod reason;
mod report;
mod shape;
mod status;
mod text;
mod transition;
mod warning;

pub(crate) use self::builtin::shared as shared_builtin;
pub use self::{
    assertion::{ASSERTIONS_MAX, Answer, Assertion, answer_assertions},
    builtin::builtin,
    definition::{StatusDefinition, TransitionDefinition, WorkflowDefinition},
    diff::{Changed, ListDiff, Replaced, WorkflowDiff},
    draw::Marks,
    entity_type::{EntityType, UnknownEntityType},
    explain::{AllowedMove, Explanation, Requirement},
    fault::{Fault, TransitionEnd, WorkflowFaults},
    finding::Finding,
    graph::Path,
    guard::{Asked, Facts, Guard, NoFacts, Related},
    id::WorkflowId,
    migration::{MigrationPlan, MigrationRow, Obstacle, StatusMap, check_status_map},
    model::Workflow,
    plan::{Move, PlannedTransition, Refusal, TransitionPlan},
    reason::{Grants, Reason, ReasonCode, ReasonKind, Unrestricted},
    report::WorkflowReport,
    shape::{CHANGES_MAX, GUARDS_MAX, STATUSES_MAX, TRANSITIONS_MAX},
    status::{Color, InvalidColor, Outcome, Phase, Status, StatusKey},
    transition::{Rule, Transition, TransitionKind},
    warning::{free_fields_of_guards, unset_field_warning, warnings},
};
