//! Runs statements with psql.

use std::process::Stdio;

use anyhow::Context as _;
use docket_persistence::testing;

/// Runs statements and returns psql's output, one line per row.
pub(crate) fn psql(url: &str, sql: &str) -> anyhow::Result<String> {
    let mut psql = testing::program("psql").context("PostgreSQL's programs are missing")?;
    let output = psql
        .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
        .stdin(Stdio::null())
        .output()?;
    anyhow::ensure!(output.status.success(), "psql: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
