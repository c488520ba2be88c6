//! Subjects of cases.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use docket_domain::{
    case::Case,
    command::Command,
    error::Error,
    id::{CaseId, CaseRef, SubjectId},
    page::PageNumber,
    service::{self, CaseForm, ChangeOptions},
    store::{CaseStore, SubjectStore},
    subject::{ListedSubject, SubjectEntry, SubjectFilter, WhichSubject},
};
use uuid::Uuid;

use crate::{
    bed::{Bed, named, on_both_databases},
    commits::assert_folds_to,
};

on_both_databases! {
    a_case_is_created_with_its_subjects,
    a_subject_given_by_name_is_added_once,
    the_primary_subject_is_a_field_of_the_case,
    subjects_of_deleted_and_foreign_cases_are_not_found,
    errors_of_subjects_name_their_index,
}

pub(crate) fn entry(name: &str, is_primary: Option<bool>) -> SubjectEntry {
    SubjectEntry { which: WhichSubject::Named, name: Some(name.to_owned()), is_primary, custom_fields: None }
}

async fn create(bed: &Bed, subjects: Vec<SubjectEntry>) -> Case {
    let form = CaseForm { edits: Vec::new(), subjects };
    service::create_case_by_form(&bed.store, &bed.context(), Uuid::now_v7(), form).await.unwrap()
}

async fn change(bed: &Bed, case: CaseId, subjects: Vec<SubjectEntry>) -> Result<Case, Error> {
    let form = CaseForm { edits: Vec::new(), subjects };
    service::change_case_by_form(&bed.store, &bed.context(), case.into(), form, ChangeOptions::default()).await
}

async fn listed(bed: &Bed, filter: SubjectFilter) -> Vec<ListedSubject> {
    let page = PageNumber { page: 1, per_page: 25 };
    let listed = bed.store.list_subjects(bed.account, &filter, false, page).await.unwrap();
    assert_eq!(bed.store.count_subjects(bed.account, &filter).await.unwrap(), i64::try_from(listed.len()).unwrap());
    listed
}

async fn a_case_is_created_with_its_subjects(bed: &Bed) {
    let case = create(bed, vec![entry("Anna", None), entry("Ben", Some(true))]).await;
    let subjects = bed.store.list_subjects_of(bed.account, &[case.id]).await.unwrap();
    assert_eq!(subjects.iter().map(|subject| subject.name.as_str()).collect::<Vec<_>>(), ["Anna", "Ben"]);
    assert_eq!(case.details.primary_subject, Some(subjects[1].id));
    assert!(subjects.iter().all(|subject| subject.case == case.id));
    let stored = bed.store.find_case(bed.account, case.id.into()).await.unwrap().unwrap();
    assert_eq!(stored, case);
    let log = bed.store.list_events(bed.account, case.id, 0, 10).await.unwrap();
    let kinds = log.iter().map(|event| event.data.kind()).collect::<Vec<_>>();
    assert_eq!(kinds, ["case.created", "subject.added", "subject.added", "case.updated"]);
    assert_folds_to(&log, &stored);
}

async fn a_subject_given_by_name_is_added_once(bed: &Bed) {
    let case = create(bed, vec![entry("Anna", Some(true))]).await;
    let same = change(bed, case.id, vec![entry("Anna", Some(true))]).await.unwrap();
    assert_eq!(same.version, case.version);
    let more = change(bed, case.id, vec![entry("Anna", None), entry("Ben", None)]).await.unwrap();
    assert_eq!(more.version, case.version + 1);
    let subjects = bed.store.list_subjects_of(bed.account, &[case.id]).await.unwrap();
    assert_eq!(subjects.len(), 2);
    let renamed = SubjectEntry { which: WhichSubject::Known(subjects[1].id), ..entry("Berta", None) };
    change(bed, case.id, vec![renamed]).await.unwrap();
    let subjects = bed.store.list_subjects_of(bed.account, &[case.id]).await.unwrap();
    assert_eq!(subjects[1].name, "Berta");
    // `WhichSubject::New` adds a second subject with the same name.
    let added = SubjectEntry { which: WhichSubject::New, ..entry("Anna", None) };
    let added = service::add_subject(&bed.store, &bed.context(), case.id.into(), added).await.unwrap();
    assert!(!added.is_primary);
    assert_eq!(listed(bed, SubjectFilter { name: Some("ANNA".to_owned()), ..SubjectFilter::default() }).await.len(), 2);
}

async fn the_primary_subject_is_a_field_of_the_case(bed: &Bed) {
    let case = create(bed, vec![entry("Anna", Some(true)), entry("Ben", None)]).await;
    let primary = SubjectFilter { is_primary: Some(true), ..SubjectFilter::default() };
    assert_eq!(listed(bed, primary.clone()).await[0].subject.name, "Anna");
    change(bed, case.id, vec![entry("Ben", Some(true))]).await.unwrap();
    assert_eq!(listed(bed, primary.clone()).await[0].subject.name, "Ben");
    let cleared = change(bed, case.id, vec![entry("Ben", Some(false))]).await.unwrap();
    assert_eq!(cleared.details.primary_subject, None);
    assert_eq!(listed(bed, primary).await, []);
    let others = SubjectFilter { is_primary: Some(false), case: Some(case.id), ..SubjectFilter::default() };
    assert_eq!(listed(bed, others).await.len(), 2);
}

async fn subjects_of_deleted_and_foreign_cases_are_not_found(bed: &Bed) {
    let case = create(bed, vec![entry("Anna", Some(true))]).await;
    let other = bed.new_account("other").await;
    assert_eq!(bed.store.list_subjects_of(other, &[case.id]).await.unwrap(), []);
    let refused = service::add_subject(&bed.store, &bed.context_of(other), case.id.into(), entry("Eve", None)).await;
    assert_eq!(refused, Err(Error::invalid("case_id", "unknown case")));
    bed.change(&case, Command::Delete).await.unwrap();
    assert_eq!(listed(bed, SubjectFilter::default()).await, []);
    let refused = service::add_subject(&bed.store, &bed.context(), case.id.into(), entry("Eve", None)).await;
    assert_eq!(refused, Err(Error::invalid("case_id", "unknown case")));
}

async fn errors_of_subjects_name_their_index(bed: &Bed) {
    let case = bed.create(named("plain")).await;
    let unknown = SubjectEntry { which: WhichSubject::Known(SubjectId(99)), ..SubjectEntry::default() };
    let entries = vec![entry(" ", Some(true)), unknown, entry("\u{200b}", None), entry("x", Some(true))];
    let Err(Error::Rejected(docket_domain::error::Rejection::Invalid(faults))) = change(bed, case.id, entries).await
    else {
        panic!("the subjects were accepted");
    };
    let fields = faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>();
    assert_eq!(fields, ["subjects", "subjects[0].name", "subjects[1].id", "subjects[2].name"]);
    let case = bed.store.find_case(bed.account, CaseRef::from(case.id)).await.unwrap().unwrap();
    assert_eq!(case.version, 1);
}
