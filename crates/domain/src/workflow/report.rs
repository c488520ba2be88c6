//! Everything that can be said about a definition at once: faults, warnings, and the answers to its assertions.

use serde_json::Value;

use super::{
    assertion::{ASSERTIONS_MAX, Answer, Assertion, answer_assertions},
    check::{faults, faults_of_draft},
    definition::WorkflowDefinition,
    finding::Finding,
    model::Workflow,
    shape::Draft,
    warning::warnings,
};

/// What a definition is like. `workflow` is set if it can be used: no faults, and every assertion holds.
#[derive(Debug, Clone, PartialEq)]
pub struct WorkflowReport {
    /// The workflow, if there is no fault.
    pub workflow: Option<Workflow>,
    /// The definition, as far as it can be read; `None` if too little can be read.
    pub definition: Option<WorkflowDefinition>,
    /// Every fault.
    pub faults: Vec<Finding>,
    /// Every warning; none if the shape has faults.
    pub warnings: Vec<Finding>,
    /// The answers to the assertions, in their order; none if the shape has faults.
    pub answers: Vec<Answer>,
}

impl WorkflowReport {
    /// Checks a definition in JSON and answers assertions about it.
    ///
    /// ```
    /// use docket_domain::workflow::WorkflowReport;
    ///
    /// let report = WorkflowReport::of(&serde_json::json!({ "entity_type": "case", "name": "Empty" }), &[]);
    /// assert!(!report.faults.is_empty());
    /// ```
    #[must_use]
    pub fn of(json: &Value, assertions: &[Assertion]) -> Self {
        let draft = match Draft::read(json) {
            Ok(draft) => draft,
            Err(shape) => {
                let nothing = WorkflowDefinition::empty();
                let faults = shape.iter().map(|fault| fault.finding(&nothing)).collect();
                return Self { workflow: None, definition: None, faults, warnings: Vec::new(), answers: Vec::new() };
            }
        };
        let Draft { definition, faults: shape } = draft;
        let is_whole = shape.is_empty();
        let found = if is_whole { faults(&definition) } else { faults_of_draft(&definition, shape) };
        let mut found = found.iter().map(|fault| fault.finding(&definition)).collect::<Vec<_>>();
        let (mut warned, mut answers) = (Vec::new(), Vec::new());
        if is_whole {
            warned = warnings(&definition);
            answers = answer_assertions(&definition, assertions.get(..ASSERTIONS_MAX).unwrap_or(assertions));
        }
        let workflow = if found.is_empty() { Workflow::check(definition.clone()).ok() } else { None };
        found.extend(answers.iter().enumerate().filter_map(|(at, answer)| fault_of(at, answer)));
        Self { workflow, definition: Some(definition), faults: found, warnings: warned, answers }
    }

    /// Whether the definition can be used and every assertion holds.
    #[must_use]
    pub const fn is_valid(&self) -> bool {
        self.faults.is_empty()
    }
}

/// An assertion that does not hold is a fault of the definition.
fn fault_of(at: usize, answer: &Answer) -> Option<Finding> {
    let why = answer.message.as_deref().unwrap_or("it does not hold");
    (!answer.holds).then(|| Finding {
        code: "assertion_failed",
        path: format!("/assertions/{at}"),
        message: format!("assertion number {} ({}) does not hold: {why}", at + 1, answer.assertion.word()),
        hint: match &answer.counterexample {
            Some(path) => format!("close this path, or change the assertion: {}", path.statuses_in_words()),
            None => "add the path that is missing, or change the assertion".to_owned(),
        },
    })
}
