//! A log as JSON lines: one object per line, as `docket export event-log --format jsonl` writes them.

use std::io::{BufRead as _, BufReader, Read};

use serde_json::Value;

use super::{
    cells::{Attributes, Cells, Names, Source},
    map::Columns,
    text::Text,
};

/// The fields of an event of Docket.
const NAMES: Names = Names {
    case: &["case.case_number", "case_number", "case_id", "case"],
    status: &["data.to", "data.status", "status", "type"],
    actor: &["actor.name", "actor"],
    occurred_at: &["occurred_at"],
    reason: &["data.reason", "reason"],
};

/// Longest line in bytes.
const LINE_MAX: u64 = 16 << 20;

pub(super) struct JsonLines {
    text: BufReader<Text>,
    columns: Option<Columns>,
    line: u64,
}

impl JsonLines {
    pub(super) fn new(text: impl Read + 'static, columns: Option<Columns>) -> Self {
        Self { text: BufReader::new(Box::new(text)), columns, line: 0 }
    }
}

impl Source for JsonLines {
    fn next_cells(&mut self) -> anyhow::Result<Option<Cells>> {
        let mut text = String::new();
        while text.trim().is_empty() {
            text.clear();
            self.line += 1;
            if self.text.by_ref().take(LINE_MAX).read_line(&mut text)? == 0 {
                return Ok(None);
            }
            anyhow::ensure!(text.ends_with('\n'), "line {} is longer than {LINE_MAX} bytes", self.line);
        }
        let mut attributes = Attributes::new();
        Ok(Some(match serde_json::from_str(&text) {
            Ok(object @ Value::Object(_)) => {
                flatten(&mut attributes, "", &object);
                NAMES.cells(self.columns.as_ref(), self.line, &attributes)
            }
            Ok(_) => Cells { line: self.line, fault: Some("the line is no object".to_owned()), ..Cells::default() },
            Err(error) => {
                let fault = Some(format!("the line is no JSON: {error}"));
                Cells { line: self.line, fault, ..Cells::default() }
            }
        }))
    }
}

/// Names each text, number and truth value by the fields that lead to it, joined with dots.
fn flatten(attributes: &mut Attributes, name: &str, value: &Value) {
    let text = match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                let name = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                flatten(attributes, &name, value);
            }
            return;
        }
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Null | Value::Array(_) => return,
    };
    attributes.insert(name.to_owned(), text);
}
