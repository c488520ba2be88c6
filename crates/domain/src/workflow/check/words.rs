//! The syntax of keys, names and labels, and the lookup of a status by its key.

use crate::workflow::{
    definition::{StatusDefinition, WorkflowDefinition},
    status::StatusKey,
};

/// Greatest length of a label, in characters.
const LONGEST_LABEL: usize = 100;
/// Greatest length of a key or name, in bytes.
const LONGEST_WORD: usize = 64;

/// Whether it is a lower-case word, safe in URLs, queries and file names.
pub(super) fn is_word(word: &str) -> bool {
    word.len() <= LONGEST_WORD
        && word.starts_with(|first: char| first.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Whether it is a short line of text that is not blank.
pub(super) fn is_label(label: &str) -> bool {
    !label.trim().is_empty() && is_printable(label)
}

pub(super) fn is_printable(label: &str) -> bool {
    label.chars().count() <= LONGEST_LABEL && !label.chars().any(char::is_control)
}

/// The status with this key; the first if there are several.
pub(super) fn find<'d>(definition: &'d WorkflowDefinition, key: &StatusKey) -> Option<&'d StatusDefinition> {
    definition.statuses.iter().find(|status| status.key == *key)
}
