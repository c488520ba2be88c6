//! How a log is to be read: which column is what, and which of its statuses is which of ours.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use docket_domain::{
    import::LogMap,
    workflow::{StatusKey, Workflow},
};
use serde::Deserialize;

/// A map, as its TOML file has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// The name of the log.
    source: String,
    /// Statuses that are known to have no counterpart.
    #[serde(default)]
    skip: BTreeSet<String>,
    /// The columns by the names of the first line.
    columns: Columns,
    /// Our statuses by the log's.
    statuses: BTreeMap<String, StatusKey>,
}

/// The columns of a log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    /// The case by its id in the log.
    pub case: String,
    /// The status after the event.
    pub status: String,
    /// Who did it.
    pub actor: String,
    /// When, in RFC 3339.
    pub occurred_at: String,
}

impl Map {
    /// Reads a map and checks it against the workflow.
    ///
    /// # Errors
    /// Every fault in it.
    pub fn read(toml: &str, workflow: &Workflow) -> anyhow::Result<(LogMap, Columns)> {
        let Self { source, skip, columns, statuses } = toml::from_str(toml).context("the map is not as expected")?;
        let map = LogMap { source, statuses, skip };
        map.check(workflow).map_err(|faults| {
            let faults = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            anyhow::anyhow!("the map is not as expected: {faults}")
        })?;
        Ok((map, columns))
    }
}
