//! Finding the workflow of a case, an inquiry or an order.

use std::sync::Arc;

use crate::{
    catalog::{self, builtin_key},
    error::{Error, FieldError, FieldErrors, StoreError},
    id::AccountId,
    store::WorkflowStore,
    workflow::{EntityType, StatusKey, Workflow, WorkflowId, shared_builtin},
};

/// The workflow version with this id: built in, or one of the account's own.
///
/// # Errors
/// A [`StoreError`]. A missing version is a defect, because versions are never deleted.
pub async fn load_workflow<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    id: WorkflowId,
) -> Result<Arc<Workflow>, Error> {
    if let Some(builtin) = EntityType::ALL.into_iter().map(shared_builtin).find(|workflow| workflow.id() == id) {
        return Ok(Arc::clone(builtin));
    }
    let found = store.find_workflow(account, id).await?;
    found.ok_or_else(|| StoreError::Defect(format!("workflow {id} is gone")).into())
}

/// The workflow in which new cases without a type, inquiries or orders of the account begin: the account's own, or the
/// built-in one.
///
/// # Errors
/// A [`StoreError`].
pub async fn load_current_workflow<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    of: EntityType,
) -> Result<Arc<Workflow>, Error> {
    Ok(choose_workflow(store, account, of, Wanted::default()).await?.workflow)
}

/// What a request says about the workflow of a new entity.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// Type of the new case.
    pub case_type: Option<&'a str>,
    /// Key of the workflow.
    pub key: Option<&'a str>,
}

/// The workflow of a new entity.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Its active version. Of an unknown workflow, that of the default one, so that the other fields can be checked.
    pub workflow: Arc<Workflow>,
    /// The account has no workflow with the key.
    pub fault: Option<FieldError>,
}

/// The workflow that a new entity follows.
///
/// # Errors
/// A [`StoreError`].
pub async fn choose_workflow<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    of: EntityType,
    wanted: Wanted<'_>,
) -> Result<Chosen, Error> {
    let choices = store.list_workflow_choices(account, of).await?;
    let chosen = catalog::choose(&choices, of, wanted.case_type.map(str::trim), wanted.key);
    let (id, fault) = match chosen {
        Ok(id) => (id, None),
        Err(fault) => (catalog::choose(&choices, of, None, None).unwrap_or_default(), Some(fault)),
    };
    let workflow = match id {
        Some(id) => load_workflow(store, account, id).await?,
        None => Arc::clone(shared_builtin(of)),
    };
    Ok(Chosen { workflow, fault })
}

/// The active versions of all workflows for a kind of entity by key, the one of unclaimed entities first.
///
/// # Errors
/// A [`StoreError`].
pub async fn load_active_workflows<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    of: EntityType,
) -> Result<Vec<(String, Arc<Workflow>)>, Error> {
    let choices = store.list_workflow_choices(account, of).await?;
    let mut active = Vec::new();
    if catalog::choose(&choices, of, None, None).unwrap_or_default().is_none() {
        active.push((builtin_key(of).to_owned(), Arc::clone(shared_builtin(of))));
    }
    for choice in choices {
        let workflow = load_workflow(store, account, choice.active).await?;
        let is_first = choice.key == builtin_key(of);
        active.insert(if is_first { 0 } else { active.len() }, (choice.key, workflow));
    }
    Ok(active)
}

/// The key of the status with this integer id in any workflow of cases of the account.
///
/// # Errors
/// A [`StoreError`].
pub async fn find_status_by_id<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    id: i64,
) -> Result<Option<StatusKey>, Error> {
    let key = |workflow: &Workflow| workflow.status_by_id(id).map(|status| status.key.clone());
    let active = load_active_workflows(store, account, EntityType::Case).await?;
    if let Some(found) = active.iter().find_map(|(_, workflow)| key(workflow)) {
        return Ok(Some(found));
    }
    Ok(load_versions(store, account, EntityType::Case).await?.iter().find_map(|workflow| key(workflow)))
}

/// Every version of every workflow for a kind of entity, the built-in one included.
async fn load_versions<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    of: EntityType,
) -> Result<Vec<Arc<Workflow>>, Error> {
    let catalog = store.load_catalog(account).await?;
    let own = catalog.workflows.iter().filter(|workflow| workflow.entity_type == of);
    let mut versions = vec![Arc::clone(shared_builtin(of))];
    for version in own.flat_map(|workflow| &workflow.versions) {
        versions.push(load_workflow(store, account, version.id).await?);
    }
    Ok(versions)
}

/// Notes statuses that no workflow of the account has. Entities can still be in a status of a former version, or of the
/// built-in one.
///
/// # Errors
/// A [`StoreError`].
pub async fn check_statuses<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    of: EntityType,
    wanted: &[StatusKey],
    faults: &mut FieldErrors,
) -> Result<(), Error> {
    let is_builtin = |key: &StatusKey| shared_builtin(of).status(key).is_some();
    if wanted.iter().all(is_builtin) {
        return Ok(());
    }
    let active = load_active_workflows(store, account, of).await?;
    let is_active = |key: &StatusKey| active.iter().any(|(_, workflow)| workflow.status(key).is_some());
    if wanted.iter().all(|key| is_builtin(key) || is_active(key)) {
        return Ok(());
    }
    let versions = load_versions(store, account, of).await?;
    let is_known = |key: &StatusKey| versions.iter().any(|workflow| workflow.status(key).is_some());
    if !wanted.iter().all(is_known) {
        faults.add("status", format!("must be among {}", keys(active.iter().map(|(_, workflow)| &**workflow))));
    }
    Ok(())
}

/// Notes a status that no active workflow of cases of the account has.
pub(super) async fn check_status<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    wanted: &StatusKey,
    faults: &mut FieldErrors,
) -> Result<(), Error> {
    let active = load_active_workflows(store, account, EntityType::Case).await?;
    if active.iter().all(|(_, workflow)| workflow.status(wanted).is_none()) {
        faults.add("status", format!("must be one of {}", keys(active.iter().map(|(_, workflow)| &**workflow))));
    }
    Ok(())
}

/// The keys of all statuses, each once, in the order of the workflows.
fn keys<'w>(workflows: impl Iterator<Item = &'w Workflow>) -> String {
    let mut keys: Vec<&str> = Vec::new();
    for key in workflows.flat_map(|workflow| workflow.statuses()).map(|status| status.key.as_str()) {
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys.join(", ")
}
