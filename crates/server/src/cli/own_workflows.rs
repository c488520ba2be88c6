//! The account's own workflows.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use docket_domain::{
    actor::{Actor, Context},
    error::{Error, Rejection},
    id::AccountId,
    scope::Scopes,
    service::{self, InstallRequest, MigrationRequest},
    workflow::{StatusKey, StatusMap, WorkflowDiff, WorkflowId},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    output::{ListArgs, print},
    store::{MAIN_ACCOUNT, StoreArgs, load_account},
    workflow_file::read,
};
use crate::{app, migrator, progress::spinner};

#[derive(Debug, Subcommand)]
pub(super) enum OwnCommand {
    /// List the workflows of an account with their versions.
    List {
        #[command(flatten)]
        account: AccountArgs,
        #[command(flatten)]
        list: ListArgs,
    },
    /// Print the definition of a version as JSON.
    Show {
        /// Key of the workflow.
        key: String,
        /// Id of the version; the active one by default.
        #[arg(long)]
        version: Option<WorkflowId>,
        #[command(flatten)]
        account: AccountArgs,
    },
    /// Install a version and activate it.
    Install(InstallArgs),
    /// Make a version the one that new cases begin with.
    Activate {
        /// Key of the workflow.
        key: String,
        /// Id of the version.
        version: WorkflowId,
        #[command(flatten)]
        account: AccountArgs,
    },
    /// Print the difference of two versions as JSON.
    Diff {
        /// Key of the workflow.
        key: String,
        /// Id of a version.
        from: WorkflowId,
        /// Id of the version to compare with.
        to: WorkflowId,
        #[command(flatten)]
        account: AccountArgs,
    },
    /// Move cases to another version, and wait until all are moved.
    Migrate(MigrateArgs),
}

#[derive(Debug, Args)]
pub(super) struct AccountArgs {
    /// Name of the account.
    #[arg(long = "account", env = "DOCKET_ACCOUNT", default_value = MAIN_ACCOUNT)]
    name: String,
}

#[derive(Debug, Args)]
pub(super) struct InstallArgs {
    /// The definition, as JSON; or an object with `definition` and `assertions`.
    file: PathBuf,
    /// Key of the workflow.
    #[arg(long)]
    key: String,
    /// Type of the cases that begin in it; repeatable.
    #[arg(long)]
    case_type: Vec<String>,
    /// Do not activate the version.
    #[arg(long)]
    no_activate: bool,
    #[command(flatten)]
    account: AccountArgs,
}

#[derive(Debug, Args)]
pub(super) struct MigrateArgs {
    /// Key of the workflow.
    key: String,
    /// Id of the version whose cases move; all other versions by default.
    #[arg(long)]
    from: Option<WorkflowId>,
    /// Id of the version that they move to; the active one by default.
    #[arg(long)]
    to: Option<WorkflowId>,
    /// New status of an old status, OLD=NEW; repeatable.
    #[arg(long, value_parser = pair)]
    map: Vec<(StatusKey, StatusKey)>,
    /// Reason, for the timelines of the cases.
    #[arg(long)]
    reason: Option<String>,
    /// Print the plan and change nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    account: AccountArgs,
}

fn pair(text: &str) -> Result<(StatusKey, StatusKey), String> {
    let (old, new) = text.split_once('=').ok_or("expected OLD=NEW")?;
    Ok((StatusKey::new(old), StatusKey::new(new)))
}

fn operator(account: AccountId) -> Context {
    Context::new(account, Actor { id: None, name: "operator".to_owned() }, Scopes::all(), app::now())
}

/// All faults of a refused request, one a line.
fn in_words(error: Error) -> anyhow::Error {
    if let Error::Rejected(Rejection::Invalid(faults)) = error {
        return anyhow::anyhow!(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }
    error.into()
}

pub(super) fn run(command: OwnCommand, store: &StoreArgs) -> anyhow::Result<()> {
    match command {
        OwnCommand::List { account, list } => store.run_existing(async |store| {
            let account = load_account(store, &account.name).await?.id;
            let mut rows = Vec::new();
            for listed in service::list_workflows(store, account, None).await? {
                for version in &listed.own.versions {
                    rows.push([
                        listed.own.key.clone(),
                        listed.own.entity_type.to_string(),
                        listed.own.case_types.join(","),
                        version.number.to_string(),
                        version.id.to_string(),
                        if version.id == listed.own.active { "active" } else { "" }.to_owned(),
                        listed.cases_of(version.id).to_string(),
                    ]);
                }
            }
            list.print(["key", "entity", "case_types", "number", "version", "state", "cases"], &rows)
        }),
        OwnCommand::Show { key, version, account } => store.run_existing(async |store| {
            let account = load_account(store, &account.name).await?.id;
            let listed = service::load_own_workflow(store, account, &key).await?;
            let id = version.unwrap_or(listed.own.active);
            anyhow::ensure!(listed.own.version(id).is_some(), "{key} has no version {id}");
            let workflow = service::load_workflow(store, account, id).await?;
            print(serde_json::to_string_pretty(&*workflow)?)
        }),
        OwnCommand::Install(args) => install(args, store),
        OwnCommand::Activate { key, version, account } => store.run_existing(async |store| {
            let account = load_account(store, &account.name).await?.id;
            let own = service::activate_workflow(store, &operator(account), &key, version).await.map_err(in_words)?;
            print(json!({ "key": own.key, "active_version": own.active }))
        }),
        OwnCommand::Diff { key, from, to, account } => store.run_existing(async |store| {
            let account = load_account(store, &account.name).await?.id;
            let listed = service::load_own_workflow(store, account, &key).await?;
            for id in [from, to] {
                anyhow::ensure!(listed.own.version(id).is_some(), "{key} has no version {id}");
            }
            let old = service::load_workflow(store, account, from).await?;
            let new = service::load_workflow(store, account, to).await?;
            print(serde_json::to_string_pretty(&WorkflowDiff::between(&old, &new))?)
        }),
        OwnCommand::Migrate(args) => migrate(args, store),
    }
}

fn install(args: InstallArgs, store: &StoreArgs) -> anyhow::Result<()> {
    let (definition, assertions) = read(&args.file)?;
    store.run(async |store| {
        let account = load_account(store, &args.account.name).await?.id;
        let request = InstallRequest {
            key: args.key.clone(),
            definition,
            case_types: Some(args.case_type.clone()).filter(|types| !types.is_empty()),
            assertions,
            activate: !args.no_activate,
        };
        let installed = service::install_workflow(store, &operator(account), request).await.map_err(in_words);
        let installed = installed.with_context(|| format!("{} is not installed", args.file.display()))?;
        for warning in &installed.warnings {
            log::warn!("{}: {}; {}", warning.path, warning.message, warning.hint);
        }
        let (id, own) = (installed.version.id(), &installed.own);
        print(json!({
            "key": own.key,
            "version": id,
            "number": own.version(id).map(|version| version.number),
            "new": installed.is_new,
            "active": own.active == id,
        }))
    })
}

fn migrate(args: MigrateArgs, store: &StoreArgs) -> anyhow::Result<()> {
    store.run_existing(async |store| {
        let account = load_account(store, &args.account.name).await?.id;
        let status_map = args.map.iter().cloned().collect::<StatusMap>();
        let request = MigrationRequest { key: args.key, from: args.from, to: args.to, status_map, reason: args.reason };
        if args.dry_run {
            let planned = service::plan_migration(store, account, &request).await.map_err(in_words)?;
            let plans = planned.plans.iter().map(|(from, plan)| json!({ "from": from, "statuses": plan.rows }));
            let plans = plans.collect::<Value>();
            return print(json!({ "to": planned.to, "planned": planned.movable(), "versions": plans }));
        }
        let begun = service::begin_migration(store, &operator(account), Uuid::now_v7(), request).await;
        let begun = begun.map_err(in_words)?;
        let shown = spinner("moving cases");
        let done = migrator::run_to_end(store, account, begun.id, |migration| {
            shown.set_message(format!("{} of {} cases moved", migration.progress.moved, migration.planned));
        })
        .await?;
        let (_, refused) = service::load_migration(store, account, &done.key, done.id).await?;
        for refusal in &refused {
            log::warn!("case {}: {}: {}", refusal.case.0, refusal.status, refusal.obstacle.in_words());
        }
        print(json!({
            "id": done.id,
            "state": done.state.as_str(),
            "planned": done.planned,
            "moved": done.progress.moved,
            "skipped": done.skipped(),
            "refused": done.progress.refused,
        }))
    })
}
