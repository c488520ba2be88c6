//! Reads the rows of a log in any format.

use std::io::Read;

use anyhow::Context as _;
use docket_domain::import::{LogRow, UNKNOWN_ACTOR};

use super::{
    Format,
    cells::{Cells, Source},
    json_lines::JsonLines,
    ocel::Ocel,
    table::Table,
    text::{SAMPLE, peek, text},
    time::Times,
    xes::Xes,
};

pub struct Reader {
    source: Box<dyn Source>,
    times: Times,
    status_separator: String,
}

/// A row that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidRow {
    /// First line of the row, from 1.
    pub line: u64,
    /// All faults of the row, at least one.
    pub reasons: Vec<String>,
}

impl Reader {
    /// Reads the beginning of a log and finds its format: XES begins with `<`, OCEL and JSON lines with `{`, everything
    /// else is a table.
    ///
    /// # Errors
    /// If the log cannot be read, or a column of a table is missing or occurs twice.
    pub fn new(input: impl Read + 'static, format: &Format) -> anyhow::Result<Self> {
        let (sample, text) = peek(text(input, format.encoding)?, SAMPLE)?;
        let sample = String::from_utf8_lossy(&sample);
        let mut times = format.times.clone();
        let source: Box<dyn Source> = match sample.trim_start().chars().next() {
            Some('<') => Box::new(Xes::new(text, format.columns.clone())),
            Some('{') if is_whole_object(&sample) => Box::new(JsonLines::new(text, format.columns.clone())),
            Some('{') => Box::new(Ocel::read(text, format.columns.clone()).context("the log is no OCEL in JSON")?),
            _ => Box::new(Table::new(&sample, text, format, &mut times)?),
        };
        Ok(Self { source, times, status_separator: format.status_separator.clone() })
    }

    /// The next row. `None` at the end.
    ///
    /// # Errors
    /// If the log cannot be read further.
    pub fn next_row(&mut self) -> anyhow::Result<Option<Result<LogRow, InvalidRow>>> {
        let Some(cells) = self.source.next_cells().context("the log cannot be read further")? else { return Ok(None) };
        let line = cells.line;
        Ok(Some(self.row(cells).map_err(|reasons| InvalidRow { line, reasons })))
    }

    /// The row of the cells, or all their faults.
    fn row(&self, cells: Cells) -> Result<LogRow, Vec<String>> {
        if let Some(fault) = cells.fault {
            return Err(vec![fault]);
        }
        let optional = |text: Option<String>| text.map(|text| one_line(&text)).filter(|text| !text.is_empty());
        let status = cells.status.iter().map(|part| one_line(part)).filter(|part| !part.is_empty());
        let time = self.times.read(&one_line(&cells.occurred_at));
        let row = LogRow {
            line: cells.line,
            case: one_line(&cells.case),
            status: status.collect::<Vec<_>>().join(&self.status_separator),
            actor: optional(cells.actor).unwrap_or_else(|| UNKNOWN_ACTOR.to_owned()),
            occurred_at: time.clone().unwrap_or_default(),
            reason: optional(cells.reason),
        };
        let mut reasons = Vec::new();
        if let Err(faults) = row.check() {
            reasons.extend(faults.iter().map(ToString::to_string));
        }
        let texts = [("case", &row.case), ("status", &row.status), ("actor", &row.actor)];
        for (name, text) in texts.into_iter().chain(row.reason.as_ref().map(|reason| ("reason", reason))) {
            if text.contains(char::REPLACEMENT_CHARACTER) {
                reasons.push(format!("{name}: {text:?} cannot be decoded; set encoding in the map"));
            }
        }
        reasons.extend(time.err().map(|reason| format!("occurred_at: {reason}")));
        if reasons.is_empty() { Ok(row) } else { Err(reasons) }
    }
}

/// Whether the first line is an object by itself, as in JSON lines.
fn is_whole_object(sample: &str) -> bool {
    let first = sample.trim_start().lines().next().unwrap_or_default();
    let object = serde_json::from_str::<serde_json::Map<_, serde_json::Value>>(first);
    object.is_ok_and(|object| !object.contains_key("objectTypes"))
}

/// Replaces line breaks and other control characters by spaces.
fn one_line(text: &str) -> String {
    let parts = text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}
