//! Creating, finding and changing cases; the version guard; the log.
#![expect(clippy::unwrap_used, reason = "tests")]

use docket_domain::{
    case::{Case, Edit, Priority},
    command::Command,
    decide,
    error::StoreError,
    event::{CaseEvent, LogEntry, LogHash},
    filter::CaseFilter,
    id::{CaseId, CaseRef},
    page::CaseKeyset,
    store::{CaseColumns, CaseStore},
    workflow::{EntityType, builtin},
};
use uuid::Uuid;

use crate::bed::{Bed, named, on_both_databases, to_status};

on_both_databases! {
    a_case_is_found_by_both_ids,
    a_foreign_account_cannot_read_a_case,
    the_second_decision_on_a_version_is_stale,
    decisions_on_several_cases_are_written_atomically,
    the_log_folds_to_the_stored_case,
    a_deleted_case_is_hidden_until_it_is_restored,
}

async fn a_case_is_found_by_both_ids(bed: &Bed) {
    let case = bed.create(named("a leaking cooling unit")).await;
    assert_eq!(case.version, 1);
    assert_eq!(case.series.number, case.id.0);
    for by in [CaseRef::Number(case.id), CaseRef::Uuid(case.uuid)] {
        assert_eq!(bed.store.find_case(bed.account, by).await.unwrap().as_ref(), Some(&case));
    }
    let page = bed
        .store
        .list_cases(bed.account, CaseColumns::All, &CaseFilter::default(), CaseKeyset::NEWEST_FIRST, 10)
        .await
        .unwrap();
    assert_eq!((page.rows, page.has_more), (vec![case.clone()], false));
    assert_eq!(bed.store.list_cases_by_id(bed.account, &[case.id, CaseId(99)]).await.unwrap(), [case]);
    for unknown in [CaseRef::Number(CaseId(99)), CaseRef::Uuid(Uuid::now_v7())] {
        assert_eq!(bed.store.find_case(bed.account, unknown).await.unwrap(), None);
    }
}

async fn a_foreign_account_cannot_read_a_case(bed: &Bed) {
    let case = bed.move_to(&bed.create(named("private")).await, "in_progress").await;
    let other = bed.new_account("other").await;
    for by in [CaseRef::Number(case.id), CaseRef::Uuid(case.uuid)] {
        assert_eq!(bed.store.find_case(other, by).await.unwrap(), None);
        assert_eq!(bed.store.find_case_or_deleted(other, by).await.unwrap(), None);
        assert_eq!(bed.store.find_case_file(other, by).await.unwrap(), None);
    }
    let all = CaseFilter::default();
    assert_eq!(bed.store.list_cases_by_id(other, &[case.id]).await.unwrap(), []);
    assert_eq!(
        bed.store.list_cases(other, CaseColumns::All, &all, CaseKeyset::NEWEST_FIRST, 10).await.unwrap().rows,
        []
    );
    assert_eq!(bed.store.count_cases(other, &all).await.unwrap(), 0);
    assert_eq!(bed.store.list_events(other, case.id, 0, 10).await.unwrap(), []);
    assert_eq!(bed.store.list_timeline(other, case.id, None, 10).await.unwrap().rows, []);
    assert_eq!(bed.store.list_status_events(other, case.id).await.unwrap(), []);
}

async fn the_second_decision_on_a_version_is_stale(bed: &Bed) {
    let case = bed.create(named("contended")).await;
    let workflow = builtin(EntityType::Case);
    let commands = [
        // PostgreSQL writes the first with one statement and the second in a transaction.
        to_status("in_progress"),
        Command::Tag { add: vec!["late".to_owned()], remove: Vec::new() },
    ];
    let decisions = commands.map(|command| decide::decide(&case, workflow, command, &bed.context()).unwrap());
    for late in &decisions {
        let first = decide::decide(&case, workflow, to_status("pending_customer"), &bed.context()).unwrap();
        let before = bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap();
        if before.version == 1 {
            bed.store.commit(first).await.unwrap();
        }
        assert_eq!(bed.store.commit(late.clone()).await.unwrap_err(), StoreError::Stale);
    }
    let case = bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap();
    assert_eq!((case.version, case.status.as_str()), (2, "pending_customer"));
    assert_eq!(case.details.tags.iter().count(), 0);
    assert_eq!(bed.store.list_events(bed.account, case.id, 0, 10).await.unwrap().len(), 2);
}

async fn decisions_on_several_cases_are_written_atomically(bed: &Bed) {
    let (one, other) = (bed.create(named("one")).await, bed.create(named("other")).await);
    let workflow = builtin(EntityType::Case);
    let on = |case: &Case| decide::decide(case, workflow, to_status("in_progress"), &bed.context()).unwrap();
    // The later id comes first: the store writes in id order, but returns the commits in the order of the decisions.
    let commits = bed.store.commit_all(vec![on(&other), on(&one)]).await.unwrap();
    assert_eq!(commits.iter().map(|commit| commit.case.id).collect::<Vec<_>>(), [other.id, one.id]);
    let fresh = bed.create(named("fresh")).await;
    for decisions in [vec![on(&fresh), on(&one)], vec![on(&one), on(&fresh)]] {
        assert_eq!(bed.store.commit_all(decisions).await.unwrap_err(), StoreError::Stale);
        assert_eq!(bed.store.find_case(bed.account, fresh.id.into()).await.unwrap().as_ref(), Some(&fresh));
        assert_eq!(bed.store.list_events(bed.account, fresh.id, 0, 10).await.unwrap().len(), 1);
    }
    assert_eq!(bed.store.commit_all(Vec::new()).await.unwrap(), []);
}

async fn the_log_folds_to_the_stored_case(bed: &Bed) {
    let mut case = bed.create(named("busy")).await;
    let commands = [
        to_status("in_progress"),
        Command::Edit(vec![Edit::Priority(Priority::Urgent), Edit::Name(Some("büsy".to_owned()))]),
        Command::Tag { add: vec!["a".to_owned(), "b".to_owned()], remove: Vec::new() },
        to_status("resolved"),
        to_status("closed"),
        Command::Archive,
        to_status("open"),
        Command::Tag { add: Vec::new(), remove: vec!["a".to_owned()] },
    ];
    for command in commands {
        case = bed.change(&case, command).await.unwrap();
    }
    let stored = bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap();
    assert_eq!(stored, case);
    let log = bed.store.list_events(bed.account, case.id, 0, 100).await.unwrap();
    assert_eq!(log.iter().map(|event| event.version).collect::<Vec<_>>(), (1..=case.version).collect::<Vec<_>>());
    assert_folds_to(&log, &stored);
}

/// Folding the log gives the case, and chaining its hashes gives the stored head.
pub(crate) fn assert_folds_to(log: &[CaseEvent], stored: &Case) {
    let head = log.iter().fold(LogHash::START, |head, event| LogEntry::chain(head, event.clone()).hash);
    assert_eq!(head, stored.log_head);
    let folded = Case::fold(log).unwrap();
    assert_eq!(&Case { log_head: head, ..folded }, stored);
}

async fn a_deleted_case_is_hidden_until_it_is_restored(bed: &Bed) {
    let case = bed.create(named("short-lived")).await;
    bed.change(&case, Command::Delete).await.unwrap();
    assert_eq!(bed.store.find_case(bed.account, case.id.into()).await.unwrap(), None);
    assert!(
        bed.store
            .find_case_or_deleted(bed.account, CaseRef::Uuid(case.uuid))
            .await
            .unwrap()
            .unwrap()
            .deleted_at
            .is_some()
    );
    assert_eq!(bed.store.list_cases_by_id(bed.account, &[case.id]).await.unwrap(), []);
    assert_eq!(bed.store.count_cases(bed.account, &CaseFilter::default()).await.unwrap(), 0);
    let restored = bed.change(&case, Command::Restore).await.unwrap();
    assert_eq!(bed.store.find_case(bed.account, case.id.into()).await.unwrap(), Some(restored));
    assert_eq!(bed.store.count_cases(bed.account, &CaseFilter::default()).await.unwrap(), 1);
}
