//! The texts of one event, in the words of the log.

use std::collections::BTreeMap;

use super::map::Columns;

/// The texts of an event.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// Line on which the event begins, from 1.
    pub(super) line: u64,
    pub(super) case: String,
    /// The parts of the status.
    pub(super) status: Vec<String>,
    pub(super) actor: Option<String>,
    pub(super) occurred_at: String,
    pub(super) reason: Option<String>,
    /// Why the event cannot be read, if it cannot.
    pub(super) fault: Option<String>,
}

/// The events of a log, one after another.
pub(super) trait Source {
    /// The next event. `None` at the end.
    ///
    /// # Errors
    /// If the log cannot be read further.
    fn next_cells(&mut self) -> anyhow::Result<Option<Cells>>;
}

/// The named texts of an event, in a format in which each event names its own.
pub(super) type Attributes = BTreeMap<String, String>;

/// The names that a format gives to the texts of an event: of each kind, the first that the event has.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    pub(super) case: &'static [&'static str],
    pub(super) status: &'static [&'static str],
    pub(super) actor: &'static [&'static str],
    pub(super) occurred_at: &'static [&'static str],
    pub(super) reason: &'static [&'static str],
}

impl Names {
    /// The texts of an event. The columns of the map come before the names of the format.
    pub(super) fn cells(self, columns: Option<&Columns>, line: u64, attributes: &Attributes) -> Cells {
        let one = |column: Option<&String>, names: &[&str]| {
            let mut names = column.map(String::as_str).into_iter().chain(names.iter().copied());
            names.find_map(|name| attributes.get(name)).cloned()
        };
        let of_map = columns.iter().flat_map(|columns| columns.status.names());
        let mut status = of_map.filter_map(|name| attributes.get(name)).cloned().collect::<Vec<_>>();
        if status.is_empty() {
            status.extend(one(None, self.status));
        }
        Cells {
            line,
            case: one(columns.map(|columns| &columns.case), self.case).unwrap_or_default(),
            status,
            actor: one(columns.and_then(|columns| columns.actor.as_ref()), self.actor),
            occurred_at: one(columns.map(|columns| &columns.occurred_at), self.occurred_at).unwrap_or_default(),
            reason: one(columns.and_then(|columns| columns.reason.as_ref()), self.reason),
            fault: None,
        }
    }
}
