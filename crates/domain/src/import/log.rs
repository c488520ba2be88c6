//! A log in memory, with rows in any order.

use std::collections::HashMap;

use super::LogRow;
use crate::time::Timestamp;

/// All rows of one case of a log, ordered by time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRun {
    /// The rows; at least one.
    pub rows: Vec<LogRow>,
}

impl LogRun {
    /// Id of the case in the log.
    #[must_use]
    pub fn external_id(&self) -> &str {
        self.rows.first().map_or("", |row| row.case.as_str())
    }
}

/// A whole log in memory. Equal texts are stored once: a row takes 40 bytes, and about 100 bytes during sorting.
#[derive(Debug, Clone, Default)]
pub struct Log {
    texts: Texts,
    rows: Vec<Row>,
}

/// A row. Its texts are indexes into [`Texts`].
#[derive(Debug, Clone, Copy)]
struct Row {
    line: u64,
    occurred_at: Timestamp,
    case: u32,
    status: u32,
    actor: u32,
    reason: Option<u32>,
}

/// Distinct texts.
#[derive(Debug, Clone, Default)]
struct Texts {
    places: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Texts {
    fn place(&mut self, text: String) -> u32 {
        let next = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        *self.places.entry(text).or_insert_with_key(|text| {
            self.texts.push(text.clone());
            next
        })
    }

    fn text(&self, place: u32) -> String {
        self.texts.get(place as usize).cloned().unwrap_or_default()
    }
}

impl Log {
    /// Adds the next row of the file.
    pub fn push(&mut self, row: LogRow) {
        let LogRow { line, case, status, actor, occurred_at, reason } = row;
        let reason = reason.map(|reason| self.texts.place(reason));
        let [case, status, actor] = [case, status, actor].map(|text| self.texts.place(text));
        self.rows.push(Row { line, occurred_at, case, status, actor, reason });
    }

    /// Number of rows.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows grouped by case and ordered by time. Cases are ordered by their first event.
    ///
    /// Rows of one case with equal times keep the order of the file. If the file as a whole is ordered newest first,
    /// their order is reversed.
    pub fn into_runs(mut self) -> impl Iterator<Item = LogRun> {
        if is_newest_first(&self.rows) {
            self.rows.reverse();
        }
        let mut begins = HashMap::<u32, (Timestamp, usize)>::new();
        for (place, row) in self.rows.iter().enumerate() {
            let begin = begins.entry(row.case).or_insert((row.occurred_at, place));
            begin.0 = begin.0.min(row.occurred_at);
        }
        // The sort is stable: equal rows keep their order.
        self.rows.sort_by_cached_key(|row| (begins.get(&row.case).copied(), row.occurred_at));
        let Self { texts, rows } = self;
        let mut next = 0;
        std::iter::from_fn(move || {
            let rest = rows.get(next..)?;
            let case = rest.first()?.case;
            let rows = rest.iter().take_while(|row| row.case == case);
            let rows = rows.map(|row| LogRow {
                line: row.line,
                case: texts.text(row.case),
                status: texts.text(row.status),
                actor: texts.text(row.actor),
                occurred_at: row.occurred_at,
                reason: row.reason.map(|reason| texts.text(reason)),
            });
            let rows = rows.collect::<Vec<_>>();
            next += rows.len();
            Some(LogRun { rows })
        })
    }
}

/// Whether times decrease more often than they increase, from each row to the next row of the same case. If both occur
/// equally often, all pairs of adjacent rows decide.
fn is_newest_first(rows: &[Row]) -> bool {
    let step = |from: Timestamp, to: Timestamp| from.cmp(&to) as i64;
    let mut latest = HashMap::<u32, Timestamp>::new();
    let within = rows.iter().filter_map(|row| Some(step(latest.insert(row.case, row.occurred_at)?, row.occurred_at)));
    let within = within.sum::<i64>();
    let all =
        || rows.iter().zip(rows.iter().skip(1)).map(|(from, to)| step(from.occurred_at, to.occurred_at)).sum::<i64>();
    within > 0 || within == 0 && all() > 0
}

#[cfg(test)]
mod tests {
    use super::{Log, LogRow};

    /// Each case with the lines and statuses of its rows. Input rows have the form `CASE MINUTE STATUS`.
    fn order(rows: &[&str]) -> Vec<String> {
        let mut log = Log::default();
        for (line, row) in (2..).zip(rows) {
            let [case, minute, status] = row.split(' ').collect::<Vec<_>>().try_into().unwrap();
            let occurred_at = format!("2026-01-01T00:{minute}:00Z").parse().unwrap();
            let (case, status, actor) = (case.to_owned(), status.to_owned(), "Ann".to_owned());
            log.push(LogRow { line, case, status, actor, occurred_at, reason: None });
        }
        let run = |run: super::LogRun| {
            let rows = run.rows.iter().map(|row| format!(" {}{}", row.line, row.status));
            format!("{}:{}", run.external_id(), rows.collect::<String>())
        };
        log.into_runs().map(run).collect()
    }

    #[test]
    fn rows_are_ordered_by_case_and_time() {
        assert_eq!(order(&["a 05 x", "b 01 x", "a 02 y", "b 03 y", "a 09 z"]), ["b: 3x 5y", "a: 4y 2x 6z"]);
    }

    #[test]
    fn equal_times_keep_the_order_of_the_file() {
        assert_eq!(order(&["a 01 x", "a 01 y", "a 01 z", "a 02 w"]), ["a: 2x 3y 4z 5w"]);
        assert_eq!(order(&["b 01 x", "a 01 x", "a 01 y"]), ["b: 2x", "a: 3x 4y"]);
    }

    #[test]
    fn equal_times_are_reversed_in_a_file_that_is_newest_first() {
        assert_eq!(order(&["a 02 w", "a 01 z", "a 01 y", "b 01 y", "b 00 x"]), ["b: 6x 5y", "a: 4y 3z 2w"]);
        // Every case has equal times, so the order of the cases decides.
        assert_eq!(order(&["b 09 y", "b 09 x", "a 01 y", "a 01 x"]), ["a: 5x 4y", "b: 3x 2y"]);
        // One row out of place does not reverse the file.
        assert_eq!(order(&["a 03 x", "a 02 y", "a 04 z", "a 04 w", "a 05 v"]), ["a: 3y 2x 4z 5w 6v"]);
    }
}
