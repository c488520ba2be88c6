//! Assertions: questions about every path that a case can take, answered from the graph of the workflow.
//!
//! An answer covers every case, whatever its fields: it follows each transition whose guards do not contradict each other.
//! So an assertion that holds cannot be broken by any case, and a counterexample is a path that some case can take.

use serde::{Deserialize, Serialize};

use super::{
    definition::WorkflowDefinition,
    graph::{Edge, Graph, Path},
    status::StatusKey,
};

/// A question about the paths of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Assertion {
    /// There is a path between two statuses.
    Reachable {
        /// Its first status.
        from: StatusKey,
        /// Its last status.
        to: StatusKey,
    },
    /// No path leads from one status to another, except through a transition or status.
    Never {
        /// The first status of the path.
        from: StatusKey,
        /// Its last status.
        to: StatusKey,
        /// The transition or status that each such path must contain. `None`: there must be no path at all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        without: Option<String>,
    },
    /// Every path of a new case to a status passes through another status.
    AlwaysPasses {
        /// The last status of the path.
        to: StatusKey,
        /// The status that it must contain.
        through: StatusKey,
    },
}

/// The answer to an assertion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The assertion.
    pub assertion: Assertion,
    /// Whether it holds.
    pub holds: bool,
    /// Why it has no answer or does not hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// A shortest path that contradicts it. A path that is missing has none.
    pub counterexample: Option<Path>,
}

/// Greatest number of assertions of a workflow.
pub const ASSERTIONS_MAX: usize = 100;

/// Answers assertions about a definition, in their order.
///
/// ```
/// use docket_domain::workflow::{Assertion, EntityType, answer_assertions, builtin};
///
/// let assertion: Assertion =
///     serde_json::from_str(r#"{"reachable": {"from": "open", "to": "closed"}}"#).unwrap();
/// let answers = answer_assertions(&builtin(EntityType::Case).definition(), &[assertion]);
/// assert!(answers[0].holds);
/// ```
#[must_use]
pub fn answer_assertions(definition: &WorkflowDefinition, assertions: &[Assertion]) -> Vec<Answer> {
    let graph = Graph::of(definition);
    let answer = |assertion: &Assertion| {
        let (holds, message, counterexample) = assertion.answer(definition, &graph);
        Answer { assertion: assertion.clone(), holds, message, counterexample }
    };
    assertions.iter().map(answer).collect()
}

impl Assertion {
    /// The word in definitions.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Reachable { .. } => "reachable",
            Self::Never { .. } => "never",
            Self::AlwaysPasses { .. } => "always_passes",
        }
    }

    fn answer(&self, definition: &WorkflowDefinition, graph: &Graph<'_>) -> (bool, Option<String>, Option<Path>) {
        let found = |key: &StatusKey| graph.position(key).ok_or_else(|| format!("the workflow has no status {key}"));
        let answered = match self {
            Self::Reachable { from, to } => {
                found(from).and_then(|start| Ok((start, found(to)?))).map(|(start, end)| {
                    let holds = graph.reach([start]).contains(&end);
                    (holds, (!holds).then(|| format!("no path leads from {from} to {to}")), None)
                })
            }
            Self::Never { from, to, without } => found(from).and_then(|start| {
                let end = found(to)?;
                let avoided = without.as_deref();
                let status = avoided.and_then(|word| graph.position(&StatusKey::new(word)));
                if let Some(word) = avoided
                    && status.is_none()
                    && !definition.transitions.iter().any(|transition| transition.name == word)
                {
                    return Err(format!("the workflow has neither a transition nor a status {word}"));
                }
                let may_take = |_: usize, edge: &Edge<'_>| {
                    Some(edge.to) != status && avoided.is_none_or(|word| edge.transition.name != word)
                };
                let starts: &[usize] = if status == Some(start) { &[] } else { &[start] };
                let path = graph.path(starts, end, 1, may_take);
                let said = avoided.map_or_else(String::new, |word| format!(" without {word}"));
                Ok((path.is_none(), path.is_some().then(|| format!("a path leads from {from} to {to}{said}")), path))
            }),
            Self::AlwaysPasses { to, through } => found(to).and_then(|end| {
                let through_at = found(through)?;
                if end == through_at {
                    return Ok((true, None, None));
                }
                let starts = graph.creatable().iter().copied().filter(|start| *start != through_at).collect::<Vec<_>>();
                let path = graph.path(&starts, end, 0, |_, edge| edge.to != through_at);
                let said = || format!("a path leads to {to} that does not pass through {through}");
                Ok((path.is_none(), path.is_some().then(said), path))
            }),
        };
        answered.unwrap_or_else(|message| (false, Some(message), None))
    }
}
