//! Tables of commands with the events or the rejection that they give.

use docket_domain::{
    actor::Context,
    case::{CasePhase, Edit, Priority},
    command::{Command, NewCase, TransitionRequest},
    decide::{create, decide},
    error::{FieldError, Rejection},
    id::{Entity, PersonId},
    party::{NewParticipant, ParticipantKind, ParticipantsChange, ParticipantsCommand, Party, Who},
    scope::{Scope, Scopes},
    workflow::{EntityType, StatusKey, Workflow, WorkflowId, builtin},
};
use uuid::Uuid;

use super::{case_after, context, details, named, new_case, to};

fn workflow() -> &'static Workflow {
    builtin(EntityType::Case)
}

/// The kinds of the events that a command gives on a new case after other commands.
fn events(before: &[Command], command: Command) -> Result<Vec<&'static str>, Rejection> {
    let decision = decide(&case_after(before), workflow(), command, &context(100))?;
    Ok(decision.events.iter().map(|event| event.data.kind()).collect())
}

fn add(names: &[&str]) -> Command {
    let new = names.iter().map(|name| NewParticipant { who: Who::New((*name).to_owned()), role: "client".to_owned() });
    let change = ParticipantsChange::Add(new.collect());
    Command::Participants(ParticipantsCommand { side: ParticipantKind::Party, present: Vec::new(), change })
}

fn phase(phase: CasePhase) -> Command {
    Command::EnterPhase { phase, reason: None }
}

fn tag(add: &[&str], remove: &[&str]) -> Command {
    let owned = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
    Command::Tag { add: owned(add), remove: owned(remove) }
}

#[test]
fn commands_give_the_expected_events() {
    let closed = [to("closed")];
    let archived = [to("closed"), Command::Archive];
    let tagged = [tag(&["a"], &[])];
    let deleted = [Command::Delete];
    let table: Vec<(&[Command], Command, &[&str])> = vec![
        (&[], Command::Edit(vec![Edit::Name(Some("a".to_owned()))]), &["case.updated"]),
        (&[], Command::Edit(vec![Edit::Priority(Priority::High)]), &["case.priority_changed"]),
        (&[], Command::Edit(vec![Edit::Priority(Priority::Normal)]), &[]),
        (&[], Command::Edit(vec![]), &[]),
        (&[], tag(&["a"], &[]), &["case.tagged"]),
        (&tagged, tag(&["a"], &["b"]), &[]),
        (&tagged, tag(&[], &["a"]), &["case.tagged"]),
        (&[], to("in_progress"), &["case.status_changed"]),
        (&[], to("open"), &[]),
        (&[], named("start"), &["case.status_changed"]),
        (&closed, to("open"), &["case.status_changed"]),
        (&archived, to("in_progress"), &["case.unarchived", "case.status_changed"]),
        (&[], phase(CasePhase::Active), &[]),
        (&[], phase(CasePhase::Closed), &["case.status_changed"]),
        (&closed, phase(CasePhase::Closed), &[]),
        (&closed, phase(CasePhase::Active), &["case.status_changed"]),
        (&closed, phase(CasePhase::Archived), &["case.archived"]),
        (&archived, phase(CasePhase::Archived), &[]),
        (&archived, phase(CasePhase::Closed), &["case.unarchived"]),
        (&archived, phase(CasePhase::Active), &["case.unarchived", "case.status_changed"]),
        (&closed, Command::Archive, &["case.archived"]),
        (&archived, Command::Archive, &[]),
        (&archived, Command::Unarchive, &["case.unarchived"]),
        (&[], Command::Unarchive, &[]),
        (&[], Command::Delete, &["case.deleted"]),
        (&deleted, Command::Restore, &["case.restored"]),
        (&[], add(&["Zoe", "Adam", "Zoe"]), &["party.added", "party.added"]),
        (
            &[],
            Command::All(vec![named("start"), tag(&["a"], &[]), to("in_progress")]),
            &["case.status_changed", "case.tagged"],
        ),
        (&[], Command::All(vec![]), &[]),
    ];
    for (before, command, expected) in table {
        assert_eq!(events(before, command.clone()).as_deref(), Ok(expected), "{command:?} after {before:?}");
    }
}

#[test]
fn a_named_transition_is_refused_if_the_case_already_has_its_target_status() {
    for (before, name) in [(to("resolved"), "resolve"), (to("closed"), "close"), (to("in_progress"), "start")] {
        let outcome = events(&[before], named(name));
        assert!(matches!(outcome, Err(Rejection::NotAllowed(_))), "{name}: {outcome:?}");
    }
}

#[test]
fn rejections_have_the_expected_kind_and_field() {
    let invalid = |field: &str, outcome: Result<Vec<&str>, Rejection>| match outcome {
        Err(Rejection::Invalid(faults)) => {
            assert!(faults.iter().any(|fault| fault.field == field), "{field}: {faults:?}")
        }
        other => panic!("{field}: {other:?}"),
    };
    let reopen =
        |reason: Option<&str>| Command::Transition(TransitionRequest::named("reopen", reason.map(str::to_owned)));
    invalid("reason", events(&[to("closed")], reopen(None)));
    invalid("reason", events(&[to("closed")], reopen(Some("  "))));
    invalid("reason", events(&[to("closed")], reopen(Some(&"x".repeat(2001)))));
    invalid("reason", events(&[], Command::Transition(TransitionRequest::named("start", Some("\u{7}".to_owned())))));
    invalid("to", events(&[], to("nowhere")));
    invalid("transition", events(&[], named("nothing")));
    invalid("name", events(&[], Command::Edit(vec![Edit::Name(Some(" ".to_owned()))])));
    invalid("tags", events(&[], tag(&["a\nb"], &[])));
    invalid("parties[0].name", events(&[], add(&[""])));
    assert_eq!(events(&[], Command::Archive), Err(Rejection::CaseNotClosed));
    assert_eq!(events(&[], phase(CasePhase::Archived)), Err(Rejection::CaseNotClosed));
    assert_eq!(events(&[], Command::Restore), Err(Rejection::CaseNotDeleted));
    for command in [to("closed"), Command::Delete, Command::Edit(vec![]), Command::All(vec![])] {
        assert_eq!(events(&[Command::Delete], command), Err(Rejection::NotFound(Entity::Case)));
    }
    let gone = ParticipantsChange::Remove { people: vec![PersonId(1)], role: None };
    let gone =
        Command::Participants(ParticipantsCommand { side: ParticipantKind::Staff, present: vec![], change: gone });
    assert_eq!(events(&[], gone), Err(Rejection::NotFound(Entity::Staff)));
}

#[test]
fn a_workflow_mismatch_names_the_workflow_of_the_case() {
    let other = Some(WorkflowId(Uuid::from_u128(1)));
    let request = TransitionRequest { workflow: other, ..TransitionRequest::named("start", None) };
    let mismatch = Rejection::WorkflowMismatch { holds: workflow().id() };
    assert_eq!(events(&[], Command::Transition(request)), Err(mismatch));
    let same = TransitionRequest { workflow: Some(workflow().id()), ..TransitionRequest::named("start", None) };
    assert_eq!(events(&[], Command::Transition(same)).unwrap().len(), 1);
}

#[test]
fn a_transition_with_a_scope_is_forbidden_without_it() {
    let mut definition = workflow().definition();
    definition.transitions.iter_mut().find(|transition| transition.name == "start").unwrap().scope =
        Some("admin".to_owned());
    let strict = Workflow::check(definition).unwrap();
    let scopes = [Scope::CasesWrite].into_iter().collect::<Scopes>();
    let outcome = decide(&case_after(&[]), &strict, named("start"), &Context { scopes, ..context(1) });
    assert!(matches!(outcome, Err(Rejection::Forbidden(_))), "{outcome:?}");
    assert!(decide(&case_after(&[]), &strict, named("start"), &context(1)).is_ok());
}

#[test]
fn all_errors_of_several_commands_are_reported_at_once() {
    let commands = vec![
        Command::Edit(vec![Edit::Name(Some(String::new()))]),
        named("start"),
        tag(&["\t\u{1}"], &[]),
        Command::Archive,
        to("nowhere"),
    ];
    let Err(Rejection::Invalid(faults)) = events(&[], Command::All(commands)) else { panic!("faults") };
    let fields = faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>();
    assert_eq!(fields, ["name", "tags", "to"]);
    // Without invalid fields, the rejection by the state of the case is reported.
    assert_eq!(events(&[], Command::All(vec![named("start"), Command::Archive])), Err(Rejection::CaseNotClosed));
}

#[test]
fn a_case_can_be_created_in_every_status_that_is_not_terminal() {
    for status in workflow().statuses() {
        let new = NewCase { status: Some(status.key.clone()), ..new_case(1) };
        match create(new, workflow(), &context(0)) {
            Ok(decision) => {
                assert!(!status.terminal);
                assert_eq!((decision.case.status, decision.events.len()), (status.key.clone(), 1));
            }
            Err(Rejection::Invalid(faults)) => {
                assert!(status.terminal);
                assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["status"]);
            }
            Err(other) => panic!("{other:?}"),
        }
    }
    let unknown = NewCase { status: Some(StatusKey::new("nowhere")), ..new_case(1) };
    assert!(matches!(create(unknown, workflow(), &context(0)), Err(Rejection::Invalid(_))));
}

#[test]
fn a_creation_reports_every_invalid_field() {
    let mut details = details();
    details.name = Some("x".repeat(501));
    details.description = Some("\u{0}".to_owned());
    details.due_on = chrono::NaiveDate::from_ymd_opt(999, 1, 1);
    let new = NewCase { status: Some(StatusKey::new("closed")), details, ..new_case(1) };
    let Err(Rejection::Invalid(faults)) = create(new, workflow(), &context(0)) else { panic!("faults") };
    let fields = faults.into_iter().map(|FieldError { field, .. }| field).collect::<Vec<_>>();
    assert_eq!(fields, ["name", "description", "due_on", "status"]);
}

#[test]
fn a_rework_clears_resolved_at_and_a_reopening_clears_all_end_times() {
    let resolved = case_after(&[to("resolved")]);
    assert_eq!((resolved.resolved_at, resolved.first_resolved_at), (Some(context(1).now), Some(context(1).now)));
    let reworked = case_after(&[to("resolved"), to("in_progress")]);
    assert_eq!((reworked.resolved_at, reworked.first_resolved_at), (None, None));
    let closed = case_after(&[to("resolved"), to("closed")]);
    assert_eq!((closed.resolved_at, closed.closed_at), (Some(context(1).now), Some(context(2).now)));
    let reopened = case_after(&[to("resolved"), to("closed"), Command::Archive, to("open")]);
    assert_eq!((reopened.resolved_at, reopened.closed_at, reopened.archived_at), (None, None, None));
    assert_eq!(reopened.first_resolved_at, Some(context(1).now), "what the statistics of durations count to");
    assert_eq!(reopened.series.instance, 2);
}

#[test]
fn a_rework_keeps_an_earlier_resolution_at_the_same_time() {
    let steps = [to("resolved"), to("closed"), to("open"), to("resolved"), to("in_progress")];
    let after = steps
        .into_iter()
        .fold(case_after(&[]), |case, step| decide(&case, workflow(), step, &context(1)).unwrap().case);
    assert_eq!((after.first_resolved_at, after.resolved_at), (Some(context(1).now), None));
}

#[test]
fn replacing_people_changes_only_the_difference() {
    let person = |id, name: &str| Party { person: PersonId(id), role: "client".to_owned(), name: name.to_owned() };
    let known =
        |id: i64| NewParticipant { who: Who::Known(PersonId(id), format!("person {id}")), role: "client".to_owned() };
    let replace = |new| {
        let present = vec![person(1, "person 1"), person(2, "person 2")];
        let change = ParticipantsChange::Replace(new);
        Command::Participants(ParticipantsCommand { side: ParticipantKind::Party, present, change })
    };
    assert_eq!(events(&[], replace(vec![known(1), known(2)])).unwrap(), [""; 0]);
    assert_eq!(events(&[], replace(vec![known(2), known(3)])).unwrap(), ["party.removed", "party.added"]);
    assert_eq!(events(&[], replace(vec![])).unwrap(), ["party.removed", "party.removed"]);
}
