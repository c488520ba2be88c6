//! Turns the rows of one case into one decision.

use super::{Counts, LogMap, LogRow, REASON, Remark, Why};
use crate::{
    actor::{Actor, Context},
    case::Case,
    command::{Command, NewCase, TransitionRequest},
    decide,
    decision::Decision,
    error::Rejection,
    id::AccountId,
    scope::Scopes,
    time::Timestamp,
    workflow::{StatusKey, Workflow},
};

/// Parameters of a replay.
#[derive(Debug, Clone, Copy)]
pub struct ImportContext<'a> {
    /// Account of the imported cases.
    pub account: AccountId,
    /// Maps the statuses of the log to those of the workflow.
    pub map: &'a LogMap,
    /// Workflow of new cases.
    pub workflow: &'a Workflow,
    /// Recording time of the import.
    pub now: Timestamp,
}

/// Result of a replay.
#[derive(Debug, Clone, PartialEq)]
pub struct Replayed {
    /// All changes in one decision. `None` if nothing changes.
    pub decision: Option<Decision>,
    /// Number of rows that the result covers. If rows remain, the next one needs an instance number from the store
    /// (reopening a case does): the caller commits, then replays the remaining rows on the committed case.
    pub rows: usize,
    /// Outcome of these rows.
    pub counts: Counts,
    /// The rows that changed nothing, and why.
    pub remarks: Vec<Remark>,
}

/// Replays the rows of one case, as far as they fit in one decision.
///
/// `workflow` is the workflow of the case. `new_case` gives the case that the first row creates; its status is replaced
/// by the status of the row.
pub fn replay(
    terms: ImportContext<'_>,
    case: Option<&Case>,
    workflow: &Workflow,
    rows: &[LogRow],
    new_case: impl Fn(&LogRow) -> NewCase,
) -> Replayed {
    let mut replayed = Replayed { decision: None, rows: 0, counts: Counts::default(), remarks: Vec::new() };
    for row in rows {
        let Some(to) = terms.map.statuses.get(&row.status) else {
            let why = if terms.map.skip.contains(&row.status) { Why::Skipped } else { Why::Unknown };
            replayed.remark(row, why);
            continue;
        };
        let present = replayed.decision.as_ref().map(|decision| &decision.case).or(case);
        let context = terms.context(row);
        let outcome = match present {
            None => decide::create(NewCase { status: Some(to.clone()), ..new_case(row) }, terms.workflow, &context),
            Some(present) => decide::decide(present, workflow, move_to(present, workflow, to, row), &context),
        };
        let next = match outcome {
            Ok(next) => next,
            Err(rejection) => {
                let from = present.map(|present| present.status.clone());
                replayed.remark(row, Why::Refused { from, to: to.clone(), reason: in_words(&rejection) });
                continue;
            }
        };
        if next.is_empty() {
            replayed.counts.unchanged += 1;
        } else if next.before.is_none() {
            replayed.counts.cases += 1;
            replayed.decision = Some(next);
        } else {
            let merged = match replayed.decision.take() {
                None => next,
                Some(decision) => match decision.then(next) {
                    Ok(merged) => merged,
                    Err(decision) => {
                        replayed.decision = Some(*decision);
                        break;
                    }
                },
            };
            replayed.counts.transitions += 1;
            replayed.decision = Some(merged);
        }
        replayed.pass();
    }
    replayed
}

impl ImportContext<'_> {
    fn context(self, row: &LogRow) -> Context {
        let actor = Actor { id: None, name: row.actor.clone() };
        Context { occurred_at: row.occurred_at, ..Context::new(self.account, actor, Scopes::all(), self.now) }
    }
}

impl Replayed {
    fn pass(&mut self) {
        self.rows += 1;
        self.counts.events += 1;
    }

    fn remark(&mut self, row: &LogRow, why: Why) {
        match why {
            Why::Skipped | Why::Unknown | Why::Late { .. } => self.counts.skipped += 1,
            Why::Refused { .. } => self.counts.refused += 1,
        }
        self.remarks.push(Remark::new(row, why));
        self.pass();
    }
}

/// The command for the row's status, with a reason if the transition requires one.
fn move_to(case: &Case, workflow: &Workflow, to: &StatusKey, row: &LogRow) -> Command {
    let transition = workflow.transition_to(&case.status, to);
    let imported = || transition.filter(|transition| transition.requires_reason).map(|_| REASON.to_owned());
    let reason = row.reason.clone().or_else(imported);
    Command::Transition(TransitionRequest::to(to.clone(), reason))
}

fn in_words(rejection: &Rejection) -> String {
    match rejection {
        Rejection::NotAllowed(refusal) | Rejection::Forbidden(refusal) => refusal.to_string(),
        Rejection::Invalid(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        other @ (Rejection::CaseNotClosed
        | Rejection::CaseNotDeleted
        | Rejection::FourEyes { .. }
        | Rejection::CalendarInUse { .. }
        | Rejection::Merged { .. }
        | Rejection::WorkflowInUse { .. }
        | Rejection::WorkflowMismatch { .. }
        | Rejection::NotFound(_)) => other.to_string(),
    }
}
