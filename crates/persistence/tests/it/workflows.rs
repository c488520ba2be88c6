//! The accounts' own workflows.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::sync::Arc;

use chrono::TimeDelta;
use docket_domain::{
    catalog::MigrationState,
    error::{Error, StoreError},
    event::EventData,
    id::AccountId,
    service::{self, InstallRequest, MigrationRequest, load_current_workflow, load_workflow},
    store::{CaseStore as _, MigrationStore as _, WorkflowStore},
    workflow::{EntityType, Workflow, WorkflowDefinition, WorkflowId, builtin},
};

use docket_persistence::Database;
use uuid::Uuid;

use crate::bed::{Bed, named, on_both_databases};

on_both_databases! {
    a_workflow_version_is_read_once_for_all_workers,
    a_workflow_version_is_found_by_its_account_only,
    a_version_that_is_no_longer_current_is_still_found,
    an_account_without_workflows_has_the_built_in_ones,
    a_row_with_the_content_of_another_version_is_a_defect,
    cases_begin_in_the_current_workflow_and_stay_in_their_version,
    installations_at_the_same_time_are_decided_one_after_the_other,
    a_migration_continues_where_it_stopped_and_moves_each_case_once,
}

/// The built-in workflow of cases under another name: another version.
fn renamed(name: &str) -> Workflow {
    let definition = WorkflowDefinition { name: name.to_owned(), ..builtin(EntityType::Case).definition() };
    definition.try_into().unwrap()
}

/// Writes the content of a version under an id.
fn insert(bed: &Bed, account: AccountId, id: WorkflowId, workflow: &Workflow) {
    let id = id.0.simple();
    let id = if bed.is_postgres() { format!("'{id}'") } else { format!("x'{id}'") };
    let json = serde_json::to_string(workflow).unwrap().replace('\'', "''");
    bed.execute(&format!(
        "INSERT INTO workflows (account_id, id, entity_type, definition, is_current, created_at)
         VALUES ({0}, {id}, 'case', '{json}', FALSE, '2026-03-02T09:00:00.000000Z')",
        account.0
    ));
}

fn request(key: &str, workflow: &Workflow) -> InstallRequest {
    let definition = serde_json::to_value(workflow).unwrap();
    InstallRequest { key: key.to_owned(), definition, case_types: None, assertions: None, activate: true }
}

/// Installs and activates a version of the workflow `default`.
async fn install(bed: &Bed, workflow: &Workflow) {
    service::install_workflow(&bed.store, &bed.context(), request("default", workflow)).await.unwrap();
}

fn forget(bed: &Bed) {
    bed.execute("DELETE FROM workflows");
}

async fn a_workflow_version_is_read_once_for_all_workers(bed: &Bed) {
    let own = renamed("Our cases");
    insert(bed, bed.account, own.id(), &own);
    let found = load_workflow(&bed.store, bed.account, own.id()).await.unwrap();
    assert_eq!(*found, own);
    forget(bed);
    let other_worker = bed.connector.worker().unwrap();
    for store in [&bed.store, &other_worker] {
        let again = load_workflow(store, bed.account, own.id()).await.unwrap();
        assert!(Arc::ptr_eq(&found, &again));
    }
}

async fn a_workflow_version_is_found_by_its_account_only(bed: &Bed) {
    let (own, other) = (renamed("Our cases"), bed.new_account("other").await);
    insert(bed, bed.account, own.id(), &own);
    assert!(bed.store.find_workflow(bed.account, own.id()).await.unwrap().is_some());
    assert_eq!(bed.store.find_workflow(other, own.id()).await.unwrap(), None);
    assert_eq!(bed.store.list_workflow_choices(other, EntityType::Case).await.unwrap(), []);
    // What was not found is looked for again.
    insert(bed, other, own.id(), &own);
    assert!(bed.store.find_workflow(other, own.id()).await.unwrap().is_some());
}

async fn a_version_that_is_no_longer_current_is_still_found(bed: &Bed) {
    let current = async || load_current_workflow(&bed.store, bed.account, EntityType::Case).await.unwrap();
    let (first, second) = (renamed("first"), renamed("second"));
    install(bed, &first).await;
    assert_eq!(*current().await, first);
    install(bed, &second).await;
    assert_eq!(*current().await, second);
    assert_eq!(*load_workflow(&bed.store, bed.account, first.id()).await.unwrap(), first);
}

async fn an_account_without_workflows_has_the_built_in_ones(bed: &Bed) {
    for of in EntityType::ALL {
        assert_eq!(*load_current_workflow(&bed.store, bed.account, of).await.unwrap(), *builtin(of));
        assert_eq!(*load_workflow(&bed.store, bed.account, builtin(of).id()).await.unwrap(), *builtin(of));
    }
    // An own workflow of cases leaves the others as they are.
    install(bed, &renamed("Our cases")).await;
    let orders = load_current_workflow(&bed.store, bed.account, EntityType::Order).await.unwrap();
    assert_eq!(*orders, *builtin(EntityType::Order));
}

async fn a_row_with_the_content_of_another_version_is_a_defect(bed: &Bed) {
    let (own, other) = (renamed("Our cases"), renamed("Their cases"));
    insert(bed, bed.account, own.id(), &other);
    let failed = load_workflow(&bed.store, bed.account, own.id()).await.unwrap_err();
    assert!(matches!(failed, Error::Store(StoreError::Defect(_))), "{failed:?}");
}

async fn cases_begin_in_the_current_workflow_and_stay_in_their_version(bed: &Bed) {
    let before = bed.create(named("before")).await;
    let own = renamed("Our cases");
    install(bed, &own).await;
    let after = bed.create(named("after")).await;
    assert_eq!((before.workflow, after.workflow), (builtin(EntityType::Case).id(), own.id()));
    for case in [before, after] {
        let moved = bed.move_to(&case, "in_progress").await;
        assert_eq!(moved.workflow, case.workflow);
        let explained = service::explain_transitions(&bed.store, &bed.context(), case.id.into()).await.unwrap();
        assert!(explained.iter().any(|explained| explained.allowed));
    }
}

async fn installations_at_the_same_time_are_decided_one_after_the_other(bed: &Bed) {
    let types = |key: &str, workflow: &Workflow| InstallRequest {
        case_types: Some(vec!["fraud".to_owned()]),
        ..request(key, workflow)
    };
    let context = bed.context();
    let workflow = renamed("Investigation");
    let names = ["a", "b", "c", "d", "e", "f"];
    let installs = names.map(|key| service::install_workflow(&bed.store, &context, types(key, &workflow)));
    let results = futures_util::future::join_all(installs).await;
    // A type belongs to one workflow.
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "{results:?}");
    let catalog = bed.store.load_catalog(bed.account).await.unwrap();
    assert_eq!((catalog.revision, catalog.workflows.len()), (1, 1));
    let second = service::install_workflow(&bed.store, &context, request("default", &renamed("Ours"))).await.unwrap();
    assert_eq!(second.own.versions.iter().map(|version| version.number).collect::<Vec<_>>(), [1, 2]);
    // The same content again changes nothing.
    let again = service::install_workflow(&bed.store, &context, request("default", &renamed("Ours"))).await.unwrap();
    assert!(!again.is_new);
    assert_eq!(bed.store.load_catalog(bed.account).await.unwrap().revision, 2);
}

async fn a_migration_continues_where_it_stopped_and_moves_each_case_once(bed: &Bed) {
    let mut cases = Vec::new();
    for at in 0..130 {
        cases.push(bed.create(named(&format!("case {at}"))).await);
    }
    let own = renamed("Our cases");
    install(bed, &own).await;
    let request = MigrationRequest { key: "default".to_owned(), ..MigrationRequest::default() };
    let id = Uuid::now_v7();
    let begun = service::begin_migration(&bed.store, &bed.context(), id, request).await.unwrap();
    assert_eq!(begun.planned, 130);
    let now = || bed.context().now;
    let first = service::run_migration(&bed.store, bed.account, id, now).await.unwrap();
    assert_eq!((first.state, first.progress.moved), (MigrationState::Running, 50));
    // The process ends here. Several others continue at once, while a user changes a case that is not moved yet.
    let others = [bed.connector.worker().unwrap(), bed.connector.worker().unwrap(), bed.connector.worker().unwrap()];
    let finish = async |store: &Database| {
        for _ in 0..1_000 {
            match service::run_migration(store, bed.account, id, now).await {
                Ok(done) if done.state == MigrationState::Done => return done,
                Ok(_) | Err(Error::Store(StoreError::Stale)) => {}
                Err(error) => panic!("{error:?}"),
            }
        }
        panic!("not finished")
    };
    let user = async {
        for case in cases.iter().skip(100) {
            bed.move_to(case, "in_progress").await;
        }
    };
    let (done, ..) = futures_util::join!(finish(&others[0]), finish(&others[1]), finish(&others[2]), user);
    assert_eq!((done.progress.moved, done.progress.refused, done.skipped()), (130, 0, 0));
    for case in &cases {
        let now = service::load_case(&bed.store, bed.account, case.id.into()).await.unwrap();
        assert_eq!(now.workflow, own.id());
        let events = bed.store.list_events(bed.account, case.id, 0, 10).await.unwrap();
        let moves = events.iter().filter(|event| matches!(event.data, EventData::WorkflowMigrated(_))).count();
        assert_eq!(moves, 1, "{events:?}");
    }
    assert!(bed.store.list_idle_migrations(bed.account, now() + TimeDelta::days(1)).await.unwrap().is_empty());
    let counted =
        bed.store.count_cases_of_workflows(bed.account, &[own.id(), builtin(EntityType::Case).id()]).await.unwrap();
    assert_eq!(counted.iter().map(|row| (row.workflow, row.cases)).fold(0, |sum, (_, cases)| sum + cases), 130);
    assert!(counted.iter().all(|row| row.workflow == own.id()));
}
