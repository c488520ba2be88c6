//! Workflow files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use docket_domain::workflow::{Assertion, EntityType, Workflow, builtin};
use serde_json::Value;

/// The definition in a file, and its assertions if it names some.
pub(super) fn read(file: &Path) -> anyhow::Result<(Value, Option<Vec<Assertion>>)> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut json =
        serde_json::from_str::<Value>(&text).with_context(|| format!("{} is not a valid workflow", file.display()))?;
    let assertions = json.as_object_mut().and_then(|members| members.shift_remove("assertions"));
    let assertions = assertions.map(serde_json::from_value).transpose();
    let assertions = assertions.with_context(|| format!("the assertions in {} are invalid", file.display()))?;
    let definition = json.get_mut("definition").map(Value::take);
    Ok((definition.unwrap_or(json), assertions))
}

/// The workflow in a file; without one, the built-in workflow of cases.
pub(super) fn load(file: Option<PathBuf>) -> anyhow::Result<Workflow> {
    let Some(file) = file else { return Ok(builtin(EntityType::Case).clone()) };
    let (definition, _) = read(&file)?;
    Workflow::from_value(&definition).with_context(|| format!("{} is not a valid workflow", file.display()))
}
