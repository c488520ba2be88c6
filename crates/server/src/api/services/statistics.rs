//! Statistics over cases. `docs/statistics.md` defines each figure.
//!
//! All figures come from one snapshot of the store. They are never computed from a list of cases.

use std::sync::Arc;

use actix_web::web::{Data, Json};
use docket_domain::{
    case::{Priority, Source},
    id::{ContractorId, CustomerId},
    service,
    statistics::{Statistics, StatisticsFilter},
    workflow::{StatusKey, Workflow},
};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{envelope::One, error::ServicesError, list::DateParams, parsed::ParsedQuery};
use crate::{
    app::App,
    auth::{Authed, CasesRead},
    wire::params::{param::foreign_id, params},
};

pub type StatisticsQuery = (StatisticsParams, DateParams);

params! {
    pub struct StatisticsParams {
        /// Id of the customer whose cases are counted. Default: all customers.
        customer_id: Option<CustomerId> = foreign_id().map(CustomerId);
        /// Id of the contractor whose cases are counted. Default: all contractors.
        contractor_id: Option<ContractorId> = foreign_id().map(ContractorId);
    }
}

/// Statistics over the cases that match the filters, without deleted cases. All figures are from the same snapshot.
#[derive(Debug, Serialize, ToSchema)]
pub struct StatisticsView {
    /// Number of cases.
    #[schema(example = 40)]
    total: i64,
    /// Cases in status `open`.
    #[schema(example = 12)]
    open: i64,
    /// Cases in status `resolved`.
    #[schema(example = 5)]
    resolved: i64,
    /// Cases in status `closed`.
    #[schema(example = 9)]
    closed: i64,
    /// Cases in status `cancelled`.
    #[schema(example = 1)]
    cancelled: i64,
    /// Cases that were due before today (UTC) and are neither closed nor cancelled.
    #[schema(example = 2)]
    overdue: i64,
    /// Cases by status: every status of the account's active workflows, also with 0, and every other status that a
    /// case still has.
    #[schema(value_type = BTreeMap<String, i64>, example = json!({"open": 12, "in_progress": 9, "pending_customer": 3, "pending_contractor": 1, "resolved": 5, "closed": 9, "cancelled": 1}))]
    by_status: Map<String, Value>,
    /// Cases by priority.
    #[schema(value_type = BTreeMap<String, i64>, example = json!({"low": 5, "normal": 20, "high": 12, "urgent": 3}))]
    by_priority: Map<String, Value>,
    /// Cases by origin. The origin is set at creation; a later link does not change it.
    #[schema(value_type = BTreeMap<String, i64>, example = json!({"standalone": 20, "inquiry": 10, "order": 6, "follow_up": 4}))]
    by_source: Map<String, Value>,
    /// Cases created today (UTC) or on one of the 29 days before.
    #[schema(example = 17)]
    created_last_30_days: i64,
    /// Closed cases, without cancelled ones, that were closed today (UTC) or on one of the 29 days before.
    #[schema(example = 6)]
    closed_last_30_days: i64,
    /// Mean time in hours from creation to the first resolution that was not reworked. Null if no case has one.
    #[schema(example = 31.5)]
    average_resolution_hours: Option<f64>,
    /// Median time in hours from creation to the first resolution that was not reworked. Null if no case has one.
    #[schema(example = 26.0)]
    median_resolution_hours: Option<f64>,
}

impl StatisticsView {
    fn new(counted: &Statistics, workflows: &[Arc<Workflow>]) -> Self {
        let in_status = |key: &str| counted.in_status(&StatusKey::new(key));
        let mut keys = Vec::new();
        let defined = workflows.iter().flat_map(|workflow| workflow.statuses()).map(|status| &status.key);
        for key in defined.chain(counted.groups.iter().map(|group| &group.status)) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let priorities = Priority::ALL.into_iter();
        let sources = Source::ALL.into_iter();
        Self {
            total: counted.total(),
            open: in_status("open"),
            resolved: in_status("resolved"),
            closed: in_status("closed"),
            cancelled: in_status("cancelled"),
            overdue: counted.overdue,
            by_status: keys.into_iter().map(|key| (key.to_string(), counted.in_status(key).into())).collect(),
            by_priority: priorities.map(|one| (one.to_string(), counted.of_priority(one).into())).collect(),
            by_source: sources.map(|one| (one.as_str().to_owned(), counted.from_source(one).into())).collect(),
            created_last_30_days: counted.created_recently(),
            closed_last_30_days: counted.closed_recently,
            average_resolution_hours: counted.average_resolution_hours(),
            median_resolution_hours: counted.median_resolution_hours(),
        }
    }
}

async fn count(
    app: &App,
    who: &Authed<CasesRead>,
    asked: ParsedQuery<StatisticsQuery>,
) -> Result<Json<One<StatisticsView>>, ServicesError> {
    let (StatisticsParams { customer_id: customer, contractor_id: contractor }, dates) = asked.sound()?;
    let filter = StatisticsFilter { customer, contractor, created: dates.into() };
    let (counted, workflows) = service::count_statistics(&app.store, who.account(), &filter, app.now()).await?;
    Ok(One::read(StatisticsView::new(&counted, &workflows)))
}

/// Get case statistics
///
/// Returns counts and times to resolution of the cases that match the filters. `/api/cases/stats/overview` returns the
/// same.
#[utoipa::path(
    get,
    path = "/api/cases/stats",
    tag = "statistics",
    params(StatisticsParams, DateParams),
    responses((status = 200, description = "The statistics.", body = One<StatisticsView>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_statistics(
    who: Authed<CasesRead>,
    asked: ParsedQuery<StatisticsQuery>,
    app: Data<App>,
) -> Result<Json<One<StatisticsView>>, ServicesError> {
    count(&app, &who, asked).await
}

/// Get the overview of case statistics
///
/// Returns counts and times to resolution of the cases that match the filters. `/api/cases/stats` returns the same.
#[utoipa::path(
    get,
    path = "/api/cases/stats/overview",
    tag = "statistics",
    params(StatisticsParams, DateParams),
    responses((status = 200, description = "The statistics.", body = One<StatisticsView>), (status = 422)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_statistics_overview(
    who: Authed<CasesRead>,
    asked: ParsedQuery<StatisticsQuery>,
    app: Data<App>,
) -> Result<Json<One<StatisticsView>>, ServicesError> {
    count(&app, &who, asked).await
}
