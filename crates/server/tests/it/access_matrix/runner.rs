//! The access checks that run for every row of a dialect.

use base64::Engine as _;
use docket_domain::scope::{Scope, Scopes};
use serde_json::Value;

use super::{
    Operation, operations,
    row::{Place, Request, Row, Slot},
    rows,
    world::World,
};
use crate::support::{Client, Dialect, TestApp, TestResponse};

/// Runs all checks for every row of the dialect, then asserts that the victim's account is unchanged.
pub(super) fn run(app: &TestApp, dialect: Dialect) {
    let (victim, reader) = (World::new(app.another_account()), World::new(app.another_account()));
    let operations = operations(dialect);
    let before = everything(&victim);
    let mut faults = Vec::new();
    for row in rows(dialect) {
        let operation = operations.iter().find(|operation| operation.shape == row.shape()).unwrap();
        // A row that writes gets a new account.
        let fresh = if row.is_read() { None } else { Some(World::for_row(app.another_account(), &row)) };
        let own = fresh.as_ref().unwrap_or(&reader);
        Trial { dialect, row: &row, operation, own, victim: &victim, faults: &mut faults }.run();
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(everything(&victim), before, "the victim's account is not what it was");
}

/// A client with the account's key, in the credential form of the dialect.
pub(super) fn rightful(world: &World, dialect: Dialect) -> Client {
    with_key(&world.app, dialect, "tester", &world.app.key)
}

/// A client with the account's key over HTTP Basic, which selects the Trackops dialect on shared paths.
pub(super) fn as_trackops(app: &TestApp) -> Client {
    with_key(app, Dialect::Trackops, "tester", &app.key)
}

fn with_key(app: &TestApp, dialect: Dialect, name: &str, key: &str) -> Client {
    if dialect == Dialect::Trackops {
        let credential = base64::engine::general_purpose::STANDARD.encode(format!("{name}/token:{key}"));
        return app.anonymous().with("authorization", &format!("Basic {credential}"));
    }
    app.with_key(key)
}

/// The responses to all reads of the account: in every dialect, with and without the filters of the rows.
pub(super) fn everything(world: &World) -> Vec<(String, Value)> {
    let mut seen = Vec::new();
    for dialect in Dialect::ALL {
        let client = with_key(&world.app, dialect, "tester", &world.app.key);
        let secured = operations(dialect).into_iter().filter(Operation::needs_key).collect::<Vec<_>>();
        for row in rows(dialect).iter().filter(|row| row.is_read()) {
            // A stream has no end. It sends what the feed has.
            if row.shape().ends_with("/events/stream") {
                continue;
            }
            if !secured.iter().any(|operation| operation.shape == row.shape()) {
                continue;
            }
            let target = row.fill(|slot| world.name(&slot.kind)).target;
            let path = target.split('?').next().unwrap().to_owned();
            for target in [target, path] {
                let answer = client.get(&target);
                let mut said = serde_json::from_slice(&answer.body)
                    .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&answer.body).into_owned()));
                remove_last_used_at(&mut said);
                seen.push((target, said));
            }
        }
    }
    seen
}

/// Listing the keys updates `last_used_at` of the key that lists them.
fn remove_last_used_at(said: &mut Value) {
    for key in
        said.pointer_mut("/data").and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
    {
        key.remove("last_used_at");
    }
}

/// Number of rows in a list, or the total of a statistics response.
fn count(answer: &TestResponse) -> i64 {
    let body = answer.json();
    let list = body.as_array().or_else(|| body["data"].as_array());
    list.map_or_else(|| body["data"]["total"].as_i64().unwrap(), |rows| i64::try_from(rows.len()).unwrap())
}

/// A row under test: the account `own` sends the requests, also with ids of the account `victim`.
struct Trial<'a> {
    dialect: Dialect,
    row: &'a Row,
    operation: &'a Operation,
    own: &'a World,
    victim: &'a World,
    faults: &'a mut Vec<String>,
}

impl Trial<'_> {
    fn run(mut self) {
        match self.operation.needs_key() {
            true => {
                self.without_a_usable_key();
                if let Some(scope) = self.operation.scope() {
                    self.without_the_scope(scope.parse().unwrap());
                }
                for (at, slot) in self.row.slots().iter().enumerate() {
                    if !self.own.thing(&slot.kind).is_shared {
                        self.with_a_foreign_id(at, slot);
                    }
                }
                self.with_a_foreign_path();
            }
            false => self.without_security(),
        }
        self.with_a_valid_key();
    }

    /// No key, a malformed key and a revoked key all get the same 401.
    fn without_a_usable_key(&mut self) {
        let scheme = if self.dialect == Dialect::Trackops { "Basic" } else { "Bearer" };
        let revoked = with_key(&self.own.app, self.dialect, "leaver", &self.revoked_key());
        let anonymous = self.own.app.anonymous();
        let malformed = anonymous.with("authorization", &format!("{scheme} nonsense"));
        let first = self.ask(&anonymous, &self.valid());
        for (what, client) in [("no key", &anonymous), ("a malformed key", &malformed), ("a revoked key", &revoked)] {
            let answer = self.ask(client, &self.valid());
            self.expect(answer.status == 401 && answer.says() == first.says(), what, "the one 401", &answer);
        }
    }

    fn revoked_key(&self) -> String {
        let app = &self.own.app;
        let key = app.make_key("leaver", Scopes::all(), None);
        let keys = app.get("/api/v1/keys").expect(200);
        let mut keys = keys["data"].as_array().unwrap().iter();
        let listed = keys.find(|key| key["name"] == "leaver" && key["revoked_at"].is_null()).unwrap();
        assert_eq!(app.delete(&format!("/api/v1/keys/{}", listed["id"].as_str().unwrap())).status, 204);
        key
    }

    /// A key with every scope except the required one gets 403.
    fn without_the_scope(&mut self, scope: Scope) {
        let others = Scope::ALL.into_iter().filter(|other| *other != scope).collect();
        let key = self.own.app.make_key("somebody", others, None);
        let client = with_key(&self.own.app, self.dialect, "somebody", &key);
        let answer = self.ask(&client, &self.valid());
        self.expect(answer.status == 403, &format!("no {}", scope.as_str()), "403", &answer);
    }

    /// An id of another account gets exactly the same response as an id that does not exist.
    fn with_a_foreign_id(&mut self, at: usize, slot: &Slot) {
        let client = self.rightful();
        let (theirs, missing) = (self.victim.thing(&slot.kind), self.own.thing(&slot.kind).unknown());
        let unknown = self.ask(&client, &self.with(at, missing.forms.last().unwrap()));
        // Ids of external systems are not checked: an unknown one finds nothing.
        let is_filter =
            self.is_list() && slot.place == Place::Query || ["customer", "contractor"].contains(&slot.kind.as_str());
        let expected = match (is_filter, slot.place) {
            (true, _) => unknown.status == 200 && (self.is_stream() || count(&unknown) == 0),
            (false, Place::Path) => unknown.status == 404,
            (false, Place::Query | Place::Body) => [400, 404, 422].contains(&unknown.status),
        };
        let what = format!("{:?} {}", slot.place, slot.kind);
        self.expect(expected, &format!("{what} unknown"), "a refusal or nothing", &unknown);
        for (their, missing) in theirs.forms.iter().zip(&missing.forms) {
            let (answer, unknown) =
                (self.ask(&client, &self.with(at, their)), self.ask(&client, &self.with(at, missing)));
            let expected = format!("as for what does not exist: {}", String::from_utf8_lossy(&unknown.body));
            self.expect(answer.says() == unknown.says(), &format!("{what} {their}"), &expected, &answer);
        }
        if slot.place == Place::Path && !is_filter {
            let answer = self.ask(&client, &self.with(at, "nonsense"));
            self.expect(answer.says() == unknown.says(), &format!("{what} nonsense"), "the one 404", &answer);
        }
    }

    /// A path whose ids all belong to another account gets the 404 of an unknown path.
    fn with_a_foreign_path(&mut self) {
        if self.row.slots().iter().filter(|slot| slot.place == Place::Path).count() < 2 {
            return;
        }
        let client = self.rightful();
        let request = |world: &dyn Fn(&str) -> String| {
            self.row.fill(|slot| if slot.place == Place::Path { world(&slot.kind) } else { self.own.name(&slot.kind) })
        };
        let theirs = self.ask(&client, &request(&|kind| self.victim.name(kind)));
        let unknown = self.ask(&client, &request(&|kind| self.own.thing(kind).unknown().forms.last().unwrap().clone()));
        let same = theirs.status == 404 && theirs.says() == unknown.says();
        self.expect(same, "all of another's path", "404, as for what does not exist", &theirs);
    }

    /// An operation that needs no key ignores a malformed one.
    fn without_security(&mut self) {
        let anonymous = self.own.app.anonymous();
        for client in [anonymous.clone(), anonymous.with("authorization", "Bearer nonsense")] {
            let answer = self.ask(&client, &self.valid());
            self.expect((200..300).contains(&answer.status), "anybody", "success", &answer);
        }
    }

    /// The same request with a valid key succeeds, so the refusals above have no other cause.
    fn with_a_valid_key(&mut self) {
        let answer = self.ask(&self.rightful(), &self.valid());
        self.expect((200..300).contains(&answer.status), "the right key", "success", &answer);
        if self.is_list()
            && !self.is_stream()
            && answer.status == 200
            && self.row.slots().iter().any(|slot| slot.place == Place::Query)
        {
            self.expect(count(&answer) > 0, "the right key", "rows", &answer);
        }
    }

    /// A read of one workflow version can name a case or another version in its query, which then is no filter.
    fn is_list(&self) -> bool {
        self.row.is_read() && !["/diagram", "/diff"].iter().any(|end| self.row.shape().ends_with(end))
    }

    /// The answer to a stream of events is its head.
    fn is_stream(&self) -> bool {
        self.row.shape().ends_with("/events/stream")
    }

    fn rightful(&self) -> Client {
        with_key(&self.own.app, self.dialect, "tester", &self.own.app.key)
    }

    fn valid(&self) -> Request {
        self.row.fill(|slot| self.own.name(&slot.kind))
    }

    /// The valid request with another value in one slot.
    fn with(&self, other: usize, value: &str) -> Request {
        let mut at = 0..;
        self.row.fill(|slot| if at.next() == Some(other) { value.to_owned() } else { self.own.name(&slot.kind) })
    }

    fn ask(&self, client: &Client, request: &Request) -> TestResponse {
        let client =
            request.media_type.map_or_else(|| client.clone(), |media_type| client.with("content-type", media_type));
        client.send(request.method, &request.target, request.body.as_bytes())
    }

    /// Records a failed expectation. Every status must also be listed in the OpenAPI document.
    fn expect(&mut self, holds: bool, what: &str, expected: &str, answer: &TestResponse) {
        let is_documented = self.operation.described["responses"].get(answer.status.to_string()).is_some();
        if !holds || !is_documented {
            let body = String::from_utf8_lossy(&answer.body);
            let undocumented = if is_documented { "" } else { "undocumented " };
            self.faults.push(format!(
                "{}: {what}: expected {expected}, got {undocumented}{} {body}",
                self.row.name, answer.status
            ));
        }
    }
}
