//! The report of an import: every row that changed nothing, with the reason, and the progress on a terminal.

use std::{
    fs::File,
    io::{self, BufWriter, IsTerminal as _, Write},
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use chrono::SecondsFormat;
use docket_domain::{
    import::{Counts, Remark, Why},
    time::Timestamp,
};

use super::InvalidRow;

/// Minimum time between two updates of the progress.
const OFTEN: Duration = Duration::from_millis(200);

pub struct Report {
    out: Option<Box<dyn Write>>,
    terminal: bool,
    start: Instant,
    told: Option<Instant>,
}

impl Report {
    /// Writes to a file, or to stderr. The progress goes to stderr if that is a terminal.
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
        Ok(Self { out: Some(out), terminal: io::stderr().is_terminal(), start: Instant::now(), told: None })
    }

    /// Writes nothing.
    #[must_use]
    pub fn silent() -> Self {
        Self { out: None, terminal: false, start: Instant::now(), told: None }
    }

    pub(super) fn remarks(&mut self, remarks: &[Remark]) -> io::Result<()> {
        remarks.iter().try_for_each(|remark| self.line(&in_words(remark)))
    }

    pub(super) fn invalid(&mut self, row: &InvalidRow) -> io::Result<()> {
        self.line(&format!("line {}: skipped: {}", row.line, row.reasons.join("; ")))
    }

    fn line(&mut self, line: &str) -> io::Result<()> {
        let Some(out) = &mut self.out else { return Ok(()) };
        if self.told.take().is_some() {
            // Clear the line with the progress.
            write!(io::stderr(), "\r\x1b[K")?;
        }
        writeln!(out, "{line}")
    }

    pub(super) fn progress(&mut self, counts: &Counts) {
        if self.terminal && self.told.is_none_or(|told| told.elapsed() >= OFTEN) {
            self.told = Some(Instant::now());
            // An import does not fail because its progress cannot be written.
            drop(write!(io::stderr(), "\r\x1b[K{}", self.so_far(counts)));
        }
    }

    pub(super) fn finish(&mut self, counts: &Counts) -> io::Result<()> {
        if let Some(out) = &mut self.out {
            out.flush()?;
            if self.terminal {
                writeln!(io::stderr(), "\r\x1b[K{}", self.so_far(counts))?;
            }
        }
        Ok(())
    }

    fn so_far(&self, counts: &Counts) -> String {
        let seconds = self.start.elapsed().as_secs_f64();
        let Counts { cases, events, known, .. } = counts;
        #[expect(clippy::cast_precision_loss, reason = "an approximate rate for display")]
        let rate = (events + known) as f64 / seconds.max(0.001);
        format!(
            "{events} events, {cases} new cases, {known} events already imported, {rate:.0} events/s, {seconds:.0} s"
        )
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
