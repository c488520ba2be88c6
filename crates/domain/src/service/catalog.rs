//! The workflows of an account: checking, installing, activating, removing.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use crate::{
    actor::Context,
    catalog::{Catalog, CatalogChange, Install, Installed, Neighbour, OwnWorkflow},
    error::{Error, FieldError, FieldErrors, Rejection, StoreError},
    filter::CaseFilter,
    id::{AccountId, Entity},
    page::CaseKeyset,
    service::load_workflow,
    store::{CaseColumns, Store, WorkflowStore},
    workflow::{
        Answer, Assertion, EntityType, Finding, StatusKey, Workflow, WorkflowId, WorkflowReport, free_fields_of_guards,
        unset_field_warning,
    },
};

/// Number of attempts to change a catalog that others change at the same time.
const ATTEMPTS: usize = 16;
/// Number of the newest cases in which a free field is looked for.
const SEARCHED_CASES: i64 = 1_000;
/// Greatest number of findings in a refusal.
const FINDINGS_MAX: usize = 1_000;
/// Number of cases that are read at once.
const BATCH: i64 = 100;

/// A workflow with the numbers of its cases.
#[derive(Debug, Clone)]
pub struct ListedWorkflow {
    /// The workflow.
    pub own: OwnWorkflow,
    /// The content of its active version.
    pub active: Arc<Workflow>,
    /// Number of cases by version and status. Always empty for inquiries and orders.
    pub cases: BTreeMap<WorkflowId, BTreeMap<StatusKey, u64>>,
}

impl ListedWorkflow {
    /// Number of cases that follow a version.
    #[must_use]
    pub fn cases_of(&self, version: WorkflowId) -> u64 {
        self.cases.get(&version).map_or(0, |by_status| by_status.values().sum())
    }
}

/// The workflows of the account, the built-in ones included, sorted by kind of entity and key.
///
/// # Errors
/// A [`StoreError`].
pub async fn list_workflows<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    of: Option<EntityType>,
) -> Result<Vec<ListedWorkflow>, Error> {
    let catalog = store.load_catalog(account).await?;
    let wanted = catalog.all().into_iter().filter(|own| of.is_none_or(|of| own.entity_type == of));
    with_cases(store, account, wanted.collect()).await
}

/// A workflow of the account by its key.
///
/// # Errors
/// Not found, or a [`StoreError`].
pub async fn load_own_workflow<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    key: &str,
) -> Result<ListedWorkflow, Error> {
    let own = store.load_catalog(account).await?.find(key).ok_or(Error::not_found(Entity::Workflow))?;
    with_cases(store, account, vec![own]).await?.pop().ok_or(Error::not_found(Entity::Workflow))
}

async fn with_cases<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    workflows: Vec<OwnWorkflow>,
) -> Result<Vec<ListedWorkflow>, Error> {
    let of_cases = workflows.iter().filter(|own| own.entity_type == EntityType::Case);
    let ids = of_cases.flat_map(|own| own.versions.iter().map(|version| version.id)).collect::<Vec<_>>();
    let counted = if ids.is_empty() { Vec::new() } else { store.count_cases_of_workflows(account, &ids).await? };
    let mut listed = Vec::new();
    for own in workflows {
        let active = load_workflow(store, account, own.active).await?;
        let mut cases: BTreeMap<WorkflowId, BTreeMap<StatusKey, u64>> = BTreeMap::new();
        for row in counted.iter().filter(|row| own.version(row.workflow).is_some()) {
            cases.entry(row.workflow).or_default().insert(row.status.clone(), row.cases);
        }
        listed.push(ListedWorkflow { own, active, cases });
    }
    Ok(listed)
}

/// Checks a definition and answers assertions about it. Warns of free fields that the account's newest cases do not have.
///
/// # Errors
/// A [`StoreError`].
pub async fn check_workflow<S: Store>(
    store: &S,
    account: AccountId,
    definition: &Value,
    assertions: &[Assertion],
) -> Result<WorkflowReport, Error> {
    let mut report = WorkflowReport::of(definition, assertions);
    if let Some(definition) = report.definition.as_ref().filter(|read| read.entity_type == EntityType::Case) {
        let named = free_fields_of_guards(definition);
        report.warnings.extend(find_unset_fields(store, account, named).await?);
    }
    Ok(report)
}

async fn find_unset_fields<S: Store>(
    store: &S,
    account: AccountId,
    mut named: Vec<(String, String)>,
) -> Result<Vec<Finding>, Error> {
    let (mut from, mut read) = (CaseKeyset::NEWEST_FIRST, 0);
    while !named.is_empty() && read < SEARCHED_CASES {
        let page = store.list_cases(account, CaseColumns::All, &CaseFilter::default(), from, BATCH).await?;
        let has =
            |path: &str| page.rows.iter().any(|case| case.details.field(&format!("custom_fields.{path}")).is_some());
        named.retain(|(field, _)| !has(field));
        read += BATCH;
        match page.rows.last().filter(|_| page.has_more) {
            Some(last) => from = from.behind(last),
            None => break,
        }
    }
    Ok(named.into_iter().map(|(field, path)| unset_field_warning(&field, path)).collect())
}

/// A request to install a version of a workflow.
#[derive(Debug, Clone)]
pub struct InstallRequest {
    /// Key of the workflow.
    pub key: String,
    /// The definition in JSON.
    pub definition: Value,
    /// Types of the cases that begin in it. `None` keeps what the workflow has.
    pub case_types: Option<Vec<String>>,
    /// Assertions that later versions must keep. `None` keeps what the workflow has.
    pub assertions: Option<Vec<Assertion>>,
    /// Whether new entities begin with it from now on.
    pub activate: bool,
}

/// What an installation did.
#[derive(Debug, Clone)]
pub struct InstallResult {
    /// The workflow after it.
    pub own: OwnWorkflow,
    /// The version.
    pub version: Arc<Workflow>,
    /// Whether the version is new.
    pub is_new: bool,
    /// The warnings about the definition.
    pub warnings: Vec<Finding>,
    /// The answers to its assertions.
    pub answers: Vec<Answer>,
}

/// Installs a version of a workflow, and activates it if the request says so.
///
/// # Errors
/// [`Rejection::Invalid`] with every fault of the definition, of its assertions and of the rest of the request; or a
/// [`StoreError`].
pub async fn install_workflow<S: Store>(
    store: &S,
    context: &Context,
    request: InstallRequest,
) -> Result<InstallResult, Error> {
    for _ in 0..ATTEMPTS {
        match try_install(store, context, &request).await {
            Err(Error::Store(StoreError::Stale)) => {}
            other => return other,
        }
    }
    Err(StoreError::Stale.into())
}

async fn try_install<S: Store>(store: &S, context: &Context, request: &InstallRequest) -> Result<InstallResult, Error> {
    let account = context.account;
    let catalog = store.load_catalog(account).await?;
    let kept = catalog.find(&request.key).map(|own| own.assertions).unwrap_or_default();
    let assertions = request.assertions.as_ref().unwrap_or(&kept);
    let report = check_workflow(store, account, &request.definition, assertions).await?;
    let WorkflowReport { workflow: Some(workflow), faults, warnings, answers, .. } = report else {
        return Err(invalid(FieldErrors::default(), &report.faults));
    };
    let neighbours = load_neighbours(store, account, &catalog, &request.key, workflow.entity_type()).await?;
    let neighbours = neighbours.iter().map(|(key, workflow)| Neighbour { key, workflow }).collect::<Vec<_>>();
    let install = Install {
        key: &request.key,
        workflow: &workflow,
        case_types: request.case_types.clone(),
        assertions: request.assertions.clone(),
        activate: request.activate,
    };
    let decided = catalog.install(install, &neighbours, &context.actor, context.now);
    let (fields, mut findings) = decided.as_ref().err().cloned().unwrap_or_default();
    findings.extend(faults);
    let (Ok(Installed { workflow: own, version: _, is_new }), true) = (decided, findings.is_empty()) else {
        return Err(invalid(fields, &findings));
    };
    let version = Arc::new(workflow);
    if catalog.find(&request.key).as_ref() != Some(&own) {
        let change = CatalogChange::Put { workflow: own.clone(), content: Some(Arc::clone(&version)) };
        let events = change.events(&catalog, context);
        store.change_catalog(account, catalog.revision, change, events, context.now).await?;
    }
    Ok(InstallResult { own, version, is_new, warnings, answers })
}

/// The active versions of the account's other workflows for a kind of entity.
async fn load_neighbours<S: WorkflowStore>(
    store: &S,
    account: AccountId,
    catalog: &Catalog,
    key: &str,
    of: EntityType,
) -> Result<Vec<(String, Arc<Workflow>)>, Error> {
    let mut neighbours = Vec::new();
    for own in catalog.all().into_iter().filter(|own| own.key != key && own.entity_type == of) {
        let workflow = load_workflow(store, account, own.active).await?;
        neighbours.push((own.key, workflow));
    }
    Ok(neighbours)
}

/// The faults of a request, those of the definition by their place in it.
fn invalid(mut fields: FieldErrors, findings: &[Finding]) -> Error {
    fields.extend(findings.iter().take(FINDINGS_MAX).map(|finding| {
        let is_assertion = finding.path.starts_with("/assertions/");
        let name = if is_assertion {
            finding.path.trim_start_matches('/').to_owned()
        } else {
            format!("definition{}", finding.path)
        };
        FieldError::new(name, format!("{}; {}", finding.message, finding.hint))
    }));
    fields.finish().err().unwrap_or_default().into()
}

/// Makes a version the one that new entities begin with.
///
/// # Errors
/// Not found; a version that the workflow does not have, on the field `version`; faults of its status ids; or a
/// [`StoreError`].
pub async fn activate_workflow<S: Store>(
    store: &S,
    context: &Context,
    key: &str,
    version: WorkflowId,
) -> Result<OwnWorkflow, Error> {
    for _ in 0..ATTEMPTS {
        let attempt = async {
            let catalog = store.load_catalog(context.account).await?;
            let mut own = catalog.find(key).ok_or(Error::not_found(Entity::Workflow))?;
            if own.version(version).is_none() {
                return Err(Error::invalid("version", "must be the id of a version of this workflow"));
            }
            if own.active == version {
                return Ok(own);
            }
            let workflow = load_workflow(store, context.account, version).await?;
            let of = own.entity_type;
            let neighbours = load_neighbours(store, context.account, &catalog, key, of).await?;
            let neighbours = neighbours.iter().map(|(key, workflow)| Neighbour { key, workflow }).collect::<Vec<_>>();
            let install = Install { key, workflow: &workflow, case_types: None, assertions: None, activate: true };
            if let Err((fields, findings)) = catalog.install(install, &neighbours, &context.actor, context.now) {
                return Err(invalid(fields, &findings));
            }
            own.active = version;
            let change = CatalogChange::Put { workflow: own.clone(), content: None };
            let events = change.events(&catalog, context);
            store.change_catalog(context.account, catalog.revision, change, events, context.now).await?;
            Ok(own)
        };
        match attempt.await {
            Err(Error::Store(StoreError::Stale)) => {}
            other => return other,
        }
    }
    Err(StoreError::Stale.into())
}

/// Removes a workflow.
///
/// # Errors
/// Not found; [`Rejection::WorkflowInUse`] for a built-in workflow, and while a case follows one of its versions; or a
/// [`StoreError`].
pub async fn remove_workflow<S: Store>(store: &S, context: &Context, key: &str) -> Result<(), Error> {
    let account = context.account;
    let catalog = store.load_catalog(account).await?;
    let own = catalog.find(key).ok_or(Error::not_found(Entity::Workflow))?;
    let is_own = catalog.workflows.iter().any(|workflow| workflow.key == key);
    if key == crate::catalog::DEFAULT_KEY || !is_own {
        return Err(Rejection::WorkflowInUse { why: "this workflow is always needed" }.into());
    }
    let ids = own.versions.iter().map(|version| version.id).collect::<Vec<_>>();
    let shared = |id: &WorkflowId| catalog.all().iter().any(|other| other.key != key && other.version(*id).is_some());
    let only_here = ids.into_iter().filter(|id| !shared(id)).collect::<Vec<_>>();
    let cases = store.count_cases_of_workflows(account, &only_here).await?;
    if cases.iter().any(|row| row.cases > 0) {
        return Err(
            Rejection::WorkflowInUse { why: "a case follows one of its versions; migrate the cases first" }.into()
        );
    }
    let change = CatalogChange::Remove { key: key.to_owned() };
    let events = change.events(&catalog, context);
    Ok(store.change_catalog(account, catalog.revision, change, events, context.now).await?)
}
