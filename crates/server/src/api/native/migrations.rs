//! Handlers that move cases to another version of their workflow.

use actix_web::{
    HttpResponse,
    http::header,
    web::{Data, Json, Path},
};
use chrono::{DateTime, Utc};
use docket_domain::{
    catalog::{Migration, MigrationRefusal},
    id::Entity,
    service::{self, MigrationRequest, PlannedMigration},
    workflow::{StatusMap, WorkflowId},
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::error::NativeError;
use crate::{
    app::App,
    auth::{Admin, Authed, CasesRead},
    migrator,
    wire::{
        body::Body,
        fields::{Fields, FromFields, Given},
        problem::Problem,
    },
};

/// Cases to move to another version.
#[derive(Debug, Default, ToSchema)]
pub struct MigrationBody {
    /// Id of the version whose cases move, or `all` for all other versions of the workflow.
    #[schema(value_type = String, pattern = "^(all|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$", example = "all")]
    from: Option<Option<WorkflowId>>,
    /// Id of the version that they move to. Default: the active version.
    #[schema(value_type = Option<String>, format = Uuid, nullable = false, example = "8fe56870-2605-8c1f-8ebc-e0066305da5c")]
    to: Option<WorkflowId>,
    /// New status by old status, for the statuses that do not keep their key.
    #[schema(value_type = Option<BTreeMap<String, String>>, nullable = false, example = json!({}))]
    status_map: Option<StatusMap>,
    /// Reason, up to 2,000 characters. It is in the timelines of the cases.
    #[schema(value_type = Option<String>, example = "new approval step", max_length = 2000)]
    reason: Given<String>,
    /// Whether to return the plan and change nothing. Default: `false`.
    #[schema(value_type = Option<bool>, nullable = false, example = true)]
    dry_run: Option<bool>,
}

impl FromFields for MigrationBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let from = |word: &str| if word == "all" { Some(None) } else { word.parse().ok().map(Some) };
        let map = |value: Value| serde_json::from_value::<StatusMap>(value).ok();
        Self {
            from: fields.required("from", |fields| fields.word("from", "the id of a version, or all", from)),
            to: fields.not_null("to", |fields| fields.word("to", "a UUID", |word| word.parse().ok())),
            status_map: fields.not_null("status_map", |fields| {
                fields.given("status_map", "an object with a status key for each status key", map)
            }),
            reason: fields.text("reason"),
            dry_run: fields.not_null("dry_run", |fields| fields.boolean("dry_run")),
        }
    }
}

/// What a migration would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct MigrationPlanView {
    /// Always true.
    #[schema(example = true)]
    dry_run: bool,
    /// Id of the version that the cases move to.
    to: Uuid,
    /// Number of cases that can move.
    #[schema(example = 120)]
    planned: u64,
    /// Number of cases that cannot move.
    #[schema(example = 3)]
    refused: u64,
    /// Where the cases go: one row for each status of each old version.
    statuses: Vec<MigrationRowView>,
}

/// Where the cases of one status go.
#[derive(Debug, Serialize, ToSchema)]
pub struct MigrationRowView {
    /// Id of the old version.
    from: Uuid,
    /// Status in the old version.
    #[schema(example = "waiting")]
    from_status: String,
    /// Number of cases in it.
    #[schema(example = 12)]
    cases: u64,
    /// Status in the new version; `null` if the cases cannot move.
    #[schema(example = "pending_customer")]
    to_status: Option<String>,
    /// Why the cases cannot move: `no_such_status`, `terminal_to_active`; empty if they can.
    #[schema(example = json!([]))]
    reasons: Vec<&'static str>,
}

impl From<PlannedMigration> for MigrationPlanView {
    fn from(planned: PlannedMigration) -> Self {
        let rows = planned.plans.iter().flat_map(|(from, plan)| {
            plan.rows.iter().map(|row| MigrationRowView {
                from: from.0,
                from_status: row.from_status.to_string(),
                cases: row.cases,
                to_status: row.to_status.as_ref().map(ToString::to_string),
                reasons: row.reasons.iter().map(|obstacle| obstacle.as_str()).collect(),
            })
        });
        let statuses = rows.collect::<Vec<_>>();
        let refused = statuses.iter().filter(|row| row.to_status.is_none()).map(|row| row.cases).sum();
        Self { dry_run: true, to: planned.to.0, planned: planned.movable(), refused, statuses }
    }
}

/// A migration of cases and its progress.
#[derive(Debug, Serialize, ToSchema)]
pub struct MigrationView {
    /// Id of the migration.
    id: Uuid,
    /// `running`, `done` or `cancelled`.
    #[schema(example = "running")]
    state: &'static str,
    /// Ids of the versions whose cases move.
    from: Vec<Uuid>,
    /// Id of the version that they move to.
    to: Uuid,
    /// Number of cases that could move when the migration began.
    #[schema(example = 120)]
    planned: u64,
    /// Number of cases that moved so far.
    #[schema(example = 50)]
    moved: u64,
    /// Number of planned cases that left the old versions before the migration reached them.
    #[schema(example = 0)]
    skipped: u64,
    /// Cases that cannot move, at most 1,000.
    refused: Vec<MigrationRefusalView>,
    created_at: DateTime<Utc>,
    /// Time of the last progress.
    updated_at: DateTime<Utc>,
}

/// A case that cannot move.
#[derive(Debug, Serialize, ToSchema)]
pub struct MigrationRefusalView {
    /// Integer id of the case.
    #[schema(example = 42)]
    case: i64,
    /// Why not.
    reasons: Vec<ObstacleView>,
}

/// Why a case cannot move.
#[derive(Debug, Serialize, ToSchema)]
pub struct ObstacleView {
    /// `no_such_status` or `terminal_to_active`.
    #[schema(example = "no_such_status")]
    code: &'static str,
    /// The reason in words.
    #[schema(example = "waiting: the new version has no such status; name one in status_map")]
    message: String,
}

impl MigrationView {
    fn new(migration: &Migration, refused: Vec<MigrationRefusal>) -> Self {
        let refused = refused.into_iter().map(|refusal| MigrationRefusalView {
            case: refusal.case.0,
            reasons: vec![ObstacleView {
                code: refusal.obstacle.as_str(),
                message: format!("{}: {}", refusal.status, refusal.obstacle.in_words()),
            }],
        });
        Self {
            id: migration.id,
            state: migration.state.as_str(),
            from: migration.from.iter().map(|id| id.0).collect(),
            to: migration.to.0,
            planned: migration.planned,
            moved: migration.progress.moved,
            skipped: migration.skipped(),
            refused: refused.collect(),
            created_at: migration.created_at,
            updated_at: migration.updated_at,
        }
    }
}

/// Migrate cases to another version
///
/// Moves cases to another version of their workflow in the background, in batches. A case keeps its status if the new
/// version has its key, else `status_map` names the new one; cases that cannot move are listed and do not stop the others.
/// The migration continues after a restart of the server and moves each case once. With `dry_run` the response is the plan
/// (200), and nothing changes.
#[utoipa::path(
    post,
    path = "/api/v1/workflows/{key}/migrations",
    tag = "workflows",
    params(("key" = String, Path, description = "Key of the workflow.", example = "default")),
    request_body = MigrationBody,
    responses(
        (status = 200, description = "The plan of a dry run.", body = MigrationPlanView),
        (status = 202, description = "The migration, which has begun.", body = MigrationView),
        (status = 400), (status = 404),
    ),
    security(("bearer" = ["admin"]), ("basic" = [])),
)]
pub async fn migrate_cases(
    who: Authed<Admin>,
    key: Path<String>,
    body: Body<MigrationBody>,
    app: Data<App>,
) -> Result<HttpResponse, NativeError> {
    let MigrationBody { from, to, status_map, reason, dry_run } = body.0;
    let request = MigrationRequest {
        key: key.into_inner(),
        from: from.flatten(),
        to,
        status_map: status_map.unwrap_or_default(),
        reason: reason.flatten(),
    };
    if dry_run.unwrap_or_default() {
        let planned = service::plan_migration(&app.store, who.account(), &request).await?;
        return Ok(HttpResponse::Ok().json(MigrationPlanView::from(planned)));
    }
    let location = format!("/api/v1/workflows/{}/migrations", request.key);
    let migration = service::begin_migration(&app.store, &who.context(&app), app.new_uuid(), request).await?;
    let (background, account, id) = (app.clone(), who.account(), migration.id);
    actix_web::rt::spawn(async move { migrator::finish(&background.store, account, id).await });
    let location = (header::LOCATION, format!("{location}/{id}"));
    Ok(HttpResponse::Accepted().insert_header(location).json(MigrationView::new(&migration, Vec::new())))
}

/// Get a migration
///
/// Returns the progress of a migration, and the cases that it could not move.
#[utoipa::path(
    get,
    path = "/api/v1/workflows/{key}/migrations/{id}",
    tag = "workflows",
    params(
        ("key" = String, Path, description = "Key of the workflow.", example = "default"),
        ("id" = String, Path, description = "Id of the migration.", example = "01970000-0000-7000-8000-000000000000"),
    ),
    responses((status = 200, description = "The migration.", body = MigrationView), (status = 404)),
    security(("bearer" = ["cases:read"]), ("basic" = [])),
)]
pub async fn load_migration(
    who: Authed<CasesRead>,
    path: Path<(String, String)>,
    app: Data<App>,
) -> Result<Json<MigrationView>, NativeError> {
    let (key, id) = path.into_inner();
    let id = Uuid::try_parse(&id).map_err(|_| Problem::not_found(Entity::Workflow))?;
    let (migration, refused) = service::load_migration(&app.store, who.account(), &key, id).await?;
    Ok(Json(MigrationView::new(&migration, refused)))
}
