//! What is marked in a diagram: the way of one entity through its workflow.

use std::collections::BTreeMap;

use crate::workflow::status::StatusKey;

/// The present status of an entity, and the moves that it has made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Marks {
    present: Option<StatusKey>,
    /// Numbers of the moves by transition and target.
    moves: BTreeMap<(String, StatusKey), Vec<usize>>,
}

impl Marks {
    /// Marks a status, and moves in their order: the name of each transition and its target.
    #[must_use]
    pub fn new(present: StatusKey, moves: impl IntoIterator<Item = (String, StatusKey)>) -> Self {
        let mut marks = Self { present: Some(present), moves: BTreeMap::new() };
        for (number, made) in (1..).zip(moves) {
            marks.moves.entry(made).or_default().push(number);
        }
        marks
    }

    pub(super) fn is_present(&self, status: &StatusKey) -> bool {
        self.present.as_ref() == Some(status)
    }

    /// The numbers of the moves by a transition to a status, as a suffix of its label.
    pub(super) fn numbers(&self, transition: &str, to: &StatusKey) -> String {
        let numbers = self.moves.get(&(transition.to_owned(), to.clone()));
        numbers.map_or_else(String::new, |numbers| {
            let numbers = numbers.iter().map(ToString::to_string).collect::<Vec<_>>();
            format!(" [{}]", numbers.join(", "))
        })
    }
}
