//! Results on stdout.

use std::io::{self, Write as _};

/// Prints a result.
pub(super) fn print(line: impl std::fmt::Display) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}
