//! The shared catalog: statuses and transition rules of cases, inquiries and orders.
//!
//! It shows the workflows of the account. It never decides whether a transition is allowed: the domain does.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::web::{Data, Json};
use docket_domain::{
    error::FieldErrors,
    service,
    workflow::{EntityType, Rule, Status, StatusKey, Workflow},
};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use super::{error::ServicesError, parsed::ParsedQuery};
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    wire::params::{
        param::{Words, boolean, text, word},
        params,
    },
};

/// Statuses, as a flat or grouped list.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusCatalogView {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// Number of statuses, in the flat and in the grouped form.
    #[schema(example = 1)]
    count: usize,
    /// Whether `data` is grouped.
    #[schema(example = false)]
    grouped: bool,
    data: Definitions,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum Definitions {
    /// Not grouped.
    Flat(Vec<DefinitionView>),
    /// Grouped by entity type.
    Grouped(BTreeMap<&'static str, Vec<DefinitionView>>),
}

impl StatusCatalogView {
    fn new(workflows: &[(EntityType, Arc<Workflow>)], grouped: bool) -> Self {
        let views = |(of, workflow): &(EntityType, Arc<Workflow>)| {
            workflow.statuses().iter().map(|status| DefinitionView::new(*of, status)).collect::<Vec<_>>()
        };
        let data = if grouped {
            Definitions::Grouped(workflows.iter().map(|group| (group.0.as_str(), views(group))).collect())
        } else {
            Definitions::Flat(workflows.iter().flat_map(views).collect())
        };
        let count = workflows.iter().map(|(_, workflow)| workflow.statuses().len()).sum();
        Self { success: true, count, grouped, data }
    }
}

/// Transition rules, as a flat or grouped list.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleCatalogView {
    /// Always true.
    #[schema(example = true)]
    success: bool,
    /// Number of rules, in the flat and in the grouped form.
    #[schema(example = 1)]
    count: usize,
    /// Whether `data` is grouped.
    #[schema(example = true)]
    grouped: bool,
    data: Rules,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
enum Rules {
    /// Not grouped.
    Flat(Vec<RuleView>),
    /// Grouped by entity type and start status.
    Grouped(BTreeMap<&'static str, RulesByStatus>),
}

/// Transition rules by start status, in the order of the workflow.
#[derive(Debug, ToSchema)]
#[schema(value_type = BTreeMap<String, Vec<RuleView>>)]
struct RulesByStatus(Vec<(String, Vec<RuleView>)>);

impl Serialize for RulesByStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(status, rules)| (status, rules)))
    }
}

impl RuleCatalogView {
    /// The transition rules of a workflow, from one status or from all.
    fn new(of: EntityType, workflow: &Workflow, from: Option<&StatusKey>, grouped: bool) -> Self {
        let wanted = |key: &StatusKey| from.is_none_or(|from| from == key);
        let rules = workflow.rules().into_iter().filter(|rule| wanted(rule.from_status)).collect::<Vec<_>>();
        let data = if grouped {
            let statuses = workflow.statuses().iter().filter(|status| wanted(&status.key));
            let ways = statuses.map(|status| (status.key.to_string(), views(&rules, Some(&status.key))));
            Rules::Grouped(BTreeMap::from([(of.as_str(), RulesByStatus(ways.collect()))]))
        } else {
            Rules::Flat(views(&rules, None))
        };
        Self { success: true, count: rules.len(), grouped, data }
    }
}

/// A status of an entity type.
#[derive(Debug, Serialize, ToSchema)]
pub struct DefinitionView {
    /// `case`, `inquiry` or `order`.
    #[schema(example = "case")]
    entity_type: &'static str,
    /// Stable key, used in requests and responses.
    #[schema(example = "open")]
    key: String,
    /// Display name.
    #[schema(example = "Open")]
    label: String,
    /// Meaning of the status.
    #[schema(example = "Received, and nobody has begun to work on it.")]
    description: String,
    /// Display colour, `#RRGGBB`.
    #[schema(example = "#2563EB")]
    color: String,
    /// Display position, from 1.
    #[schema(example = 1)]
    sort_order: u32,
    /// Whether this is the default status at creation. True for exactly one status of an entity type.
    #[schema(example = true)]
    is_initial: bool,
    /// Whether no further transitions are expected from this status.
    #[schema(example = false)]
    is_terminal: bool,
}

impl DefinitionView {
    fn new(of: EntityType, status: &Status) -> Self {
        Self {
            entity_type: of.as_str(),
            key: status.key.to_string(),
            label: status.label.clone(),
            description: status.description.clone(),
            color: status.color.to_string(),
            sort_order: status.sort_order,
            is_initial: status.initial,
            is_terminal: status.terminal,
        }
    }
}

/// A status change that a workflow allows.
#[derive(Debug, Serialize, ToSchema)]
pub struct RuleView {
    /// Status before the transition.
    #[schema(example = "open")]
    from_status: String,
    /// Status after the transition.
    #[schema(example = "in_progress")]
    to_status: String,
    /// Name of the transition.
    #[schema(example = "start")]
    name: String,
    /// Whether the transition requires a `reason`.
    #[schema(example = false)]
    requires_reason: bool,
}

impl From<&Rule<'_>> for RuleView {
    fn from(rule: &Rule<'_>) -> Self {
        Self {
            from_status: rule.from_status.to_string(),
            to_status: rule.to_status.to_string(),
            name: rule.name.to_owned(),
            requires_reason: rule.requires_reason,
        }
    }
}

const ENTITY_TYPES: Words<EntityType> = Words::new(&EntityType::ALL, EntityType::as_str);

params! {
    pub struct DefinitionsParams {
        /// `case`, `inquiry` or `order`. Default: all.
        entity_type: Option<EntityType> = word(ENTITY_TYPES).example("case");
        /// Key of the workflow of cases to show. Default: the one of cases whose type no workflow claims.
        workflow: Option<String> = text();
        /// Whether to group the statuses by entity type.
        grouped: bool = boolean().default(false);
    }

    pub struct TransitionsParams {
        /// `case`, `inquiry` or `order`.
        entity_type: EntityType = word(ENTITY_TYPES).required(ENTITY_TYPES, EntityType::Case).example("case");
        /// Status before the transition. Default: all statuses.
        from_status: Option<StatusKey> = text().map(StatusKey::new).example("open");
        /// Key of the workflow to show. Default: the one of cases whose type no workflow claims.
        workflow: Option<String> = text();
        /// Whether to group the rules by entity type and start status.
        grouped: bool = boolean().default(true);
    }
}

/// The active version of a workflow. An unknown key is a fault.
pub(super) async fn load(
    app: &App,
    who: &Authed<CasesRead>,
    of: EntityType,
    key: Option<&str>,
    faults: &mut FieldErrors,
) -> Result<Arc<Workflow>, ServicesError> {
    let wanted = service::Wanted { key, ..service::Wanted::default() };
    let chosen = service::choose_workflow(&app.store, who.account(), of, wanted).await?;
    faults.extend(chosen.fault);
    Ok(chosen.workflow)
}

/// List status definitions
///
/// Returns the statuses of cases, inquiries and orders. If the account has no workflow for an entity type, the built-in
/// workflow applies.
#[utoipa::path(
    get,
    path = "/api/status-definitions",
    tag = "reference",
    params(DefinitionsParams),
    responses((status = 200, description = "The statuses.", body = StatusCatalogView), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_definitions(
    who: Authed<CasesRead>,
    asked: ParsedQuery<DefinitionsParams>,
    app: Data<App>,
) -> Result<Json<StatusCatalogView>, ServicesError> {
    let ParsedQuery { query: DefinitionsParams { entity_type: of, workflow: key, grouped }, mut faults } = asked;
    let mut groups = Vec::new();
    for of in EntityType::ALL.into_iter().filter(|each| of.is_none_or(|of| of == *each)) {
        let key = key.as_deref().filter(|_| of == EntityType::Case);
        groups.push((of, load(&app, &who, of, key, &mut faults).await?));
    }
    faults.finish().map_err(ServicesError::verbatim)?;
    Ok(Json(StatusCatalogView::new(&groups, grouped)))
}

/// List transition rules
///
/// Returns every status change that the workflow of an entity type allows, with the name of its transition and whether
/// it requires a reason. Use it to offer the possible transitions to a user, or to explain why a transition is refused.
#[utoipa::path(
    get,
    path = "/api/status-definitions/transitions",
    tag = "reference",
    params(TransitionsParams),
    responses((status = 200, description = "The transition rules.", body = RuleCatalogView), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_transitions(
    who: Authed<CasesRead>,
    asked: ParsedQuery<TransitionsParams>,
    app: Data<App>,
) -> Result<Json<RuleCatalogView>, ServicesError> {
    let ParsedQuery { query, mut faults } = asked;
    let TransitionsParams { entity_type: of, from_status: from, workflow: key, grouped } = query;
    let workflow = load(&app, &who, of, key.as_deref(), &mut faults).await?;
    check_from(&workflow, from.as_ref(), &mut faults);
    faults.finish().map_err(ServicesError::verbatim)?;
    Ok(Json(RuleCatalogView::new(of, &workflow, from.as_ref(), grouped)))
}

fn views(rules: &[Rule<'_>], from: Option<&StatusKey>) -> Vec<RuleView> {
    let rules = rules.iter().filter(|rule| from.is_none_or(|from| rule.from_status == from));
    rules.map(RuleView::from).collect()
}

fn check_from(workflow: &Workflow, from: Option<&StatusKey>, faults: &mut FieldErrors) {
    if from.is_some_and(|from| workflow.status(from).is_none()) {
        let known = workflow.statuses().iter().map(|status| status.key.as_str()).collect::<Vec<_>>();
        faults.add("from_status", format!("must be one of {}", known.join(", ")));
    }
}
