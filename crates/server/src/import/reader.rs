//! Reads the rows of a log.

use std::io::Read;

use anyhow::Context as _;
use csv::StringRecord;
use docket_domain::import::{LogRow, UNKNOWN_ACTOR};

use super::{
    Format,
    layout::{Layout, Places},
    text::{SAMPLE, Text, peek, text},
};

/// Appended to the log. If a quote is not closed, it becomes part of the last row.
const END: &str = "\u{1a}end of the log";

pub struct Reader {
    csv: csv::Reader<Text>,
    format: Format,
    places: Places,
    width: usize,
    /// Number of lines before the text that `csv` reads.
    lines_before: u64,
    record: StringRecord,
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
    /// Reads the beginning of a log and its header.
    ///
    /// # Errors
    /// If the log cannot be read, or a column is missing or occurs twice.
    pub fn new(input: impl Read + 'static, format: &Format) -> anyhow::Result<Self> {
        let (sample, mut text) = peek(text(input, format.encoding)?, SAMPLE)?;
        let sample = String::from_utf8_lossy(&sample);
        let mut format = format.clone();
        let layout = Layout::find(&sample, &mut format)?;
        std::io::copy(&mut text.by_ref().take(layout.start.bytes as u64), &mut std::io::sink())?;
        let csv = layout.reader::<Text>(Box::new(text.chain(END.as_bytes())));
        let Layout { start, has_header, width, places, .. } = layout;
        let lines_before = start.line - 1;
        let mut reader = Self { csv, format, places, width, lines_before, record: StringRecord::new() };
        if has_header {
            reader.next_record()?;
        }
        Ok(reader)
    }

    /// The next row. `None` at the end.
    ///
    /// # Errors
    /// If the log cannot be read further.
    pub fn next_row(&mut self) -> anyhow::Result<Option<Result<LogRow, InvalidRow>>> {
        let Some(line) = self.next_record()? else { return Ok(None) };
        Ok(Some(self.row(line).map_err(|reasons| InvalidRow { line, reasons })))
    }

    /// Reads a record and returns its first line.
    fn next_record(&mut self) -> anyhow::Result<Option<u64>> {
        let is_record = self.csv.read_record(&mut self.record).context("the log cannot be read further")?;
        if !is_record || self.record == vec![END] {
            return Ok(None);
        }
        // The position of a record is that of the blank lines before it. So the first line is computed from the end of
        // the record, which is the end of a line, and the lines that it spans.
        let within = self.record.iter().flat_map(str::bytes).filter(|byte| *byte == b'\n').count() as u64;
        let last = self.lines_before + self.csv.position().line() - u64::from(!self.is_open());
        Ok(Some(last.saturating_sub(within)))
    }

    /// Whether the log ends within a quoted field of the record. Every other record ends with a line.
    fn is_open(&self) -> bool {
        self.record.iter().next_back().is_some_and(|field| field.ends_with(END))
    }

    /// The row of the record, or all its faults.
    fn row(&self, line: u64) -> Result<LogRow, Vec<String>> {
        if self.is_open() {
            return Err(vec!["a quote is not closed, so the rest of the log is part of this row".to_owned()]);
        }
        let (found, expected) = (self.record.len(), self.width);
        if found != expected {
            return Err(vec![format!("the row has {found} fields, expected {expected}")]);
        }
        let field = |place: usize| one_line(self.record.get(place).unwrap_or_default());
        let optional = |place: Option<usize>| place.map(field).filter(|text| !text.is_empty());
        let status = self.places.status.iter().map(|place| field(*place)).filter(|part| !part.is_empty());
        let time = self.format.times.read(&field(self.places.occurred_at));
        let row = LogRow {
            line,
            case: field(self.places.case),
            status: status.collect::<Vec<_>>().join(&self.format.status_separator),
            actor: optional(self.places.actor).unwrap_or_else(|| UNKNOWN_ACTOR.to_owned()),
            occurred_at: time.clone().unwrap_or_default(),
            reason: optional(self.places.reason),
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

/// Replaces line breaks and other control characters by spaces.
fn one_line(text: &str) -> String {
    let parts = text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}
