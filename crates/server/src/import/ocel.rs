//! A log in OCEL 2.0 (JSON): events that relate to objects.
//!
//! The objects follow the events, so the document is read as a whole.

use std::{
    collections::{BTreeMap, HashMap},
    io::{BufReader, Read},
    vec::IntoIter,
};

use serde::Deserialize;
use serde_json::Value;

use super::{
    cells::{Attributes, Cells, Names, Source},
    map::Columns,
};

/// The attributes of an event, and the related objects by their qualifier or type: `case` is the name or else the id of
/// one, `case.owner` its attribute `owner`.
const NAMES: Names = Names {
    case: &["case_number", "case.case_number", "case"],
    status: &["status", "type"],
    actor: &["actor"],
    occurred_at: &["time"],
    reason: &["reason"],
};

#[derive(Deserialize)]
struct Document {
    events: Vec<Event>,
    objects: Vec<Object>,
}

#[derive(Deserialize)]
struct Event {
    id: String,
    r#type: String,
    time: String,
    #[serde(default)]
    attributes: Vec<Attribute>,
    #[serde(default)]
    relationships: Vec<Relationship>,
}

#[derive(Deserialize)]
struct Object {
    id: String,
    r#type: String,
    #[serde(default)]
    attributes: Vec<Attribute>,
}

#[derive(Deserialize)]
struct Attribute {
    name: String,
    value: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    object_id: String,
    #[serde(default)]
    qualifier: String,
}

pub(super) struct Ocel {
    events: IntoIter<Event>,
    objects: HashMap<String, Object>,
    columns: Option<Columns>,
    /// Number of events read. The position in the text is not known.
    read: u64,
}

impl Ocel {
    /// Reads the document.
    ///
    /// # Errors
    /// If it is not OCEL.
    pub(super) fn read(text: impl Read, columns: Option<Columns>) -> anyhow::Result<Self> {
        let Document { events, objects } = serde_json::from_reader(BufReader::new(text))?;
        let objects = objects.into_iter().map(|object| (object.id.clone(), object)).collect();
        Ok(Self { events: events.into_iter(), objects, columns, read: 0 })
    }
}

impl Source for Ocel {
    fn next_cells(&mut self) -> anyhow::Result<Option<Cells>> {
        let Some(event) = self.events.next() else { return Ok(None) };
        self.read += 1;
        let mut attributes = Attributes::new();
        // Of several objects with one qualifier, the first counts.
        for related in event.relationships.iter().rev() {
            let object = self.objects.get(&related.object_id);
            let kind = object.map_or(related.qualifier.as_str(), |object| object.r#type.as_str());
            let of_object = object.into_iter().flat_map(|object| &object.attributes);
            let of_object = of_object.map(|attribute| (attribute.name.as_str(), text(&attribute.value)));
            let of_object = of_object.collect::<BTreeMap<_, _>>();
            for word in [kind, related.qualifier.as_str()] {
                let named = of_object.get("name").unwrap_or(&related.object_id);
                attributes.insert(word.to_owned(), named.clone());
                attributes.extend(of_object.iter().map(|(name, text)| (format!("{word}.{name}"), text.clone())));
            }
        }
        attributes.extend(event.attributes.iter().map(|attribute| (attribute.name.clone(), text(&attribute.value))));
        attributes.extend(
            [("id", event.id), ("type", event.r#type), ("time", event.time)]
                .map(|(name, text)| (name.to_owned(), text)),
        );
        Ok(Some(NAMES.cells(self.columns.as_ref(), self.read, &attributes)))
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
