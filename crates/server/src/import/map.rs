//! What a map says: how a log is to be read, and which of its statuses is which of the workflow.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use docket_domain::{
    import::LogMap,
    workflow::{StatusKey, Workflow},
};
use encoding_rs::Encoding;
use serde::Deserialize;

use super::time::Times;

/// A map, as its TOML file has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// The name of the log.
    source: String,
    /// The statuses of the log that are left out on purpose.
    #[serde(default)]
    skip: BTreeSet<String>,
    /// The encoding, by its label of the WHATWG Encoding Standard.
    encoding: Option<String>,
    /// The character between two fields.
    delimiter: Option<char>,
    /// The character around a field.
    quote: Option<char>,
    /// The line with the names of the columns, from 1, or `false`.
    header: Option<Header>,
    /// The format of times, as for `strftime`.
    time_format: Option<String>,
    /// The zone of times that name none.
    time_zone: Option<String>,
    /// What stands between the columns of a status.
    #[serde(default = "plus")]
    status_separator: String,
    /// The columns by their names in the header, or by their numbers from 1 in a log without one.
    columns: Columns,
    /// The statuses of the workflow by those of the log.
    statuses: BTreeMap<String, StatusKey>,
}

fn plus() -> String {
    "+".to_owned()
}

/// Where the header is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Header {
    /// On this line, from 1.
    Line(u64),
    /// On the line that has the columns of the map, or nowhere.
    Anywhere(bool),
}

/// The columns of a log.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    /// The case by its id in the log.
    pub(super) case: String,
    /// The status after the event.
    pub(super) status: OneOrMore,
    /// Who did it.
    pub(super) actor: Option<String>,
    /// When.
    pub(super) occurred_at: String,
    /// Why.
    pub(super) reason: Option<String>,
}

/// One name, or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(super) fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::More(names) => names,
        }
    }
}

/// How a log is to be read. What is not given is found in the log.
#[derive(Debug, Clone)]
pub struct Format {
    pub(super) encoding: Option<&'static Encoding>,
    pub(super) delimiter: Option<u8>,
    pub(super) quote: Option<u8>,
    pub(super) header: Option<Header>,
    pub(super) times: Times,
    pub(super) status_separator: String,
    pub(super) columns: Columns,
}

impl Map {
    /// Reads a map and checks it against the workflow.
    ///
    /// # Errors
    /// Every fault in the statuses, or the first one elsewhere.
    pub fn read(toml: &str, workflow: &Workflow) -> anyhow::Result<(LogMap, Format)> {
        Self::parse(toml, workflow).context("the map is not as expected")
    }

    fn parse(toml: &str, workflow: &Workflow) -> anyhow::Result<(LogMap, Format)> {
        let map = toml::from_str::<Self>(toml)?;
        let encoding = map.encoding.map(|label| {
            let encoding = Encoding::for_label(label.as_bytes());
            encoding.with_context(|| format!("encoding: {label:?} is not known; utf-8, utf-16le and windows-1252 are"))
        });
        anyhow::ensure!(!map.columns.status.names().is_empty(), "columns.status must name at least one column");
        anyhow::ensure!(map.header != Some(Header::Line(0)), "header: the first line is 1");
        let format = Format {
            encoding: encoding.transpose()?,
            delimiter: map.delimiter.map(|c| one_byte("delimiter", c)).transpose()?,
            quote: map.quote.map(|c| one_byte("quote", c)).transpose()?,
            header: map.header,
            times: Times::new(map.time_format, map.time_zone.as_deref())?,
            status_separator: map.status_separator,
            columns: map.columns,
        };
        let log_map = LogMap { source: map.source, statuses: map.statuses, skip: map.skip };
        log_map
            .check(workflow)
            .map_err(|faults| anyhow::anyhow!(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
        Ok((log_map, format))
    }
}

fn one_byte(field: &str, c: char) -> anyhow::Result<u8> {
    let is_one = |byte: &u8| byte.is_ascii() && !matches!(byte, b'\r' | b'\n');
    u8::try_from(c).ok().filter(is_one).with_context(|| format!("{field}: {c:?} is not an ASCII character of a line"))
}
