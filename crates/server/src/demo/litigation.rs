//! A second workflow of the demonstration, with four eyes, and some cases in it.

use docket_domain::{
    actor::Context,
    case::{Case, Details, Edit},
    command::{Command, NewCase, TransitionRequest},
    service::{self, ChangeOptions, InstallRequest},
    store::WorkflowStore as _,
    workflow::Assertion,
};
use docket_persistence::Database;
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

const KEY: &str = "litigation";
/// Type of its cases. Other cases of the demonstration have the type `litigation` and follow the default workflow.
const CASE_TYPE: &str = "lawsuit";
const WORKFLOW: &str = include_str!("../../demo/litigation.json");
/// The cases, and whether they are accepted.
const CASES: [(&str, bool); 3] =
    [("Meyer v. Kolb Logistics", false), ("Harbour Freight v. Lindqvist", true), ("Estate of Okafor", true)];

/// A case that was opened twice: the part, and a note on it. It is merged into the last of the cases.
const OPENED_TWICE: (&str, &str) =
    ("Okafor inheritance", "The same estate as Estate of Okafor: the heirs asked at two offices.");

/// A definition with its assertions.
#[derive(Debug, Deserialize)]
struct WorkflowFile {
    definition: Value,
    assertions: Vec<Assertion>,
}

/// Adds the workflow and its cases, unless the account has the workflow.
pub(super) async fn add(store: &Database, context: &Context) -> anyhow::Result<()> {
    if store.load_catalog(context.account).await?.find(KEY).is_some() {
        return Ok(());
    }
    let WorkflowFile { definition, assertions } = serde_json::from_str(WORKFLOW)?;
    let request = InstallRequest {
        key: KEY.to_owned(),
        definition,
        case_types: Some(vec![CASE_TYPE.to_owned()]),
        assertions: Some(assertions),
        activate: true,
    };
    service::install_workflow(store, context, request).await?;
    let mut last = None;
    for (name, is_accepted) in CASES {
        let case = open(store, context, name).await?;
        if is_accepted {
            let accept = Command::Transition(TransitionRequest::named("accept", None));
            service::change_case(store, context, case.id.into(), accept, ChangeOptions::default()).await?;
        }
        last = Some(case);
    }
    if let Some(into) = last {
        let (name, note) = OPENED_TWICE;
        let twice = open(store, context, name).await?;
        service::add_note(store, context, twice.id.into(), note.to_owned()).await?;
        let cases = [twice.id.into()];
        service::merge_cases(store, context, into.id.into(), &cases, "opened twice", Uuid::now_v7()).await?;
    }
    Ok(())
}

async fn open(store: &Database, context: &Context, name: &str) -> anyhow::Result<Case> {
    let mut details = Details::opened_on(context.now.date_naive());
    for edit in [
        Edit::Name(Some(name.to_owned())),
        Edit::CaseType(Some(CASE_TYPE.to_owned())),
        Edit::Dezernat(Some("Litigation".to_owned())),
    ] {
        edit.apply(&mut details);
    }
    Ok(service::create_case(store, context, NewCase::new(Uuid::now_v7(), details)).await?)
}
