//! A log as a stream of rows.

use std::io;

use anyhow::Context as _;
use csv::StringRecord;
use docket_domain::import::LogRow;

use super::Columns;
use crate::api::fields::parse_timestamp;

/// Reads a CSV log row by row.
pub struct Reader<R> {
    csv: csv::Reader<R>,
    places: Places,
    record: StringRecord,
}

struct Places {
    case: usize,
    status: usize,
    actor: usize,
    occurred_at: usize,
}

impl<R: io::Read> Reader<R> {
    /// Reads the first line.
    ///
    /// # Errors
    /// Where a column is missing or named twice.
    pub fn new(input: R, columns: &Columns) -> anyhow::Result<Self> {
        let mut csv = csv::ReaderBuilder::new().from_reader(input);
        let header = csv.headers().context("the first line cannot be read")?;
        let place = |name: &str| {
            let mut places =
                header.iter().enumerate().filter(|(_, found)| found.trim() == name).map(|(place, _)| place);
            let place = places.next().with_context(|| format!("there is no column {name:?}"))?;
            anyhow::ensure!(places.next().is_none(), "there are several columns {name:?}");
            Ok(place)
        };
        let places = Places {
            case: place(&columns.case)?,
            status: place(&columns.status)?,
            actor: place(&columns.actor)?,
            occurred_at: place(&columns.occurred_at)?,
        };
        Ok(Self { csv, places, record: StringRecord::new() })
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// Where the line is not CSV in UTF-8 with the columns of the first one, or has a value that cannot be kept.
    pub fn next_row(&mut self) -> anyhow::Result<Option<LogRow>> {
        if !self.csv.read_record(&mut self.record)? {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        let field = |place: usize| self.record.get(place).unwrap_or_default().trim();
        let time = field(self.places.occurred_at);
        let occurred_at = parse_timestamp(time);
        let occurred_at = occurred_at.with_context(|| format!("line {line}: {time:?} is not a time (RFC 3339)"))?;
        let row = LogRow {
            line,
            case: field(self.places.case).to_owned(),
            status: field(self.places.status).to_owned(),
            actor: field(self.places.actor).to_owned(),
            occurred_at,
            reason: None,
        };
        row.check().map_err(|faults| {
            let faults = faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            anyhow::anyhow!("line {line}: {faults}")
        })?;
        Ok(Some(row))
    }
}
