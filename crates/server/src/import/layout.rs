//! The layout of a CSV log. What the map does not define is detected from the beginning of the log.

use anyhow::Context as _;
use csv::StringRecord;

use super::{
    map::{Columns, Format, Header},
    time::{Times, find_day_place},
};

/// Number of lines that are searched for the header.
const HEADER_LINES: usize = 20;
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
const QUOTES: [u8; 2] = [b'"', b'\''];

/// A detected layout.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    pub(super) quote: u8,
    /// Start of the header, or of the first row in a log without one.
    pub(super) start: Start,
    pub(super) has_header: bool,
    /// Number of fields per row.
    pub(super) width: usize,
    pub(super) places: Places,
}

/// The start of a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    /// Line number, from 1.
    pub(super) line: u64,
    /// Offset in bytes.
    pub(super) bytes: usize,
}

/// Positions of the columns, from 0.
#[derive(Debug, Clone)]
pub(super) struct Places {
    pub(super) case: usize,
    pub(super) status: Vec<usize>,
    pub(super) actor: Option<usize>,
    pub(super) occurred_at: usize,
    pub(super) reason: Option<usize>,
}

/// One way to split a line into fields.
struct Reading {
    delimiter: u8,
    quote: u8,
    start: Start,
    fields: StringRecord,
}

impl Layout {
    /// Detects what the format does not define, including which number of a date is the day.
    ///
    /// # Errors
    /// If no line has all columns, or a column occurs twice. The message lists the columns that were found.
    pub(super) fn find(sample: &str, format: &Format, times: &mut Times) -> anyhow::Result<Self> {
        let layout = Self::find_columns(sample, format)?;
        let rows = layout.reader(sample.get(layout.start.bytes..).unwrap_or_default().as_bytes());
        let rows = rows.into_records().map_while(Result::ok).skip(usize::from(layout.has_header));
        let found = rows.filter_map(|row| Some(row.get(layout.places.occurred_at)?.trim().to_owned()));
        let found = found.collect::<Vec<_>>();
        times.day_place = find_day_place(found.iter().map(String::as_str));
        Ok(layout)
    }

    pub(super) fn reader<R: std::io::Read>(&self, text: R) -> csv::Reader<R> {
        reader(self.delimiter, self.quote, text)
    }

    fn find_columns(sample: &str, format: &Format) -> anyhow::Result<Self> {
        let columns = format.named_columns()?;
        let header = match format.header {
            Some(Header::Line(line)) => Some(line),
            Some(Header::Anywhere(false)) => return Self::without_header(sample, format),
            Some(Header::Anywhere(true)) | None => None,
        };
        let starts = starts(sample).filter(|start| header.is_none_or(|line| line == start.line));
        let starts = starts.take(HEADER_LINES).collect::<Vec<_>>();
        anyhow::ensure!(!starts.is_empty(), "header: the log has no such line");
        let readings = starts.iter().flat_map(|start| readings(sample, *start, format)).collect::<Vec<_>>();
        for reading in &readings {
            if let Some(places) = Places::by_name(columns, &reading.fields)? {
                return Ok(Self::new(sample, format, reading, places, true));
            }
        }
        if format.header.is_none() && columns.numbers().is_some() {
            return Self::without_header(sample, format);
        }
        let best = widest(&readings).context("the log is empty: it has no header")?;
        let found = best.fields.iter().map(|name| format!("{:?}", name.trim())).collect::<Vec<_>>().join(", ");
        let has = |name: &&String| best.fields.iter().any(|field| field.trim() == name.as_str());
        let missing = columns.names().filter(|name| !has(name)).map(|name| format!("{name:?}")).collect::<Vec<_>>();
        anyhow::bail!("there is no column {}; the columns are {found}", missing.join(", "))
    }

    fn without_header(sample: &str, format: &Format) -> anyhow::Result<Self> {
        let numbers = format.named_columns()?.numbers();
        let places = numbers.context("without a header, a column must be named by its number, from 1")?;
        let start = starts(sample).next().context("the log is empty")?;
        let readings = readings(sample, start, format).collect::<Vec<_>>();
        let reading = widest(&readings).context("the log is empty")?;
        let width = reading.fields.len();
        anyhow::ensure!(places.last() < width, "there is no column {}; the first row has {width}", places.last() + 1);
        Ok(Self::new(sample, format, reading, places, false))
    }

    fn new(sample: &str, format: &Format, reading: &Reading, places: Places, has_header: bool) -> Self {
        let Reading { delimiter, start, .. } = *reading;
        let mut quote = reading.quote;
        if format.quote.is_none() && !sample.contains('"') {
            // A header without quotes does not show the quote of the rows.
            let [opens, closes] = [[delimiter, b'\''], [b'\'', delimiter]];
            let has = |pair: [u8; 2]| sample.as_bytes().windows(2).any(|bytes| bytes == pair);
            if has(opens) && has(closes) {
                quote = b'\'';
            }
        }
        Self { delimiter, quote, start, has_header, width: reading.fields.len(), places }
    }
}

impl Columns {
    fn names(&self) -> impl Iterator<Item = &String> {
        let others = [&self.case, &self.occurred_at].into_iter().chain(&self.actor).chain(&self.reason);
        others.chain(self.status.names())
    }

    /// Positions of columns that the map names by number.
    fn numbers(&self) -> Option<Places> {
        let number = |name: &String| name.parse::<usize>().ok()?.checked_sub(1);
        let optional = |name: &Option<String>| match name {
            Some(name) => number(name).map(Some),
            None => Some(None),
        };
        Some(Places {
            case: number(&self.case)?,
            status: self.status.names().iter().map(number).collect::<Option<_>>()?,
            actor: optional(&self.actor)?,
            occurred_at: number(&self.occurred_at)?,
            reason: optional(&self.reason)?,
        })
    }
}

impl Places {
    /// Positions of columns by their names in the header. `None` if one is missing.
    fn by_name(columns: &Columns, header: &StringRecord) -> anyhow::Result<Option<Self>> {
        let place = |name: &String| {
            let mut places = header.iter().enumerate().filter(|(_, found)| found.trim() == name);
            let place = places.next().map(|(place, _)| place);
            anyhow::ensure!(places.next().is_none(), "there are several columns {name:?}");
            Ok(place)
        };
        if columns.names().map(place).collect::<anyhow::Result<Option<Vec<_>>>>()?.is_none() {
            return Ok(None);
        }
        let optional = |name: &Option<String>| name.as_ref().map_or(Ok(None), place);
        let (Some(case), Some(occurred_at)) = (place(&columns.case)?, place(&columns.occurred_at)?) else {
            return Ok(None);
        };
        let status = columns.status.names().iter().map(place).collect::<anyhow::Result<Option<_>>>()?;
        let (actor, reason) = (optional(&columns.actor)?, optional(&columns.reason)?);
        Ok(status.map(|status| Self { case, status, actor, occurred_at, reason }))
    }

    /// The greatest position.
    fn last(&self) -> usize {
        let others = [self.case, self.occurred_at].into_iter().chain(self.actor).chain(self.reason);
        others.chain(self.status.iter().copied()).max().unwrap_or(0)
    }
}

fn reader<R: std::io::Read>(delimiter: u8, quote: u8, text: R) -> csv::Reader<R> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).quote(quote).from_reader(text)
}

/// The lines that are not blank.
fn starts(sample: &str) -> impl Iterator<Item = Start> {
    let mut next = 0;
    let starts = (1..).zip(sample.split_inclusive('\n')).map(move |(line, text)| {
        let bytes = next;
        next += text.len();
        (Start { line, bytes }, text)
    });
    starts.filter(|(_, text)| !text.trim().is_empty()).map(|(start, _)| start)
}

/// The record at the start of a line, for every possible delimiter and quote.
fn readings<'s>(sample: &'s str, start: Start, format: &Format) -> impl Iterator<Item = Reading> + use<'s> {
    let delimiters = format.delimiter.map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    let quotes = format.quote.map_or(QUOTES.to_vec(), |quote| vec![quote]);
    let text = sample.get(start.bytes..).unwrap_or_default();
    delimiters.into_iter().flat_map(move |delimiter| {
        let reading = move |quote| {
            let mut fields = StringRecord::new();
            reader(delimiter, quote, text.as_bytes()).read_record(&mut fields).ok()?;
            Some(Reading { delimiter, quote, start, fields })
        };
        quotes.clone().into_iter().filter_map(reading)
    })
}

fn widest(readings: &[Reading]) -> Option<&Reading> {
    // Of several maxima, `max_by_key` returns the last; the first one is wanted.
    readings.iter().rev().max_by_key(|reading| reading.fields.len())
}
