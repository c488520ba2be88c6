//! Moving cases from one workflow version to another, in batches.

use std::{collections::BTreeMap, sync::Arc};

use uuid::Uuid;

use crate::{
    actor::Context,
    catalog::{Migration, MigrationProgress, MigrationRefusal, MigrationState},
    decide,
    error::{Error, FieldErrors, StoreError},
    id::{AccountId, Entity},
    scope::Scopes,
    service::{clocks::with_clocks, load_workflow},
    store::{MigrationBatch, MigrationStore, Store},
    text,
    time::Timestamp,
    workflow::{EntityType, MigrationPlan, StatusKey, StatusMap, Workflow, WorkflowId, check_status_map},
};

/// Number of cases that are moved in one transaction.
const BATCH: i64 = 50;
/// Number of attempts at a batch whose cases others change at the same time. Each attempt takes half as many cases.
const ATTEMPTS: u32 = 24;
/// Greatest number of refused cases that are listed.
const REFUSALS_MAX: i64 = 1_000;

/// A request to move cases.
#[derive(Debug, Clone, Default)]
pub struct MigrationRequest {
    /// Key of the workflow.
    pub key: String,
    /// The version whose cases move; `None` for all other versions of the workflow.
    pub from: Option<WorkflowId>,
    /// The version that they move to. Default: the active one.
    pub to: Option<WorkflowId>,
    /// New status by old status, for the statuses that do not keep their key.
    pub status_map: StatusMap,
    /// Reason, for the events of the cases.
    pub reason: Option<String>,
}

/// What a migration would do.
#[derive(Debug, Clone)]
pub struct PlannedMigration {
    /// The versions whose cases move, each with its plan.
    pub plans: Vec<(WorkflowId, MigrationPlan)>,
    /// The version that they move to.
    pub to: WorkflowId,
}

impl PlannedMigration {
    /// Number of cases that can move.
    #[must_use]
    pub fn movable(&self) -> u64 {
        self.plans.iter().map(|(_, plan)| plan.movable()).sum()
    }
}

/// Plans a migration. Nothing is written.
///
/// # Errors
/// Not found; every fault of the request; or a [`StoreError`].
pub async fn plan_migration<S: Store + MigrationStore>(
    store: &S,
    account: AccountId,
    request: &MigrationRequest,
) -> Result<PlannedMigration, Error> {
    let own = store.load_catalog(account).await?.find(&request.key).ok_or(Error::not_found(Entity::Workflow))?;
    let mut faults = FieldErrors::default();
    if let Some(reason) = &request.reason {
        faults.keep(text::check_lines("reason", reason, text::REASON_MAX));
    }
    if own.entity_type != EntityType::Case {
        faults.add("key", "must be that of a workflow of cases: inquiries and orders keep their version");
    }
    for (field, version) in [("from", request.from), ("to", request.to)] {
        if version.is_some_and(|version| own.version(version).is_none()) {
            faults.add(field, "must be the id of a version of this workflow");
        }
    }
    let to = request.to.unwrap_or(own.active);
    if request.from == Some(to) {
        faults.add("from", "must be another version than the one that the cases move to");
    }
    faults.clone().finish()?;
    let others = own.versions.iter().map(|version| version.id).filter(|id| *id != to);
    let from = request.from.map_or_else(|| others.collect(), |from| vec![from]);
    let new = load_workflow(store, account, to).await?;
    let mut old = Vec::new();
    for id in &from {
        old.push(load_workflow(store, account, *id).await?);
    }
    check_status_map(
        &old.iter().map(|workflow| &**workflow).collect::<Vec<_>>(),
        &new,
        &request.status_map,
        &mut faults,
    );
    faults.finish()?;
    let mut counts: BTreeMap<WorkflowId, BTreeMap<StatusKey, u64>> = BTreeMap::new();
    if !from.is_empty() {
        for row in store.count_cases_of_workflows(account, &from).await? {
            counts.entry(row.workflow).or_default().insert(row.status, row.cases);
        }
    }
    let plan = |old: &Arc<Workflow>| {
        let counts = counts.remove(&old.id()).unwrap_or_default();
        (old.id(), MigrationPlan::new(old, &new, &request.status_map, &counts))
    };
    Ok(PlannedMigration { plans: old.iter().map(plan).collect(), to })
}

/// Begins a migration. [`run_migration`] moves the cases.
///
/// # Errors
/// As [`plan_migration`].
pub async fn begin_migration<S: Store + MigrationStore>(
    store: &S,
    context: &Context,
    id: Uuid,
    request: MigrationRequest,
) -> Result<Migration, Error> {
    let planned = plan_migration(store, context.account, &request).await?;
    let migration = Migration {
        account: context.account,
        id,
        key: request.key,
        from: planned.plans.iter().map(|(id, _)| *id).collect(),
        to: planned.to,
        status_map: request.status_map,
        reason: request.reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty()),
        actor: context.actor.clone(),
        state: MigrationState::Running,
        planned: planned.movable(),
        progress: MigrationProgress::default(),
        created_at: context.now,
        updated_at: context.now,
    };
    store.create_migration(migration.clone()).await?;
    Ok(migration)
}

/// A migration, and the first cases that it could not move.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_migration<S: Store + MigrationStore>(
    store: &S,
    account: AccountId,
    key: &str,
    id: Uuid,
) -> Result<(Migration, Vec<MigrationRefusal>), Error> {
    let found = store.find_migration(account, id).await?.filter(|migration| migration.key == key);
    let migration = found.ok_or(Error::not_found(Entity::Workflow))?;
    let refusals = store.list_migration_refusals(account, id, REFUSALS_MAX).await?;
    Ok((migration, refusals))
}

/// Moves the next cases of a migration, and returns it with its progress. Several servers can do this at once: each case
/// is moved once.
///
/// # Errors
/// A [`StoreError`]. [`StoreError::Stale`] means that another server moves the cases, or that others changed them at every
/// attempt; call it again later.
pub async fn run_migration<S: Store + MigrationStore>(
    store: &S,
    account: AccountId,
    id: Uuid,
    now: impl Fn() -> Timestamp,
) -> Result<Migration, Error> {
    let mut size = BATCH;
    for _ in 0..ATTEMPTS {
        let found = store.find_migration(account, id).await?;
        let migration = found.ok_or(Error::not_found(Entity::Workflow))?;
        if migration.state != MigrationState::Running {
            return Ok(migration);
        }
        let batch = decide_batch(store, &migration, size, now()).await?;
        let (to, state) = (batch.to, batch.state);
        match store.advance_migration(&migration, batch, now()).await {
            Ok(()) => return Ok(Migration { progress: to, state, updated_at: now(), ..migration }),
            Err(StoreError::Stale) => size = (size / 2).max(1),
            Err(other) => return Err(other.into()),
        }
    }
    Err(StoreError::Stale.into())
}

async fn decide_batch<S: Store + MigrationStore>(
    store: &S,
    migration: &Migration,
    size: i64,
    now: Timestamp,
) -> Result<MigrationBatch, Error> {
    let account = migration.account;
    let cases = store.list_cases_to_migrate(account, &migration.from, migration.progress.after, size).await?;
    let new = load_workflow(store, account, migration.to).await?;
    let context = Context::new(account, migration.actor.clone(), Scopes::all(), now);
    let (mut decisions, mut refused) = (Vec::new(), Vec::new());
    let mut to = migration.progress;
    let is_last = cases.len() < usize::try_from(size).unwrap_or(usize::MAX);
    for case in cases {
        let old = load_workflow(store, account, case.workflow).await?;
        to.after = Some(case.id);
        match decide::migrate(&case, &old, &new, &migration.status_map, migration.reason.as_deref(), &context) {
            Ok(decision) => {
                to.moved += 1;
                decisions.push(decision);
            }
            Err(obstacle) => {
                to.refused += 1;
                refused.push(MigrationRefusal { case: case.id, status: case.status, obstacle });
            }
        }
    }
    let decisions = with_clocks(store, decisions).await?;
    let state = if is_last { MigrationState::Done } else { MigrationState::Running };
    Ok(MigrationBatch { decisions, refused, to, state })
}
