//! The report of an import: every row that changed nothing, with the reason, and the progress on a terminal.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::Path,
    time::Instant,
};

use anyhow::Context as _;
use chrono::SecondsFormat;
use docket_domain::{
    import::{Counts, Remark, Why},
    time::Timestamp,
};
use indicatif::ProgressBar;

use super::InvalidRow;
use crate::progress::spinner;

pub struct Report {
    out: Option<Box<dyn Write>>,
    bar: ProgressBar,
    start: Instant,
}

impl Report {
    /// Writes to a file, or to stderr.
    ///
    /// # Errors
    /// If the file cannot be created.
    pub fn new(file: Option<&Path>) -> anyhow::Result<Self> {
        let out: Box<dyn Write> = match file {
            Some(path) => {
                let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
                Box::new(BufWriter::new(file))
            }
            None => Box::new(io::stderr()),
        };
        Ok(Self { out: Some(out), bar: spinner("reading the log"), start: Instant::now() })
    }

    /// Writes nothing.
    #[must_use]
    pub fn silent() -> Self {
        Self { out: None, bar: ProgressBar::hidden(), start: Instant::now() }
    }

    pub(super) fn remarks(&mut self, remarks: &[Remark]) -> io::Result<()> {
        remarks.iter().try_for_each(|remark| self.line(&in_words(remark)))
    }

    pub(super) fn invalid(&mut self, row: &InvalidRow) -> io::Result<()> {
        self.line(&format!("line {}: skipped: {}", row.line, row.reasons.join("; ")))
    }

    fn line(&mut self, line: &str) -> io::Result<()> {
        let Self { out: Some(out), bar, .. } = self else { return Ok(()) };
        bar.suspend(|| writeln!(out, "{line}"))
    }

    pub(super) fn progress(&self, counts: &Counts) {
        self.bar.set_message(self.so_far(counts));
    }

    pub(super) fn finish(&mut self, counts: &Counts) -> io::Result<()> {
        self.bar.finish_with_message(self.so_far(counts));
        self.out.as_mut().map_or(Ok(()), Write::flush)
    }

    fn so_far(&self, counts: &Counts) -> String {
        let seconds = self.start.elapsed().as_secs_f64();
        let Counts { cases, events, known, .. } = counts;
        #[expect(clippy::cast_precision_loss, reason = "an approximate rate for display")]
        let rate = (events + known) as f64 / seconds.max(0.001);
        format!("{events} events, {cases} new cases, {known} events already imported, {rate:.0} events/s")
    }
}

fn in_words(remark: &Remark) -> String {
    let Remark { line, case, status, occurred_at, why } = remark;
    let why = match why {
        Why::Skipped => format!("skipped: the status {status:?} is in the skip list of the map"),
        Why::Unknown => format!("skipped: the status {status:?} is not in the map"),
        Why::Late { imported_to } => {
            let (this, newest) = (time(*occurred_at), time(*imported_to));
            format!("skipped: the row is of {this}, and the case is already imported up to {newest}")
        }
        Why::Refused { from, to, reason } => {
            let from = from.as_ref().map_or("(not created)", |from| from.as_str());
            format!("refused: {from} → {to}: {reason}")
        }
    };
    format!("line {line}: case {case}: {why}")
}

fn time(time: Timestamp) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
