//! `docket workflow`

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use docket_domain::workflow::{EntityType, Workflow, builtin};

use super::output::print;

#[derive(Debug, Subcommand)]
pub(super) enum WorkflowCommand {
    /// Check a workflow and report all faults; without a file, the built-in one.
    Check {
        /// The definition, as JSON.
        file: Option<PathBuf>,
    },
    /// Print a workflow as a diagram; without a file, the built-in one.
    Diagram {
        /// The definition, as JSON.
        file: Option<PathBuf>,
        /// Language of the diagram.
        #[arg(long, value_enum, default_value_t = Format::Mermaid)]
        format: Format,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// A Mermaid state diagram.
    Mermaid,
    /// A Graphviz graph.
    Dot,
    /// An image for pages.
    Svg,
}

pub(super) fn run(command: WorkflowCommand) -> anyhow::Result<()> {
    match command {
        WorkflowCommand::Check { file } => {
            let workflow = load(file)?;
            let (statuses, transitions) = (workflow.statuses().len(), workflow.transitions().len());
            print(format_args!(
                "{} is valid: {statuses} statuses, {transitions} transitions, version {}",
                workflow.name(),
                workflow.id()
            ))
        }
        WorkflowCommand::Diagram { file, format } => {
            let workflow = load(file)?;
            let drawing = match format {
                Format::Mermaid => workflow.to_mermaid(),
                Format::Dot => workflow.to_dot(),
                Format::Svg => workflow.to_svg(),
            };
            print(drawing.trim_end())
        }
    }
}

fn load(file: Option<PathBuf>) -> anyhow::Result<Workflow> {
    let Some(file) = file else { return Ok(builtin(EntityType::Case).clone()) };
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    Workflow::from_json(&text).with_context(|| format!("{} is not a valid workflow", file.display()))
}
