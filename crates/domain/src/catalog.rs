//! The workflows of an account: their keys and versions, and the version that new entities begin with.
//!
//! A change of the catalog is decided on the whole catalog and committed against its revision. So two changes at the same
//! time cannot contradict each other.

mod install;
mod migration;

use std::sync::Arc;

use crate::{
    actor::Actor,
    error::FieldError,
    time::Timestamp,
    workflow::{Assertion, EntityType, Workflow, WorkflowId, builtin},
};

pub use self::{
    install::{Install, Installed, Neighbour},
    migration::{Migration, MigrationProgress, MigrationRefusal, MigrationState},
};

/// Greatest number of workflows of an account.
pub const WORKFLOWS_MAX: usize = 100;
/// Greatest number of versions of a workflow.
pub const VERSIONS_MAX: usize = 1_000;
/// Greatest number of case types of a workflow.
pub const CASE_TYPES_MAX: usize = 1_000;

/// The key of the workflow of cases that no other workflow claims.
pub const DEFAULT_KEY: &str = "default";

/// The workflows of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalog {
    /// Number of changes so far. A change is committed only if the catalog still has this revision.
    pub revision: i64,
    /// The workflows, sorted by entity type and key.
    pub workflows: Vec<OwnWorkflow>,
}

/// A workflow of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWorkflow {
    /// Stable key.
    pub key: String,
    /// Kind of entity that follows it.
    pub entity_type: EntityType,
    /// Types of the cases that begin in it; empty for a workflow that a request must name, and for `default`.
    pub case_types: Vec<String>,
    /// Assertions that every version must keep.
    pub assertions: Vec<Assertion>,
    /// The version that new entities begin with.
    pub active: WorkflowId,
    /// Every version, oldest first.
    pub versions: Vec<Version>,
}

/// A version of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its id, a hash of the content.
    pub id: WorkflowId,
    /// Number from 1 in the order of installation.
    pub number: i64,
    /// When it was installed; `None` if it is built in.
    pub created_at: Option<Timestamp>,
    /// Who installed it; `None` if it is built in.
    pub created_by: Option<Actor>,
}

/// A change of a catalog.
#[derive(Debug, Clone)]
pub enum CatalogChange {
    /// Adds or changes a workflow.
    Put {
        /// The workflow after the change.
        workflow: OwnWorkflow,
        /// The content of its new version.
        content: Option<Arc<Workflow>>,
    },
    /// Removes a workflow with its versions. Cases of the past keep their version.
    Remove {
        /// Key of the workflow.
        key: String,
    },
}

/// What decides which workflow a new entity follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Key of the workflow.
    pub key: String,
    /// Types of the cases that begin in it.
    pub case_types: Vec<String>,
    /// The version that they begin with.
    pub active: WorkflowId,
}

/// The key of the built-in workflow of a kind of entity.
#[must_use]
pub const fn builtin_key(of: EntityType) -> &'static str {
    match of {
        EntityType::Case => DEFAULT_KEY,
        EntityType::Inquiry => "inquiry",
        EntityType::Order => "order",
    }
}

/// The version in which a new entity begins: of the named workflow; else of the workflow that claims the type; else of the
/// account's own workflow for this kind of entity. `None`: the built-in one.
///
/// # Errors
/// On the field `workflow`, if the account has no workflow with the key.
pub fn choose(
    choices: &[Choice],
    of: EntityType,
    case_type: Option<&str>,
    key: Option<&str>,
) -> Result<Option<WorkflowId>, FieldError> {
    let with_key = |key: &str| choices.iter().find(|choice| choice.key == key);
    if let Some(key) = key {
        return match with_key(key) {
            Some(choice) => Ok(Some(choice.active)),
            None if key == builtin_key(of) => Ok(None),
            None => Err(FieldError::new("workflow", unknown_key(choices, of))),
        };
    }
    let claims = |choice: &&Choice| case_type.is_some_and(|wanted| choice.case_types.iter().any(|own| own == wanted));
    let claimed = choices.iter().find(claims).or_else(|| with_key(builtin_key(of)));
    // Requests name no workflow of inquiries and orders, and an account has at most one.
    let only = || choices.first().filter(|_| of != EntityType::Case);
    Ok(claimed.or_else(only).map(|choice| choice.active))
}

fn unknown_key(choices: &[Choice], of: EntityType) -> String {
    let mut known = choices.iter().map(|choice| choice.key.as_str()).collect::<Vec<_>>();
    if !known.contains(&builtin_key(of)) {
        known.push(builtin_key(of));
    }
    known.sort_unstable();
    format!("unknown workflow, expected one of {}", known.join(", "))
}

impl Catalog {
    /// The workflow with this key. A built-in workflow that the account has not replaced has its key too.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<OwnWorkflow> {
        let own = self.workflows.iter().find(|workflow| workflow.key == key).cloned();
        own.or_else(|| self.builtins().find(|workflow| workflow.key == key))
    }

    /// Every workflow, also the built-in ones that the account has not replaced.
    #[must_use]
    pub fn all(&self) -> Vec<OwnWorkflow> {
        let mut all = self.workflows.iter().cloned().chain(self.builtins()).collect::<Vec<_>>();
        all.sort_by(|a, b| (a.entity_type, &a.key).cmp(&(b.entity_type, &b.key)));
        all
    }

    fn builtins(&self) -> impl Iterator<Item = OwnWorkflow> {
        let is_replaced = |of: EntityType| {
            let replaces = |workflow: &OwnWorkflow| {
                workflow.key == builtin_key(of) || (workflow.entity_type == of && of != EntityType::Case)
            };
            self.workflows.iter().any(replaces)
        };
        EntityType::ALL.into_iter().filter(move |of| !is_replaced(*of)).map(OwnWorkflow::builtin)
    }
}

impl OwnWorkflow {
    fn builtin(of: EntityType) -> Self {
        let id = builtin(of).id();
        Self {
            key: builtin_key(of).to_owned(),
            entity_type: of,
            case_types: Vec::new(),
            assertions: Vec::new(),
            active: id,
            versions: vec![Version { id, number: 1, created_at: None, created_by: None }],
        }
    }

    /// The version with this id.
    #[must_use]
    pub fn version(&self, id: WorkflowId) -> Option<&Version> {
        self.versions.iter().find(|version| version.id == id)
    }
}
