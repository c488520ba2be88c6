//! Results on stdout.

use std::io::{self, IsTerminal as _, Write as _};

use clap::{Args, ValueEnum};
use serde_json::{Map, Value};

/// Prints one or more lines in one write, so that a pipe receives them together, and at once.
pub(super) fn print(lines: impl std::fmt::Display) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(format!("{lines}\n").as_bytes())?;
    Ok(out.flush()?)
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Format of the list: a table on a terminal and tab-separated values in a pipe by default.
    #[arg(long, value_enum)]
    format: Option<Format>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Aligned columns with a header.
    Table,
    /// Tab-separated values without a header.
    Tsv,
    /// An array of objects.
    Json,
}

impl ListArgs {
    /// Prints rows, each with a text for every column.
    pub(super) fn print<const N: usize>(&self, columns: [&str; N], rows: &[[String; N]]) -> anyhow::Result<()> {
        let unasked = if io::stdout().is_terminal() { Format::Table } else { Format::Tsv };
        match self.format.unwrap_or(unasked) {
            Format::Table => {
                let header = columns.map(str::to_uppercase);
                let lines = [&header].into_iter().chain(rows);
                let widths = lines.clone().fold([0; N], |mut widths, line| {
                    widths.iter_mut().zip(line).for_each(|(width, text)| *width = text.chars().count().max(*width));
                    widths
                });
                for line in lines {
                    let cells = line.iter().zip(widths).map(|(text, width)| format!("{text:<width$}"));
                    print(cells.collect::<Vec<_>>().join("  ").trim_end())?;
                }
                Ok(())
            }
            Format::Tsv => rows.iter().try_for_each(|row| print(row.join("\t"))),
            Format::Json => {
                let objects = rows.iter().map(|row| {
                    let fields = columns.iter().zip(row).map(|(name, text)| ((*name).to_owned(), text.as_str().into()));
                    Value::Object(fields.collect::<Map<_, _>>())
                });
                print(serde_json::to_string_pretty(&objects.collect::<Value>())?)
            }
        }
    }
}
