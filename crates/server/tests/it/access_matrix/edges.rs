//! Every operation with conditional headers and with an unknown query parameter.

use serde_json::Value;

use super::{
    Operation, operations,
    row::{Request, Row},
    rows,
    runner::{everything, rightful},
    world::World,
};
use crate::support::{Client, Dialect, TestApp, TestResponse};

/// Operations whose path names one resource but that create another. They have no entity tag and refuse conditions.
const CREATES_ANOTHER: [&str; 3] =
    ["POST /api/cases/from-inquiry/{}", "POST /api/cases/from-order/{}", "POST /api/cases/{}/follow-up"];
/// Resources without a version, and paths that name no resource of the account. A workflow shows the numbers of its cases,
/// which have no version in common.
const NO_VERSION: [&str; 22] = [
    "PUT /api/v1/calendars/{}",
    "DELETE /api/v1/calendars/{}",
    "PUT /api/v1/service-levels/{}",
    "DELETE /api/v1/service-levels/{}",
    "GET /api/v1/webhooks/{}",
    "PUT /api/v1/webhooks/{}",
    "DELETE /api/v1/webhooks/{}",
    "POST /api/v1/webhooks/{}/rotate-secret",
    "POST /api/v1/webhooks/{}/test",
    "POST /api/v1/webhooks/{}/deliveries/{}/retry",
    "POST /api/v1/webhooks/{}/replay",
    "GET /api/v1/workflows/{}",
    "PUT /api/v1/workflows/{}",
    "DELETE /api/v1/workflows/{}",
    "POST /api/v1/workflows/{}/activate",
    "POST /api/v1/workflows/{}/migrations",
    "GET /api/v1/workflows/{}/migrations/{}",
    "GET /api/v1/workflows/{}/versions/{}",
    "DELETE /api/v1/keys/{}",
    "GET /openapi/{}.json",
    "GET /api/cases/customer/{}",
    "GET /api/cases/contractor/{}",
];

impl Operation {
    fn has_entity_tag(&self) -> bool {
        let mut parameters = self.described["parameters"].as_array().into_iter().flatten();
        parameters.any(|parameter| parameter["name"] == "If-Match")
    }
}

/// Whether the path names a resource, or the operation changes a part of one.
fn needs_entity_tag(shape: &str) -> bool {
    let names = shape.contains("{}") && !CREATES_ANOTHER.contains(&shape) && !NO_VERSION.contains(&shape);
    names && (shape.ends_with("{}") || !shape.starts_with("GET "))
}

#[test]
fn every_path_that_names_a_resource_has_an_entity_tag() {
    for operation in Dialect::ALL.into_iter().flat_map(operations) {
        let has = operation.has_entity_tag();
        assert!(has || !needs_entity_tag(&operation.shape), "{} has no entity tag", operation.shape);
        if has {
            assert!(operation.described["responses"]["412"].is_object(), "{}", operation.shape);
        }
    }
}

/// A row under test, with its account and the faults found.
struct Trial<'a> {
    row: &'a Row,
    operation: &'a Operation,
    world: &'a World,
    client: Client,
    faults: Vec<String>,
}

/// Runs `work` for every row of the dialect that needs a key. `work` returns whether it changed the account; if so, the
/// next row gets a new one.
fn each(app: &TestApp, dialect: Dialect, work: impl Fn(&mut Trial<'_>) -> bool) {
    let operations = operations(dialect);
    let (mut faults, mut present) = (Vec::new(), None);
    for row in rows(dialect) {
        let operation = operations.iter().find(|operation| operation.shape == row.shape()).unwrap();
        if operation.scope().is_none() {
            continue;
        }
        let world = present.take().unwrap_or_else(|| World::new(app.another_account()));
        let client = rightful(&world, dialect);
        let mut trial = Trial { row: &row, operation, world: &world, client, faults: Vec::new() };
        let is_changed = work(&mut trial);
        faults.append(&mut trial.faults);
        if !is_changed {
            present = Some(world);
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

impl Trial<'_> {
    fn request(&self) -> Request {
        self.row.fill(|slot| self.world.name(&slot.kind))
    }

    fn ask(&self, headers: &[(&str, &str)]) -> TestResponse {
        self.ask_for(headers, &self.request())
    }

    fn ask_for(&self, headers: &[(&str, &str)], request: &Request) -> TestResponse {
        let client = headers.iter().fold(self.client.clone(), |client, (name, value)| client.with(name, value));
        let client = match request.media_type {
            Some(media_type) => client.with("content-type", media_type),
            None => client,
        };
        client.send(request.method, &request.target, request.body.as_bytes())
    }

    fn expect(&mut self, holds: bool, what: &str, answer: &TestResponse) {
        if !holds {
            let body = String::from_utf8_lossy(&answer.body).into_owned();
            self.faults.push(format!("{} {what}: {} {body}", self.row.name, answer.status));
        }
    }

    /// A write with a false condition is refused and has no effect; a write with true conditions succeeds.
    fn conditions_of_a_write(&mut self) {
        let before = everything(self.world);
        let stale = [
            ("if-match", "\"stale\""),
            ("if-match", "W/\"1\""),
            ("if-match", "\"7777\", \"8888\""),
            ("if-match", "nonsense"),
            ("if-none-match", "*"),
            ("if-unmodified-since", "Thu, 01 Jan 2026 00:00:00 GMT"),
        ];
        for (name, value) in stale {
            let answer = self.ask(&[(name, value)]);
            self.expect(answer.status == 412, &format!("{name}: {value}"), &answer);
        }
        assert_eq!(everything(self.world), before, "{}", self.row.name);
        if self.operation.has_entity_tag() {
            let answer = self.ask(&[("if-match", "*"), ("if-none-match", "\"stale\"")]);
            let tagged = answer.status == 204 || self.creates_link() || answer.header("etag").is_some();
            self.expect((200..300).contains(&answer.status) && tagged, "with conditions that hold", &answer);
        }
    }

    /// Whether the row creates a link. The response shows the link, which has no entity tag, and not the changed case.
    fn creates_link(&self) -> bool {
        self.row.name.starts_with("POST ") && self.row.name.ends_with("/links")
    }

    fn conditions_of_a_read(&mut self) {
        let stale = self.ask(&[("if-match", "\"stale\"")]);
        self.expect(stale.status == 412, "if-match that is stale", &stale);
        let other = self.ask(&[("if-none-match", "\"stale\"")]);
        self.expect(other.status == 200, "if-none-match that is stale", &other);
        if !self.operation.has_entity_tag() {
            return;
        }
        let tag = self.ask(&[]).header("etag").unwrap_or("none").to_owned();
        let known = self.ask(&[("if-none-match", &tag)]);
        let is_same = known.header("etag") == Some(tag.as_str());
        self.expect(known.status == 304 && known.body.is_empty() && is_same, "if-none-match that holds", &known);
        let held = self.ask(&[("if-match", &format!("\"x,y\", {tag}"))]);
        self.expect(held.status == 200, "if-match that holds", &held);
    }

    fn unknown_parameter(&mut self, dialect: Dialect) {
        let before = everything(self.world);
        let mut request = self.request();
        request.target.push_str(if request.target.contains('?') { "&" } else { "?" });
        request.target.push_str("prioritty=high");
        let answer = self.ask_for(&[], &request);
        let (status, names) = match dialect {
            Dialect::Trackops => ((200..300).contains(&answer.status), true),
            Dialect::Services => (answer.status == 422, answer.json()["errors"]["prioritty"].is_array()),
            Dialect::Native => (answer.status == 400, names(&answer.json()["error"]["details"])),
            Dialect::CaseIq => (answer.status == 400, String::from_utf8_lossy(&answer.body).contains("prioritty")),
        };
        self.expect(status && names, "with an unknown parameter", &answer);
        assert!(dialect == Dialect::Trackops || everything(self.world) == before, "{}", self.row.name);
    }
}

fn names(details: &Value) -> bool {
    details.as_array().is_some_and(|details| details.len() == 1 && details[0]["field"] == "prioritty")
}

pub(super) fn conditions(app: &TestApp, dialect: Dialect) {
    each(app, dialect, |trial| {
        let is_write = !trial.row.is_read();
        if is_write {
            trial.conditions_of_a_write()
        } else {
            trial.conditions_of_a_read()
        }
        is_write && trial.operation.has_entity_tag()
    });
}

pub(super) fn parameters(app: &TestApp, dialect: Dialect) {
    each(app, dialect, |trial| {
        trial.unknown_parameter(dialect);
        dialect == Dialect::Trackops && !trial.row.is_read()
    });
}
