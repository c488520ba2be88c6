//! A log in XES (IEEE 1849-2016): traces with events.

use std::io::{BufReader, Read};

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::{
    cells::{Attributes, Cells, Names, Source},
    map::Columns,
    text::Text,
};

/// The keys of the standard extensions.
const NAMES: Names = Names {
    case: &["case:concept:name", "case:identity:id"],
    status: &["status", "concept:name"],
    actor: &["org:resource"],
    occurred_at: &["time:timestamp"],
    reason: &["reason"],
};

/// Marks an attribute of the trace.
const CASE: &str = "case:";
/// Greatest depth of elements.
const DEEPEST: usize = 100;

pub(super) struct Xes {
    xml: Reader<BufReader<Text>>,
    columns: Option<Columns>,
    buffer: Vec<u8>,
    line: u64,
    /// The open elements.
    open: Vec<Element>,
    /// Attributes of the trace, and of the event.
    trace: Attributes,
    event: Attributes,
    /// Line on which the event begins.
    begin: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Trace,
    Event,
    /// The log itself, an attribute, or anything else.
    Other,
}

impl Xes {
    pub(super) fn new(text: impl Read + 'static, columns: Option<Columns>) -> Self {
        // The key of the case is an attribute of the trace.
        let columns = columns.map(|mut columns| {
            if !columns.case.starts_with(CASE) {
                columns.case.insert_str(0, CASE);
            }
            columns
        });
        let text: Text = Box::new(text);
        Self {
            xml: Reader::from_reader(BufReader::new(text)),
            columns,
            buffer: Vec::new(),
            line: 1,
            open: Vec::new(),
            trace: Attributes::new(),
            event: Attributes::new(),
            begin: 1,
        }
    }

    /// An element begins.
    fn begin(&mut self, start: &BytesStart<'_>) -> anyhow::Result<Element> {
        match start.local_name().as_ref() {
            b"trace" => {
                self.trace.clear();
                Ok(Element::Trace)
            }
            b"event" => {
                self.event = self.trace.clone();
                self.begin = self.line;
                Ok(Element::Event)
            }
            _ => {
                let parent = self.open.last().copied().unwrap_or(Element::Other);
                self.add_attribute(parent, start)?;
                Ok(Element::Other)
            }
        }
    }

    fn add_attribute(&mut self, parent: Element, start: &BytesStart<'_>) -> anyhow::Result<()> {
        let (mut key, mut value) = (None, None);
        for attribute in start.attributes() {
            let attribute = attribute?;
            match attribute.key.as_ref() {
                b"key" => key = Some(attribute.normalized_value(XmlVersion::Implicit1_0)?.into_owned()),
                b"value" => value = Some(attribute.normalized_value(XmlVersion::Implicit1_0)?.into_owned()),
                _ => {}
            }
        }
        let (Some(key), Some(value)) = (key, value) else { return Ok(()) };
        match parent {
            Element::Trace => self.trace.insert(format!("{CASE}{key}"), value),
            Element::Event => self.event.insert(key, value),
            Element::Other => None,
        };
        Ok(())
    }
}

impl Source for Xes {
    fn next_cells(&mut self) -> anyhow::Result<Option<Cells>> {
        loop {
            let mut buffer = std::mem::take(&mut self.buffer);
            buffer.clear();
            let part = self.xml.read_event_into(&mut buffer)?;
            let lines = part.iter().filter(|byte| **byte == b'\n').count() as u64;
            let mut is_event_over = false;
            match &part {
                Event::Start(start) => {
                    let element = self.begin(start)?;
                    anyhow::ensure!(self.open.len() < DEEPEST, "line {}: elements are nested too deeply", self.line);
                    self.open.push(element);
                }
                Event::Empty(start) => is_event_over = self.begin(start)? == Element::Event,
                Event::End(_) => is_event_over = self.open.pop() == Some(Element::Event),
                Event::Eof => {
                    anyhow::ensure!(self.open.is_empty(), "the log ends within an element");
                    return Ok(None);
                }
                Event::Text(_) | Event::CData(_) | Event::Comment(_) | Event::Decl(_) => {}
                Event::PI(_) | Event::DocType(_) | Event::GeneralRef(_) => {}
            }
            self.line += lines;
            drop(part);
            self.buffer = buffer;
            if is_event_over {
                return Ok(Some(NAMES.cells(self.columns.as_ref(), self.begin, &self.event)));
            }
        }
    }
}
