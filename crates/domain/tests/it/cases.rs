//! Cases: the effects of commands, with a store in memory.

mod decisions;
mod memory;
mod properties;
mod requests;

use chrono::{DateTime, NaiveDate};
use docket_domain::{
    actor::{Actor, Context},
    case::{Case, Details},
    command::{Command, NewCase, TransitionRequest},
    id::AccountId,
    scope::Scopes,
    workflow::StatusKey,
};
use uuid::Uuid;

use self::memory::Memory;

const ACCOUNT: AccountId = AccountId(7);

/// A context at this many seconds after a fixed time.
fn context(seconds: i64) -> Context {
    let now = DateTime::from_timestamp(1_780_000_000 + seconds, 0).unwrap();
    Context::new(ACCOUNT, Actor { id: None, name: "Tester".to_owned() }, Scopes::all(), now)
}

fn details() -> Details {
    Details::opened_on(NaiveDate::from_ymd_opt(2026, 3, 2).unwrap())
}

fn new_case(number: u128) -> NewCase {
    NewCase::new(Uuid::from_u128(number), details())
}

fn to(status: &str) -> Command {
    Command::Transition(TransitionRequest::to(StatusKey::new(status), Some("for the test".to_owned())))
}

fn named(transition: &str) -> Command {
    Command::Transition(TransitionRequest::named(transition, Some("for the test".to_owned())))
}

/// A new case after these commands, one second apart.
fn case_after(commands: &[Command]) -> Case {
    let memory = Memory::default();
    let mut case = memory.create(new_case(1), &context(0)).unwrap();
    for (command, seconds) in commands.iter().zip(1..) {
        case = memory.change(case.id, command.clone(), &context(seconds)).unwrap();
    }
    case
}
