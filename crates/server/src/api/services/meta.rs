//! Reference data: the statuses and priorities of cases.
//!
//! Statuses come from the workflow of the account. They are never listed here.

use std::sync::Arc;

use actix_web::web::{Data, Json};
use docket_domain::{
    case::Priority,
    workflow::{EntityType, Status, Workflow},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{definitions, envelope::Many, error::ServicesError, parsed::ParsedQuery};
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    wire::params::{param::text, params},
};

/// A case status.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatusView {
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
    /// Whether no further transitions are expected from this status.
    #[schema(example = false)]
    is_terminal: bool,
    /// Whether this is the default status of a new case. True for exactly one status.
    #[schema(example = true)]
    is_initial: bool,
    /// Display position, from 1.
    #[schema(example = 1)]
    sort_order: u32,
}

impl From<&Status> for StatusView {
    fn from(status: &Status) -> Self {
        Self {
            key: status.key.to_string(),
            label: status.label.clone(),
            description: status.description.clone(),
            color: status.color.to_string(),
            is_terminal: status.terminal,
            is_initial: status.initial,
            sort_order: status.sort_order,
        }
    }
}

/// A case priority.
#[derive(Debug, Serialize, ToSchema)]
pub struct PriorityView {
    /// Stable key, used in requests and responses.
    #[schema(example = "urgent")]
    key: &'static str,
    /// Display name.
    #[schema(example = "Urgent")]
    label: &'static str,
    /// Meaning of the priority.
    #[schema(example = "At once.")]
    description: &'static str,
    /// Display colour, `#RRGGBB`.
    #[schema(example = "#DC2626")]
    color: &'static str,
    /// Display position, from 1 for the least urgent.
    #[schema(example = 4)]
    sort_order: u32,
}

impl From<Priority> for PriorityView {
    fn from(priority: Priority) -> Self {
        let (label, description, color, sort_order) = match priority {
            Priority::Low => ("Low", "Can wait until there is time.", "#64748B", 1),
            Priority::Normal => ("Normal", "Takes its turn.", "#2563EB", 2),
            Priority::High => ("High", "Comes before what is normal.", "#EA580C", 3),
            Priority::Urgent => ("Urgent", "Needs attention at once.", "#DC2626", 4),
        };
        Self { key: priority.as_str(), label, description, color, sort_order }
    }
}

params! {
    pub struct StatusesParams {
        /// Key of the workflow to show. Default: the one of cases whose type no workflow claims.
        workflow: Option<String> = text();
    }
}

async fn load_shown(
    app: &App,
    who: &Authed<CasesRead>,
    asked: ParsedQuery<StatusesParams>,
) -> Result<Arc<Workflow>, ServicesError> {
    let ParsedQuery { query, mut faults } = asked;
    let workflow = definitions::load(app, who, EntityType::Case, query.workflow.as_deref(), &mut faults).await?;
    faults.finish().map_err(ServicesError::verbatim)?;
    Ok(workflow)
}

/// List case statuses
///
/// Returns every status of a workflow of cases, in display order.
#[utoipa::path(
    get,
    path = "/api/cases/meta/statuses",
    tag = "reference",
    params(StatusesParams),
    responses((status = 200, description = "The statuses.", body = Many<StatusView>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_statuses(
    who: Authed<CasesRead>,
    asked: ParsedQuery<StatusesParams>,
    app: Data<App>,
) -> Result<Json<Many<StatusView>>, ServicesError> {
    let workflow = load_shown(&app, &who, asked).await?;
    Ok(Many::all(workflow.statuses().iter().map(StatusView::from).collect()))
}

/// List case priorities
///
/// Returns every priority, least urgent first.
#[utoipa::path(
    get,
    path = "/api/cases/meta/priorities",
    tag = "reference",
    responses((status = 200, description = "The priorities.", body = Many<PriorityView>)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_priorities(_: Authed<CasesRead>) -> Result<Json<Many<PriorityView>>, ServicesError> {
    Ok(Many::all(Priority::ALL.into_iter().map(PriorityView::from).collect()))
}

/// List case status keys
///
/// Returns the key of every status of a workflow of cases, in display order.
#[utoipa::path(
    get,
    path = "/api/cases/statuses/available",
    tag = "reference",
    params(StatusesParams),
    responses((status = 200, description = "The status keys.", body = Many<String>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_status_keys(
    who: Authed<CasesRead>,
    asked: ParsedQuery<StatusesParams>,
    app: Data<App>,
) -> Result<Json<Many<String>>, ServicesError> {
    let workflow = load_shown(&app, &who, asked).await?;
    Ok(Many::all(workflow.statuses().iter().map(|status| status.key.to_string()).collect()))
}

/// List case priority keys
///
/// Returns the key of every priority, least urgent first.
#[utoipa::path(
    get,
    path = "/api/cases/priorities/available",
    tag = "reference",
    responses((status = 200, description = "The priority keys.", body = Many<String>)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn list_priority_keys(_: Authed<CasesRead>) -> Result<Json<Many<String>>, ServicesError> {
    Ok(Many::all(Priority::ALL.into_iter().map(|priority| priority.to_string()).collect()))
}
