//! `docket workflow`

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use docket_domain::workflow::{EntityType, WorkflowReport, builtin};

use super::{
    output::print,
    own_workflows::{self, OwnCommand},
    store::StoreArgs,
    workflow_file::{load, read},
    workflow_log::{self, LogCommand},
};

#[derive(Debug, Subcommand)]
pub(super) enum WorkflowCommand {
    /// Check a workflow and report all faults and warnings; without a file, the built-in one.
    Check {
        /// The definition, as JSON; or an object with `definition` and `assertions`.
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
    #[command(flatten)]
    Own(OwnCommand),
    #[command(flatten)]
    Log(LogCommand),
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

pub(super) fn run(command: WorkflowCommand, store: &StoreArgs) -> anyhow::Result<()> {
    match command {
        WorkflowCommand::Check { file } => check(file),
        WorkflowCommand::Diagram { file, format } => {
            let workflow = load(file)?;
            let drawing = match format {
                Format::Mermaid => workflow.to_mermaid(),
                Format::Dot => workflow.to_dot(),
                Format::Svg => workflow.to_svg(),
            };
            print(drawing.trim_end())
        }
        WorkflowCommand::Own(command) => own_workflows::run(command, store),
        WorkflowCommand::Log(command) => workflow_log::run(command, store),
    }
}

fn check(file: Option<PathBuf>) -> anyhow::Result<()> {
    let (definition, assertions, name) = match &file {
        None => (serde_json::to_value(builtin(EntityType::Case))?, Vec::new(), "the built-in workflow".to_owned()),
        Some(file) => {
            let (definition, assertions) = read(file)?;
            (definition, assertions.unwrap_or_default(), file.display().to_string())
        }
    };
    let report = WorkflowReport::of(&definition, &assertions);
    for warning in &report.warnings {
        log::warn!("{}: {}; {}", warning.path, warning.message, warning.hint);
    }
    match report.workflow.filter(|_| report.faults.is_empty()) {
        Some(workflow) => {
            let (statuses, transitions) = (workflow.statuses().len(), workflow.transitions().len());
            print(format_args!(
                "{} is valid: {statuses} statuses, {transitions} transitions, version {}",
                workflow.name(),
                workflow.id()
            ))
        }
        None => {
            let faults = report.faults.iter().map(|fault| format!("{}: {}; {}", fault.path, fault.message, fault.hint));
            anyhow::bail!("{name} is not a valid workflow: {}", faults.collect::<Vec<_>>().join("\n"))
        }
    }
}
