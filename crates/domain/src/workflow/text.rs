//! How messages and drawings write words.

use std::fmt::Display;

/// The longest word a message repeats back.
const LONGEST_QUOTE: usize = 64;

/// A word that somebody sent, safe to repeat: shortened, and without control characters.
pub(super) fn quoted(word: &str) -> String {
    let mut shown: String = word.chars().take(LONGEST_QUOTE).flat_map(char::escape_debug).collect();
    if word.chars().nth(LONGEST_QUOTE).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

/// Words in a row: `a`, `a or b`, `a, b or c`.
pub(super) fn listed<T: Display>(words: impl IntoIterator<Item = T>, conjunction: &str) -> String {
    let mut words: Vec<String> = words.into_iter().map(|word| word.to_string()).collect();
    match words.pop() {
        None => "nothing".to_owned(),
        Some(last) if words.is_empty() => last,
        Some(last) => format!("{} {conjunction} {last}", words.join(", ")),
    }
}

/// A word for comparison by people's eyes: no outer blanks, lower case.
pub(super) fn folded(word: &str) -> String {
    word.trim().to_lowercase()
}

/// A name in words: `wait_for_customer` is "Wait for customer".
pub(super) fn humanized(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
