//! Where cases that contain a text are looked for.

/// Why the search runs: to list or to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A page of a list.
    List,
    /// How many there are.
    Count,
}

/// The cases among which a query looks, beside what it asks of them.
#[derive(Debug, Clone)]
pub(crate) enum Among {
    /// All that there are.
    All,
    /// These.
    Ids(Vec<i64>),
    /// Those that SQLite's index of trigrams names for this expression in the language of FTS5, and those of the account
    /// that it does not have yet.
    Index(String),
}

/// The pattern of texts that contain a text, in which `%`, `_` and `\` mean themselves.
pub(crate) fn pattern(key: &str) -> String {
    format!("%{}%", key.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}
