//! Invariants of every case after random commands.

use std::collections::BTreeSet;

use docket_domain::{
    case::{Case, CasePhase, Edit, Priority},
    command::{Command, NewCase, TransitionRequest},
    decide::decide,
    error::Error,
    event::{EventData, LogEntry, LogHash, StatusChange},
    id::{CaseId, InquiryId, PersonId},
    party::{NewParticipant, ParticipantKind, ParticipantsChange, ParticipantsCommand, Who},
    workflow::{EntityType, StatusKey, builtin},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{context, memory::Memory, new_case};

const STATUSES: [&str; 8] =
    ["open", "in_progress", "pending_customer", "pending_contractor", "resolved", "closed", "cancelled", "unknown"];

fn some_text() -> impl Strategy<Value = Option<String>> {
    option::of(prop_oneof![4 => "[a-zA-Zäß ]{0,12}", 1 => any::<String>()])
}

fn an_edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        some_text().prop_map(Edit::Name),
        some_text().prop_map(Edit::Description),
        some_text().prop_map(Edit::Reference1),
        select(Priority::ALL.to_vec()).prop_map(Edit::Priority),
        any::<bool>().prop_map(Edit::IsRequest),
        option::of(0..3_i64).prop_map(|id| Edit::Inquiry(id.map(InquiryId))),
        (1_i32..4, 1_u32..13).prop_map(|(year, month)| {
            Edit::OpenedOn(chrono::NaiveDate::from_ymd_opt(2020 + year, month, 1).unwrap())
        }),
    ]
}

fn a_participant() -> impl Strategy<Value = NewParticipant> {
    let who = prop_oneof![
        (1..4_i64).prop_map(|id| Who::Known(PersonId(id), format!("person {id}"))),
        "[a-z]{0,3}".prop_map(Who::New),
    ];
    (who, "[a-z]{0,2}").prop_map(|(who, role)| NewParticipant { who, role })
}

fn a_single_command() -> impl Strategy<Value = Command> {
    let transition = || {
        let names = builtin(EntityType::Case).transitions().iter().map(|transition| transition.name.clone());
        select(names.chain(["unknown".to_owned()]).collect::<Vec<_>>())
    };
    let tags = || vec("[a-c ]{0,2}", 0..3);
    prop_oneof![
        6 => (select(STATUSES.to_vec()), some_text())
            .prop_map(|(status, reason)| Command::Transition(TransitionRequest::to(StatusKey::new(status), reason))),
        6 => (transition(), some_text())
            .prop_map(|(name, reason)| Command::Transition(TransitionRequest::named(name, reason))),
        3 => vec(an_edit(), 0..3).prop_map(Command::Edit),
        2 => (tags(), tags()).prop_map(|(add, remove)| Command::Tag { add, remove }),
        2 => (select(CasePhase::ALL.to_vec()), some_text())
            .prop_map(|(phase, reason)| Command::EnterPhase { phase, reason }),
        2 => Just(Command::Archive),
        1 => Just(Command::Unarchive),
        1 => Just(Command::Delete),
        2 => Just(Command::Restore),
        1 => (any::<bool>(), vec(a_participant(), 0..3)).prop_map(|(staff, new)| {
            let side = if staff { ParticipantKind::Staff } else { ParticipantKind::Party };
            let change = ParticipantsChange::Add(new);
            Command::Participants(ParticipantsCommand { side, present: Vec::new(), change })
        }),
    ]
}

fn a_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        6 => a_single_command(),
        1 => vec(a_single_command(), 0..4).prop_map(Command::All),
    ]
}

/// A random step: a new case, a follow-up, or a command on one of the existing cases.
#[derive(Debug, Clone)]
enum Act {
    Create,
    FollowUp(usize),
    Change(usize, Box<Command>),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        1 => Just(Act::Create),
        1 => any::<usize>().prop_map(Act::FollowUp),
        12 => (any::<usize>(), a_command()).prop_map(|(case, command)| Act::Change(case, Box::new(command))),
    ];
    vec(act, 1..40)
}

/// Runs all steps. A step may be rejected, but the store must not fail and nothing may panic.
fn store_after(acts: Vec<Act>) -> Memory {
    let memory = Memory::default();
    memory.create(new_case(0), &context(0)).unwrap();
    for (act, seconds) in acts.into_iter().zip(1..) {
        let cases = memory.cases();
        let (context, uuid) = (context(seconds), u128::try_from(seconds).unwrap());
        let outcome = match act {
            Act::Create => memory.create(new_case(uuid), &context),
            Act::FollowUp(parent) => {
                let parent = Some(Box::new(cases[parent % cases.len()].clone()));
                memory.create(NewCase { parent, ..new_case(uuid) }, &context)
            }
            Act::Change(case, command) => memory.change(cases[case % cases.len()].id, *command, &context),
        };
        assert!(matches!(outcome, Ok(_) | Err(Error::Rejected(_))), "{outcome:?}");
    }
    memory
}

fn status_changes(log: &[LogEntry]) -> impl Iterator<Item = &StatusChange> {
    log.iter()
        .filter_map(|entry| if let EventData::StatusChanged(change) = &entry.event.data { Some(change) } else { None })
}

proptest! {
    #[test]
    fn a_status_changes_only_by_a_transition(acts in acts()) {
        let memory = store_after(acts);
        let workflow = builtin(EntityType::Case);
        for case in memory.cases() {
            let log = memory.log(case.id);
            let mut status = workflow.initial().key.clone();
            for change in status_changes(&log) {
                prop_assert_eq!(&change.from, &status);
                let transition = workflow.transition_named(&change.from, &change.transition).unwrap();
                prop_assert!(transition.leads_to(&change.to));
                prop_assert_ne!(&change.from, &change.to);
                // Only a reopening, which always has a reason, leaves a terminal status.
                if workflow.status(&change.from).unwrap().terminal {
                    prop_assert_eq!(&*change.transition, "reopen");
                    prop_assert!(change.reason.is_some());
                }
                status = change.to.clone();
            }
            prop_assert_eq!(case.status, status);
        }
    }

    #[test]
    fn a_log_has_no_gap_and_folds_to_its_case(acts in acts()) {
        let memory = store_after(acts);
        for case in memory.cases() {
            let log = memory.log(case.id);
            let versions = log.iter().map(|entry| entry.event.version).collect::<Vec<_>>();
            prop_assert_eq!(versions, (1..=case.version).collect::<Vec<_>>());
            let folded = Case::fold(log.iter().map(|entry| &entry.event)).unwrap();
            let log_head = log.last().unwrap().hash;
            prop_assert_eq!(Case { log_head, ..folded }, case);
        }
    }

    #[test]
    fn an_instance_of_a_series_never_repeats(acts in acts()) {
        let memory = store_after(acts);
        let mut given = BTreeSet::new();
        for case in memory.cases() {
            let log = memory.log(case.id);
            let EventData::Created(created) = &log[0].event.data else { panic!("{log:?}") };
            let mut instances = vec![created.case.series.instance];
            instances.extend(status_changes(&log).filter_map(|change| change.series_instance));
            prop_assert!(instances.is_sorted());
            prop_assert_eq!(case.series.instance, *instances.last().unwrap());
            for instance in instances {
                prop_assert!(instance > 0);
                prop_assert!(given.insert((case.series.number, instance)), "{instance} was given twice");
            }
        }
    }

    #[test]
    fn a_case_is_consistent_with_its_status(acts in acts()) {
        let memory = store_after(acts);
        let workflow = builtin(EntityType::Case);
        for case in memory.cases() {
            let status = workflow.status(&case.status).unwrap();
            prop_assert_eq!((case.phase, case.outcome), (status.phase, status.outcome));
            prop_assert!(case.archived_at.is_none() || case.case_phase() == CasePhase::Archived);
            prop_assert_eq!(case.closed_at.is_some(), status.terminal);
            prop_assert!(status.key.as_str() != "resolved" || case.resolved_at.is_some());
            prop_assert!(case.resolved_at.is_none() || case.first_resolved_at.is_some());
            prop_assert!(case.updated_at >= case.created_at);
        }
    }

    #[test]
    fn a_decision_has_one_version_per_event_and_is_repeatable(acts in acts(), command in a_command()) {
        let memory = store_after(acts);
        let case = memory.cases().remove(0);
        let Ok(decision) = decide(&case, builtin(EntityType::Case), command.clone(), &context(1000)) else { return Ok(()) };
        prop_assert_eq!(decision.case.version, case.version + i64::try_from(decision.events.len()).unwrap());
        prop_assert_eq!(decision.before.as_ref(), Some(&case));
        if decision.is_empty() {
            prop_assert_eq!((&decision.case, decision.changes.len()), (&case, 0));
            return Ok(());
        }
        prop_assert_eq!(decision.case.updated_at, context(1000).now);
        // The decision is repeatable, and repeating a command that is already in effect changes nothing.
        let again = decide(&case, builtin(EntityType::Case), command.clone(), &context(1000)).unwrap();
        prop_assert_eq!(&again, &decision);
        if let Command::Edit(_) | Command::Tag { .. } | Command::Archive | Command::Unarchive = command {
            let after = memory.change(case.id, command.clone(), &context(1000)).unwrap();
            let unchanged = decide(&after, builtin(EntityType::Case), command, &context(1001)).unwrap();
            prop_assert!(unchanged.is_empty() || after.details != unchanged.case.details);
        }
    }

    #[test]
    fn tampering_with_a_log_changes_its_hash(acts in acts(), place in any::<usize>(), how in 0..4_u8) {
        let memory = store_after(acts);
        let case = memory.cases().remove(0);
        let mut log = memory.log(case.id);
        let head = |log: &[LogEntry]| {
            log.iter().fold(LogHash::START, |head, entry| entry.hash_after(head))
        };
        prop_assert_eq!(head(&log), case.log_head);
        let place = place % log.len();
        match how {
            0 => drop(log.remove(place)),
            1 => log.swap(place, 0),
            2 => log[place].event.occurred_at += chrono::TimeDelta::microseconds(1),
            _ => log[place].data.push(' '),
        }
        prop_assert_eq!(head(&log) == case.log_head, how == 1 && place == 0);
    }

    #[test]
    fn a_command_succeeds_after_stale_commits(acts in acts(), interruptions in 0..64_usize) {
        let memory = store_after(acts);
        let case = memory.create(new_case(u128::MAX), &context(2000)).unwrap();
        memory.interrupt(interruptions);
        let moved = memory.change(case.id, super::to("resolved"), &context(2001));
        memory.interrupt(0);
        prop_assert_eq!(moved.unwrap().version, 2);
        prop_assert_eq!(memory.log(CaseId(case.id.0)).len(), 2);
    }
}
