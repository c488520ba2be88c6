//! The import map: the format of a log, and the workflow status of each of its statuses.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use docket_domain::{
    import::LogMap,
    workflow::{StatusKey, Workflow},
};
use encoding_rs::Encoding;
use serde::Deserialize;

use super::time::Times;

/// An import map, as a TOML file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Name of the log.
    source: String,
    /// Statuses of the log whose rows are skipped.
    #[serde(default)]
    skip: BTreeSet<String>,
    /// Label in the WHATWG Encoding Standard.
    encoding: Option<String>,
    delimiter: Option<char>,
    quote: Option<char>,
    /// Line of the header, from 1, or `false`.
    header: Option<Header>,
    /// Format of times, as for `strftime`.
    time_format: Option<String>,
    /// Zone of times without one.
    time_zone: Option<String>,
    /// Text between the columns of a status.
    #[serde(default = "plus")]
    status_separator: String,
    /// Names of the columns in the header, or their numbers from 1 in a log without a header. XES, OCEL and JSON lines
    /// have names of their own.
    columns: Option<Columns>,
    /// Workflow status by status of the log. Without it, a status of the log is the label or the key of one.
    statuses: Option<Statuses>,
}

/// Workflow status by status of a log.
type Statuses = BTreeMap<String, StatusKey>;

fn plus() -> String {
    "+".to_owned()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Header {
    /// Line number, from 1.
    Line(u64),
    /// `true`: the first line with the columns of the map. `false`: no header.
    Anywhere(bool),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Columns {
    /// Id of the case in the log.
    pub(super) case: String,
    /// Status after the event.
    pub(super) status: OneOrMore,
    pub(super) actor: Option<String>,
    pub(super) occurred_at: String,
    pub(super) reason: Option<String>,
}

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

/// How to read a log. Fields that are `None` are detected.
#[derive(Debug, Clone)]
pub struct Format {
    pub(super) encoding: Option<&'static Encoding>,
    pub(super) delimiter: Option<u8>,
    pub(super) quote: Option<u8>,
    pub(super) header: Option<Header>,
    pub(super) times: Times,
    pub(super) status_separator: String,
    pub(super) columns: Option<Columns>,
}

impl Map {
    /// Reads a map and checks it against the workflow.
    ///
    /// # Errors
    /// All faults of the statuses, or the first fault elsewhere.
    pub fn read(toml: &str, workflow: &Workflow) -> anyhow::Result<(LogMap, Format)> {
        let read = Self::parse(toml).and_then(|(map, statuses, format)| {
            // A label comes before a key that reads the same.
            let words = || {
                let keys = workflow.statuses().iter().map(|status| (status.key.to_string(), status.key.clone()));
                let labels = workflow.statuses().iter().map(|status| (status.label.clone(), status.key.clone()));
                keys.chain(labels).collect()
            };
            let map = LogMap { statuses: statuses.unwrap_or_else(words), ..map };
            map.check(workflow).map_err(|faults| {
                anyhow::anyhow!(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
            })?;
            Ok((map, format))
        });
        read.context("the map is invalid")
    }

    /// Reads how to read a log, and the statuses if the map names them.
    ///
    /// # Errors
    /// The first fault.
    pub fn read_format(toml: &str) -> anyhow::Result<(Option<Statuses>, Format)> {
        let (_, statuses, format) = Self::parse(toml).context("the map is invalid")?;
        Ok((statuses, format))
    }

    /// The map without its statuses, the statuses, and the format.
    fn parse(toml: &str) -> anyhow::Result<(LogMap, Option<Statuses>, Format)> {
        let map = toml::from_str::<Self>(toml)?;
        let encoding = map.encoding.map(|label| {
            let encoding = Encoding::for_label(label.as_bytes());
            encoding.with_context(|| {
                format!("encoding: {label:?} is unknown; expected a label such as utf-8, utf-16le or windows-1252")
            })
        });
        let names_status = |columns: &Columns| !columns.status.names().is_empty();
        anyhow::ensure!(map.columns.as_ref().is_none_or(names_status), "columns.status must name at least one column");
        anyhow::ensure!(map.header != Some(Header::Line(0)), "header must be a line number from 1, or false");
        let format = Format {
            encoding: encoding.transpose()?,
            delimiter: map.delimiter.map(|c| one_byte("delimiter", c)).transpose()?,
            quote: map.quote.map(|c| one_byte("quote", c)).transpose()?,
            header: map.header,
            times: Times::new(map.time_format, map.time_zone.as_deref())?,
            status_separator: map.status_separator,
            columns: map.columns,
        };
        Ok((LogMap { source: map.source, statuses: BTreeMap::new(), skip: map.skip }, map.statuses, format))
    }
}

impl Format {
    /// The columns, which a table must have.
    ///
    /// # Errors
    /// If the map names none.
    pub(super) fn named_columns(&self) -> anyhow::Result<&Columns> {
        self.columns.as_ref().context("the map has no [columns], which a table needs")
    }
}

fn one_byte(field: &str, c: char) -> anyhow::Result<u8> {
    let is_one = |byte: &u8| byte.is_ascii() && !matches!(byte, b'\r' | b'\n');
    u8::try_from(c)
        .ok()
        .filter(is_one)
        .with_context(|| format!("{field} must be an ASCII character other than a line break, got {c:?}"))
}
