//! The log of the process, on stderr: as text, or one JSON object a line.

use std::{io, io::Write as _};

use chrono::SecondsFormat;
use clap::ValueEnum;
use env_logger::{Builder, Env};
use log::{
    Record,
    kv::{Error, Key, Value, VisitSource},
};
use serde_json::{Map, Value as Json};

use crate::app;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// Lines of text.
    Text,
    /// One JSON object a line, with the fields of a request one by one.
    Json,
}

/// Logs at level `info` unless `DOCKET_LOG` says otherwise.
pub(super) fn start(format: LogFormat) {
    let mut log = Builder::from_env(Env::default().filter_or("DOCKET_LOG", "info,actix_server=warn"));
    // Below `info`, the driver logs the text of every statement.
    log.filter_module("tokio_postgres", log::LevelFilter::Info);
    log.format(move |out, record| {
        let now = app::now().to_rfc3339_opts(SecondsFormat::Millis, true);
        match format {
            LogFormat::Text => writeln!(out, "[{now} {:<5} {}] {}", record.level(), record.target(), record.args()),
            LogFormat::Json => writeln!(out, "{}", Json::Object(to_json(record, now)?)),
        }
    });
    log.init();
}

fn to_json(record: &Record<'_>, now: String) -> io::Result<Map<String, Json>> {
    let mut fields = Fields(Map::new());
    fields.0.insert("time".to_owned(), now.into());
    fields.0.insert("level".to_owned(), record.level().as_str().into());
    fields.0.insert("target".to_owned(), record.target().into());
    record.key_values().visit(&mut fields).map_err(io::Error::other)?;
    fields.0.insert("message".to_owned(), record.args().to_string().into());
    Ok(fields.0)
}

struct Fields(Map<String, Json>);

impl<'kvs> VisitSource<'kvs> for Fields {
    fn visit_pair(&mut self, key: Key<'kvs>, value: Value<'kvs>) -> Result<(), Error> {
        let number = value.to_u64().map(Json::from).or_else(|| value.to_f64().map(Json::from));
        self.0.insert(key.to_string(), number.unwrap_or_else(|| value.to_string().into()));
        Ok(())
    }
}
