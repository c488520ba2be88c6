//! Text functions for messages and diagrams.

use std::fmt::Display;

/// Greatest length of a quoted word, in characters.
const LONGEST_QUOTE: usize = 64;

/// Quotes a word from a request for a message: shortened, with control characters escaped.
pub(super) fn quoted(word: &str) -> String {
    let mut shown: String = word.chars().take(LONGEST_QUOTE).flat_map(char::escape_debug).collect();
    if word.chars().nth(LONGEST_QUOTE).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Joins words: `a`, `a or b`, `a, b or c`.
pub(super) fn listed<T: Display>(words: impl IntoIterator<Item = T>, conjunction: &str) -> String {
    let mut words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    match words.pop() {
        None => "nothing".to_owned(),
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} {conjunction} {last}", words.join(", ")),
    }
}

/// A word in the form for comparison: trimmed, lower case.
pub(super) fn folded(word: &str) -> String {
    word.trim().to_lowercase()
}

/// A name as a label: `wait_for_customer` gives "Wait for customer".
pub(super) fn humanized(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
