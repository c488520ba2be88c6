//! Decisions on the catalog: installing a version and activating one.

use super::{CASE_TYPES_MAX, Catalog, DEFAULT_KEY, OwnWorkflow, VERSIONS_MAX, Version, WORKFLOWS_MAX};
use crate::{
    actor::Actor,
    error::FieldErrors,
    text,
    time::Timestamp,
    workflow::{Assertion, EntityType, Finding, Workflow, WorkflowId},
};

/// Greatest length of a key, in bytes.
const LONGEST_KEY: usize = 64;

/// A request to install a version.
#[derive(Debug, Clone)]
pub struct Install<'a> {
    /// Key of the workflow.
    pub key: &'a str,
    /// The version.
    pub workflow: &'a Workflow,
    /// Types of the cases that begin in it. `None` keeps what the workflow has.
    pub case_types: Option<Vec<String>>,
    /// Assertions that later versions must keep. `None` keeps what the workflow has.
    pub assertions: Option<Vec<Assertion>>,
    /// Whether new entities begin with it from now on.
    pub activate: bool,
}

/// The active version of another workflow of the account.
#[derive(Debug, Clone, Copy)]
pub struct Neighbour<'a> {
    /// Its key.
    pub key: &'a str,
    /// Its active version.
    pub workflow: &'a Workflow,
}

/// What an installation changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The workflow after it.
    pub workflow: OwnWorkflow,
    /// Id of the version.
    pub version: WorkflowId,
    /// Whether the version is new.
    pub is_new: bool,
}

impl Catalog {
    /// Decides on an installation. `neighbours` are the active versions of the account's other workflows.
    ///
    /// # Errors
    /// Every fault of the key and the case types, and the findings about statuses that contradict another workflow.
    pub fn install(
        &self,
        install: Install<'_>,
        neighbours: &[Neighbour<'_>],
        by: &Actor,
        now: Timestamp,
    ) -> Result<Installed, (FieldErrors, Vec<Finding>)> {
        let mut faults = FieldErrors::default();
        let entity_type = install.workflow.entity_type();
        let present = self.find(install.key);
        check_key(install.key, &mut faults);
        match &present {
            Some(present) if present.entity_type != entity_type => {
                faults.add(
                    "definition.entity_type",
                    format!("must be {}: a workflow keeps its entity type", present.entity_type),
                );
            }
            Some(present)
                if present.versions.len() >= VERSIONS_MAX && present.version(install.workflow.id()).is_none() =>
            {
                faults.add("key", format!("has {VERSIONS_MAX} versions, and no workflow can have more"));
            }
            None if self.workflows.len() >= WORKFLOWS_MAX => {
                faults
                    .add("key", format!("is new, but the account has {WORKFLOWS_MAX} workflows and can have no more"));
            }
            None if entity_type != EntityType::Case => {
                if let Some(own) = self.workflows.iter().find(|own| own.entity_type == entity_type) {
                    let key = &own.key;
                    faults.add(
                        "key",
                        format!("must be {key}: an account has one workflow of each of inquiries and orders"),
                    );
                }
            }
            Some(_) | None => {}
        }
        let case_types =
            install.case_types.map(|types| self.check_case_types(install.key, entity_type, types, &mut faults));
        let conflicts = conflicts(install.workflow, neighbours);
        if !faults.is_empty() || !conflicts.is_empty() {
            return Err((faults, conflicts));
        }
        let mut workflow = present.unwrap_or_else(|| OwnWorkflow {
            key: install.key.to_owned(),
            entity_type,
            case_types: Vec::new(),
            assertions: Vec::new(),
            active: install.workflow.id(),
            versions: Vec::new(),
        });
        let version = install.workflow.id();
        let is_new = workflow.version(version).is_none();
        if is_new {
            let number = workflow.versions.last().map_or(1, |last| last.number + 1);
            workflow.versions.push(Version {
                id: version,
                number,
                created_at: Some(now),
                created_by: Some(by.clone()),
            });
        }
        if install.activate {
            workflow.active = version;
        }
        workflow.case_types = case_types.unwrap_or(workflow.case_types);
        workflow.assertions = install.assertions.unwrap_or(workflow.assertions);
        Ok(Installed { workflow, version, is_new })
    }

    /// The case types without duplicates, trimmed.
    fn check_case_types(
        &self,
        key: &str,
        entity_type: EntityType,
        types: Vec<String>,
        faults: &mut FieldErrors,
    ) -> Vec<String> {
        if types.is_empty() {
            return types;
        }
        if entity_type != EntityType::Case || key == DEFAULT_KEY {
            faults.add(
                "case_types",
                "must be empty: only cases have a type, and default takes every type that is not claimed",
            );
        }
        if types.len() > CASE_TYPES_MAX {
            faults.add("case_types", format!("must have at most {CASE_TYPES_MAX} types"));
            return Vec::new();
        }
        let mut own: Vec<String> = Vec::new();
        for (at, case_type) in types.into_iter().enumerate() {
            let case_type = case_type.trim().to_owned();
            let field = format!("case_types[{at}]");
            if faults.keep(text::check_line(&field, &case_type, text::SHORT_MAX)).is_none() {
                continue;
            }
            let claims = |workflow: &&OwnWorkflow| workflow.key != key && workflow.case_types.contains(&case_type);
            if let Some(other) = self.workflows.iter().find(claims) {
                faults.add(field, format!("is a type of the workflow {}; a type belongs to one workflow", other.key));
            } else if !own.contains(&case_type) {
                own.push(case_type);
            }
        }
        own
    }
}

fn check_key(key: &str, faults: &mut FieldErrors) {
    let is_key = key.len() <= LONGEST_KEY
        && key.starts_with(|first: char| first.is_ascii_lowercase())
        && key.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'));
    if !is_key {
        faults.add("key", "must be a lower-case word (a-z, 0-9, _, -; at most 64)");
    }
}

/// Within an account, an integer id means one key and label in all workflows of a kind of entity: clients of the Trackops
/// dialect know a status only by it.
fn conflicts(workflow: &Workflow, neighbours: &[Neighbour<'_>]) -> Vec<Finding> {
    let others = neighbours.iter().filter(|other| other.workflow.entity_type() == workflow.entity_type());
    let mut found = Vec::new();
    for other in others {
        for (at, status) in workflow.statuses().iter().enumerate() {
            let Some(same) = other.workflow.status_by_id(status.id) else { continue };
            if (&same.key, &same.label) != (&status.key, &status.label) {
                found.push(Finding {
                    code: "status_id_taken",
                    path: format!("/statuses/{at}/id"),
                    message: format!(
                        "status {}: id {} is that of the status {} ({}) of the workflow {}",
                        status.key, status.id, same.key, same.label, other.key
                    ),
                    hint: "use another id, or the same key and label".to_owned(),
                });
            }
        }
    }
    found
}
