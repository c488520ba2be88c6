//! Events in OCEL 2.0 (JSON): cases, people and documents are the objects.

use docket_domain::{
    error::Error,
    feed::{EVENT_TYPES, FeedEvent, FeedQuery, FeedSource, TypeFilter},
    id::{AccountId, PersonId},
    person::PersonFilter,
    store::{FeedStore as _, PeopleStore as _},
};
use docket_persistence::Database;
use serde_json::{Value, json};

use super::status::{reason_of, status_after};

const TEXT: &[&str] = &["case_number", "status", "reason", "actor"];

/// Events or people per page.
const PAGE: i64 = 500;

pub(super) fn head() -> String {
    let attributes =
        |names: &[&str]| names.iter().map(|name| json!({ "name": name, "type": "string" })).collect::<Vec<_>>();
    let objects = json!([
        { "name": "case", "attributes": attributes(&["case_number"]) },
        { "name": "person", "attributes": attributes(&["name", "kind"]) },
        { "name": "document", "attributes": attributes(&["file_name"]) },
    ]);
    let types = EVENT_TYPES.iter().map(|known| json!({ "name": known.name, "attributes": attributes(TEXT) }));
    let types = types.collect::<Value>();
    format!("{{\"objectTypes\":{objects},\"eventTypes\":{types},\"events\":[")
}

pub(super) fn event(event: &FeedEvent) -> Value {
    let mut attributes = Vec::new();
    let mut relations = Vec::new();
    if let FeedSource::Case { uuid, number, .. } = &event.source {
        relations.push(json!({ "objectId": uuid, "qualifier": "case" }));
        attributes.push(json!({ "name": "case_number", "value": number }));
    }
    if let Some(status) = status_after(event) {
        attributes.push(json!({ "name": "status", "value": status }));
    }
    if let Some(reason) = reason_of(event) {
        attributes.push(json!({ "name": "reason", "value": reason }));
    }
    if let Some(actor) = event.actor() {
        // An actor of an imported log is no person of the directory.
        attributes.push(json!({ "name": "actor", "value": actor.name }));
        relations.extend(actor.id.map(|id| json!({ "objectId": id.to_string(), "qualifier": "actor" })));
    }
    let subject = event.subject();
    if ["person", "document"].contains(&subject.kind) {
        relations.push(json!({ "objectId": subject.id, "qualifier": "subject" }));
    }
    json!({
        "id": event.id().to_string(),
        "type": event.kind(),
        "time": event.occurred_at().to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        "attributes": attributes,
        "relationships": relations,
    })
}

/// The elements of a JSON array, with the commas between them.
#[derive(Debug, Default)]
pub(super) struct Elements {
    has_some: bool,
}

impl Elements {
    pub(super) fn push(&mut self, out: &mut String, element: &Value) {
        if std::mem::replace(&mut self.has_some, true) {
            out.push(',');
        }
        out.push_str(&element.to_string());
    }
}

/// The objects written so far.
#[derive(Debug, Default)]
pub(super) enum Objects {
    /// The list has not begun.
    #[default]
    Head,
    /// Cases and documents, from their events behind a position.
    Logged(i64, Elements),
    /// People behind one.
    People(Option<PersonId>, Elements),
}

impl Objects {
    pub(super) async fn next(
        self,
        store: &Database,
        account: AccountId,
        end: i64,
    ) -> Result<(String, Option<Self>), Error> {
        match self {
            Self::Head => Ok(("],\"objects\":[".to_owned(), Some(Self::Logged(0, Elements::default())))),
            Self::Logged(after, mut elements) => {
                let types = TypeFilter::parse(["case.created", "document.added"]).unwrap_or_default();
                let query = FeedQuery { after, limit: PAGE, types, case: None };
                let page = store.read_feed(account, &query).await?;
                let mut part = String::new();
                let objects = page.events.iter().filter(|event| event.position <= end).filter_map(object);
                objects.for_each(|object| elements.push(&mut part, &object));
                let is_last = !page.has_more || page.upto >= end;
                let next = if is_last { Self::People(None, elements) } else { Self::Logged(page.upto, elements) };
                Ok((part, Some(next)))
            }
            Self::People(after, mut elements) => {
                let page = store.list_people(account, PersonFilter::default(), after, PAGE).await?;
                let person = |person: &docket_domain::person::Person| {
                    let at = person.created_at;
                    json!({ "id": person.id.to_string(), "type": "person", "attributes": [
                        { "name": "name", "time": at, "value": person.name },
                        { "name": "kind", "time": at, "value": person.kind.as_str() },
                    ] })
                };
                let mut part = String::new();
                page.rows.iter().for_each(|row| elements.push(&mut part, &person(row)));
                match page.rows.last().filter(|_| page.has_more) {
                    Some(last) => Ok((part, Some(Self::People(Some(last.id), elements)))),
                    None => Ok((format!("{part}]}}\n"), None)),
                }
            }
        }
    }
}

fn object(event: &FeedEvent) -> Option<Value> {
    let FeedSource::Case { event: logged, uuid, number } = &event.source else { return None };
    let at = logged.occurred_at;
    Some(match event.subject() {
        subject if subject.kind == "document" => json!({
            "id": subject.id, "type": "document",
            "attributes": [{ "name": "file_name", "time": at, "value": event.data().get("file_name") }],
            "relationships": [{ "objectId": uuid, "qualifier": "case" }],
        }),
        _ => json!({
            "id": uuid, "type": "case", "attributes": [{ "name": "case_number", "time": at, "value": number }],
        }),
    })
}
