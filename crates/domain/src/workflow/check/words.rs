//! The syntax of keys, names and labels, and the lookup of a status by its key.

use crate::workflow::{
    definition::{StatusDefinition, WorkflowDefinition},
    status::StatusKey,
};

/// The longest label, in characters.
const LONGEST_LABEL: usize = 100;
/// The longest key or name, in bytes.
const LONGEST_WORD: usize = 64;

/// A lower-case word that can stand in a URL, a query and a file name.
pub(super) fn is_word(word: &str) -> bool {
    word.len() <= LONGEST_WORD
        && word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// A short line of text with something in it.
pub(super) fn is_label(label: &str) -> bool {
    !label.trim().is_empty() && is_printable(label)
}

pub(super) fn is_printable(label: &str) -> bool {
    label.chars().count() <= LONGEST_LABEL && !label.chars().any(char::is_control)
}

/// The status of this key; the first, where there are several.
pub(super) fn find<'d>(definition: &'d WorkflowDefinition, key: &StatusKey) -> Option<&'d StatusDefinition> {
    definition.statuses.iter().find(|status| status.key == *key)
}
