//! Results on stdout.

use std::io::{self, Write as _};

/// Prints a line and flushes it, so that a pipe receives it at once.
pub(super) fn print(line: impl std::fmt::Display) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
