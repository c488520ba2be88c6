//! A log as a table: comma-separated values and their kin.

use std::io::Read;

use csv::StringRecord;

use super::{
    Format,
    cells::{Cells, Source},
    layout::{Layout, Places},
    text::Text,
    time::Times,
};

/// Appended to the log. If a quote is not closed, it becomes part of the last row.
const END: &str = "\u{1a}end of the log";

pub(super) struct Table {
    csv: csv::Reader<Text>,
    places: Places,
    width: usize,
    /// Number of lines before the text that `csv` reads.
    lines_before: u64,
    record: StringRecord,
}

impl Table {
    /// Reads the header. Detects which number of a date is the day.
    ///
    /// # Errors
    /// If the log cannot be read, or a column is missing or occurs twice.
    pub(super) fn new(
        sample: &str,
        mut text: impl Read + 'static,
        format: &Format,
        times: &mut Times,
    ) -> anyhow::Result<Self> {
        let layout = Layout::find(sample, format, times)?;
        std::io::copy(&mut text.by_ref().take(layout.start.bytes as u64), &mut std::io::sink())?;
        let csv = layout.reader::<Text>(Box::new(text.chain(END.as_bytes())));
        let Layout { start, has_header, width, places, .. } = layout;
        let mut table = Self { csv, places, width, lines_before: start.line - 1, record: StringRecord::new() };
        if has_header {
            table.next_record()?;
        }
        Ok(table)
    }

    /// Reads a record and returns its first line.
    fn next_record(&mut self) -> anyhow::Result<Option<u64>> {
        let is_record = self.csv.read_record(&mut self.record)?;
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

    fn fault(&self) -> Option<String> {
        if self.is_open() {
            return Some("a quote is not closed, so the rest of the log is part of this row".to_owned());
        }
        let (found, expected) = (self.record.len(), self.width);
        (found != expected).then(|| format!("the row has {found} fields, expected {expected}"))
    }
}

impl Source for Table {
    fn next_cells(&mut self) -> anyhow::Result<Option<Cells>> {
        let Some(line) = self.next_record()? else { return Ok(None) };
        let cell = |place: usize| self.record.get(place).unwrap_or_default().to_owned();
        Ok(Some(Cells {
            line,
            case: cell(self.places.case),
            status: self.places.status.iter().map(|place| cell(*place)).collect(),
            actor: self.places.actor.map(cell),
            occurred_at: cell(self.places.occurred_at),
            reason: self.places.reason.map(cell),
            fault: self.fault(),
        }))
    }
}
