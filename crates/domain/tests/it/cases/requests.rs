//! Use cases that read a request field by field: they report every fault at once.

use docket_domain::{
    case::{Case, CasePhase, Edit},
    command::{Command, NewCase},
    error::{Error, FieldErrors, Rejection},
    event::EventData,
    id::{CaseId, CaseRef, SubjectId},
    service::{self, Basis, EditCase, OpenCase},
    workflow::{EntityType, StatusKey},
};
use uuid::Uuid;

use super::{
    ACCOUNT, context,
    memory::{Memory, now},
    new_case, to,
};

fn edit(edits: Vec<Edit>) -> EditCase {
    EditCase { edits, parent: None, then: None, faults: FieldErrors::default() }
}

fn found_before() -> FieldErrors {
    let mut faults = FieldErrors::default();
    faults.add("priority", "is no priority");
    faults
}

fn perform(memory: &Memory, case: &Case, request: EditCase) -> Result<Case, Error> {
    now(service::edit_case(memory, &context(5), case.id.into(), request))
}

/// The fields at fault, in order.
fn faults<T: std::fmt::Debug>(outcome: Result<T, Error>) -> Vec<String> {
    match outcome {
        Err(Error::Rejected(Rejection::Invalid(faults))) => faults.into_iter().map(|fault| fault.field).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_parent_of_a_case_stays() {
    let memory = Memory::default();
    let parent = memory.create(new_case(1), &context(0)).unwrap();
    let child = NewCase { parent: Some(Box::new(parent.clone())), ..new_case(2) };
    let child = memory.create(child, &context(1)).unwrap();
    let naming = |parent| EditCase { parent: Some(parent), ..edit(Vec::new()) };
    for named in [CaseRef::Number(parent.id), CaseRef::Uuid(parent.uuid)] {
        assert_eq!(perform(&memory, &child, naming(Some(named))).unwrap(), child);
    }
    assert_eq!(perform(&memory, &parent, naming(None)).unwrap(), parent);
    for (case, named) in [
        (&child, None),
        (&child, Some(CaseRef::Number(child.id))),
        (&child, Some(CaseRef::Uuid(Uuid::from_u128(9)))),
        (&parent, Some(CaseRef::Number(CaseId(9)))),
    ] {
        assert_eq!(faults(perform(&memory, case, naming(named))), ["parent"], "{named:?}");
    }
    // Together with the faults of the fields.
    let wrong = EditCase { parent: Some(None), ..edit(vec![Edit::Name(Some(String::new()))]) };
    assert_eq!(faults(perform(&memory, &child, wrong)), ["parent", "name"]);
}

#[test]
fn an_unknown_status_is_named_beside_other_faults_and_otherwise_left_to_the_workflow() {
    let memory = Memory::default();
    let case = memory.create(new_case(1), &context(0)).unwrap();
    let nowhere = || Some(to("nowhere"));
    let both = EditCase { then: nowhere(), faults: found_before(), ..edit(Vec::new()) };
    assert_eq!(faults(perform(&memory, &case, both)), ["priority", "status"]);
    let known = EditCase { then: Some(to("closed")), faults: found_before(), ..edit(Vec::new()) };
    assert_eq!(faults(perform(&memory, &case, known)), ["priority"]);
    let alone = EditCase { then: nowhere(), ..edit(Vec::new()) };
    assert_eq!(faults(perform(&memory, &case, alone)), ["to"]);
    let subject = edit(vec![Edit::PrimarySubject(Some(SubjectId(1)))]);
    assert_eq!(faults(perform(&memory, &case, subject)), ["primary_subject_id"]);
}

#[test]
fn a_case_that_is_opened_reports_every_fault() {
    let memory = Memory::default();
    let request = |status: &str, faults| OpenCase {
        workflow: None,
        uuid: Uuid::from_u128(1),
        basis: Basis::Alone { parent: Some(CaseRef::Number(CaseId(9))) },
        edits: vec![Edit::Name(Some(String::new()))],
        status: Some(StatusKey::new(status)),
        faults,
    };
    let open = |request| now(service::open_case(&memory, &context(0), request));
    assert_eq!(faults(open(request("closed", found_before()))), ["priority", "status", "name", "parent"]);
    assert_eq!(faults(open(request("open", FieldErrors::default()))), ["name", "parent"]);
    assert_eq!(memory.cases(), []);
}

#[test]
fn a_creation_is_decided_again_where_its_commit_was_stale() {
    let memory = Memory::default();
    memory.interrupt(2);
    let case = memory.create(new_case(1), &context(0)).unwrap();
    assert_eq!((memory.cases(), case.version), (vec![case.clone()], 1));
}

#[test]
fn statuses_are_those_of_the_workflow() {
    let memory = Memory::default();
    let check = |of, words: &[&str]| {
        let wanted = words.iter().map(|word| StatusKey::new(*word)).collect::<Vec<_>>();
        let mut faults = FieldErrors::default();
        now(service::check_statuses(&memory, ACCOUNT, of, &wanted, &mut faults)).unwrap();
        faults.finish().is_ok()
    };
    assert!(check(EntityType::Case, &[]));
    assert!(check(EntityType::Case, &["open", "closed"]));
    assert!(!check(EntityType::Case, &["open", "nowhere"]));
    assert!(!check(EntityType::Inquiry, &["in_progress_of_nothing"]));
}

#[test]
fn a_case_reopened_by_its_phase_has_a_reason_even_if_none_was_given() {
    let memory = Memory::default();
    let case = memory.create(new_case(1), &context(0)).unwrap();
    memory.change(case.id, to("closed"), &context(1)).unwrap();
    let reopen = |reason: Option<&str>| {
        let reason = reason.map(str::to_owned);
        EditCase { then: Some(Command::EnterPhase { phase: CasePhase::Active, reason }), ..edit(Vec::new()) }
    };
    perform(&memory, &case, reopen(Some("  "))).unwrap();
    let log = memory.log(case.id);
    let EventData::StatusChanged(change) = &log.last().unwrap().event.data else { panic!("{log:?}") };
    assert_eq!(change.reason.as_deref(), Some("reopened through the API"));
}
