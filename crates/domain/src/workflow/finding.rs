//! What is wrong or questionable in a definition, in the form in which callers read it.

use serde::Serialize;

/// One fault or warning of a definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Stable code.
    pub code: &'static str,
    /// The place, as a JSON pointer (RFC 6901) into the definition; empty for the whole definition.
    pub path: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// A JSON pointer from its parts, which are escaped.
pub(super) fn pointer<'p>(parts: impl IntoIterator<Item = &'p dyn std::fmt::Display>) -> String {
    parts.into_iter().map(|part| format!("/{}", part.to_string().replace('~', "~0").replace('/', "~1"))).collect()
}
