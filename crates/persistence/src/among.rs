//! Candidate cases of a text search.

/// Why the search runs: to list or to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A page of a list.
    List,
    /// The number of matches.
    Count,
}

/// Candidate cases of a query. The query's other conditions apply to them as well.
#[derive(Debug, Clone)]
pub(crate) enum Among {
    /// All cases.
    All,
    /// The cases with these ids.
    Ids(Vec<i64>),
    /// The cases with these ids. They contain the text.
    Found(Vec<i64>),
    /// The cases that match this FTS5 expression in SQLite's trigram index, and the account's cases that are not
    /// indexed yet.
    Index(String),
}

/// LIKE pattern for texts that contain `key`. Escapes `%`, `_` and `\` with a backslash.
pub(crate) fn pattern(key: &str) -> String {
    format!("%{}%", key.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}
