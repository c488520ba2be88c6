//! Compares a log with a workflow: which of its moves does the workflow allow?

use std::collections::BTreeMap;

use serde::Serialize;

use super::log::LogRun;
use crate::workflow::{StatusKey, Workflow};

/// Number of deviations that are listed.
const LISTED: usize = 10;
/// Number of example cases of a deviation.
const EXAMPLES: usize = 3;

/// How a log conforms to a workflow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conformance {
    /// Number of cases.
    pub cases: u64,
    /// Number of cases whose creation and moves are all allowed.
    pub cases_that_fit: u64,
    /// Number of moves in the log. An event without a change of status is none.
    pub moves_seen: u64,
    /// Number of moves that the workflow allows.
    pub moves_allowed: u64,
    /// Allowed moves divided by seen ones; 1 for a log without moves.
    pub fitness: f64,
    /// The commonest deviations.
    pub deviations: Vec<Deviation>,
}

/// A move or a creation that the workflow does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deviation {
    /// Status before, in the words of the log; `None` at a creation.
    pub from: Option<String>,
    /// Status after.
    pub to: String,
    /// Number of times that the log shows it.
    pub count: u64,
    /// The first cases with it.
    pub cases: Vec<String>,
}

/// How often a deviation is found, and where.
#[derive(Default)]
struct Found {
    count: u64,
    cases: Vec<String>,
}

/// Compares a log with a workflow. `status` gives the status of a word of the log; `None` if the workflow has none.
#[must_use]
pub fn conform(runs: &[LogRun], workflow: &Workflow, status: impl Fn(&str) -> Option<StatusKey>) -> Conformance {
    let (mut fit, mut seen, mut allowed) = (0, 0, 0);
    let mut deviations = BTreeMap::<(Option<&str>, &str), Found>::new();
    for run in runs {
        let mut before: Option<&str> = None;
        let mut fits = true;
        for row in &run.rows {
            let is_move = before.is_some_and(|from| from != row.status);
            let to = status(&row.status);
            let is_allowed = match before {
                None => to.as_ref().and_then(|to| workflow.status(to)).is_some_and(|to| to.is_creatable()),
                Some(from) if is_move => {
                    let ends = status(from).zip(to);
                    ends.is_some_and(|(from, to)| from == to || workflow.transition_to(&from, &to).is_some())
                }
                Some(_) => true,
            };
            seen += u64::from(is_move);
            allowed += u64::from(is_move && is_allowed);
            if !is_allowed {
                fits = false;
                let found = deviations.entry((before, &row.status)).or_default();
                found.count += 1;
                if found.cases.len() < EXAMPLES && found.cases.last() != Some(&row.case) {
                    found.cases.push(row.case.clone());
                }
            }
            before = Some(&row.status);
        }
        fit += u64::from(fits);
    }
    let named = deviations.into_iter().map(|((from, to), Found { count, cases })| Deviation {
        from: from.map(str::to_owned),
        to: to.to_owned(),
        count,
        cases,
    });
    let mut deviations = named.collect::<Vec<_>>();
    deviations.sort_by_key(|deviation| std::cmp::Reverse(deviation.count));
    deviations.truncate(LISTED);
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    let fitness = if seen == 0 { 1.0 } else { allowed as f64 / seen as f64 };
    Conformance {
        cases: u64::try_from(runs.len()).unwrap_or(u64::MAX),
        cases_that_fit: fit,
        moves_seen: seen,
        moves_allowed: allowed,
        fitness,
        deviations,
    }
}
