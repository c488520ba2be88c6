//! An account that has one resource of every kind.

use std::collections::BTreeMap;

use docket_domain::{
    id::{NoteId, WebhookId},
    scope::Scope,
    store::{PlannedDelivery, WebhookStore as _},
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    native::{UPLOAD, own_definition, service_level},
    row::Row,
};
use crate::support::{Client, TestApp};

/// An account and its resources, by kind.
pub(super) struct World {
    pub(super) app: TestApp,
    things: BTreeMap<&'static str, Thing>,
}

/// The forms of a resource's id: the public id first, the integer last.
pub(super) struct Thing {
    pub(super) forms: Vec<String>,
    /// Whether the value is the same in all accounts, or is no secret of one account.
    pub(super) is_shared: bool,
}

/// An integer id that no resource has.
const UNKNOWN_ID: i64 = 999_999_999;

impl World {
    pub(super) fn new(app: TestApp) -> Self {
        let mut world = Self { app, things: BTreeMap::new() };
        world.fill();
        world.fill_workflows();
        world
    }

    /// A world for one row: without an own workflow, unless the row names one.
    pub(super) fn for_row(app: TestApp, row: &Row) -> Self {
        let names_own = |kind: &str| ["workflow_key", "workflow_version", "migration"].contains(&kind);
        if row.slots().iter().any(|slot| names_own(&slot.kind)) {
            return Self::new(app);
        }
        let mut world = Self { app, things: BTreeMap::new() };
        world.fill();
        world
    }

    pub(super) fn thing(&self, kind: &str) -> &Thing {
        self.things.get(kind).unwrap_or_else(|| panic!("no world has a {kind}"))
    }

    /// The form that filters and fields accept: the integer if the resource has one.
    pub(super) fn name(&self, kind: &str) -> String {
        self.thing(kind).forms.last().unwrap().clone()
    }

    fn fill(&mut self) {
        let word = Uuid::now_v7().to_string();
        let customer = 1_000_000 + 2 * self.app.account.0;
        self.knows("dialect", Thing::shared("native"));
        self.knows("word", Thing { forms: vec![word.clone()], is_shared: false });
        self.knows("customer", Thing::of(&json!(customer)));
        self.knows("contractor", Thing::of(&json!(customer + 1)));
        let (client_id, secret) =
            self.app.key.split_once('.').map(|(id, secret)| (id.to_owned(), secret.to_owned())).unwrap();
        self.knows("client_id", Thing::shared(&client_id));
        self.knows("client_secret", Thing::shared(&secret));

        let key = self.make("key", "/api/v1/keys", json!({ "name": "spare", "scopes": ["cases:read"] }));
        assert!(key["key"].is_string());
        self.make("client", "/api/v1/clients", json!({ "name": "c" }));
        self.make("location", "/api/v1/clients", json!({ "name": "l", "parent_id": "{client}" }));
        self.make("region", "/api/v1/regions", json!({ "name": "r" }));
        self.make("access_group", "/api/v1/access_groups", json!({ "name": "g" }));
        self.make("event", "/api/v1/case/events", json!({ "name": "e" }));
        self.make("person", "/api/v1/people", json!({ "name": "p", "kind": "staff" }));
        self.make("inquiry", "/api/inquiries", json!({ "user_id": customer, "title": "i" }));
        self.make("order", "/api/orders/place", json!({ "customer_id": customer }));
        self.make("parent", "/api/v1/cases", json!({ "name": "p" }));
        let case = self.make("case", "/api/v1/cases", json!({
            "name": word, "tags": [word], "type": word, "references": [word, word, word], "parent": "{parent}",
            "client_id": "{client}", "location_id": "{location}", "region_id": "{region}", "inquiry_id": "{inquiry}",
            "order_id": "{order}", "customer_id": customer, "contractor_id": customer + 1,
        }));
        let events = self.app.get("/api/v1/events?limit=1").expect(200);
        let event = events["pagination"]["cursor"].as_str().unwrap().to_owned();
        // A test of events refuses the cursors of other accounts.
        self.knows("feed_cursor", Thing { forms: vec![event], is_shared: true });
        self.knows("series", Thing::of(&case["series_number"]));
        self.knows(
            "case_number",
            Thing { forms: vec![case["case_number"].as_str().unwrap().to_owned()], is_shared: false },
        );
        self.knows("workflow", Thing::shared(case["workflow_id"].as_str().unwrap()));
        let number = self.name("case");
        self.make("subject", "/api/v1/subjects", json!({ "casefile_id": "{case}", "name": "s", "is_primary": true }));
        self.make("update", "/api/v1/case/updates", json!({ "update": {
            "casefile_id": "{case}", "access_group_id": "{access_group}", "subject_id": "{subject}", "event_id": "{event}",
            "behalf_of_id": "{person}", "title": "t", "body": "b",
        } }));
        let primaries = ["contact", "investigator", "manager", "salesperson"]
            .map(|role| (format!("primary_{role}_id"), json!("{person}")));
        let casefile = json!({ "casefile": primaries.into_iter().collect::<serde_json::Map<_, _>>() });
        let casefile = self.filled(casefile);
        super::runner::as_trackops(&self.app).put(&format!("/api/v1/cases/{number}"), &casefile).expect(200);
        self.make("link", &format!("/api/v1/cases/{number}/links"), json!({ "linked_case_id": "{parent}" }));
        self.make("note", &format!("/api/v1/cases/{number}/notes"), json!({ "body": "n" }));
        let deadline = json!({ "title": "d", "due_at": "2099-01-01", "assigned_to": "{person}" });
        self.make("deadline", &format!("/api/v1/cases/{number}/deadlines"), deadline);
        for (case, role) in [("case", "client"), ("parent", "opponent")] {
            let parties = json!({ "parties": [{ "name": "Conflicted Party", "role": role }] });
            self.app.post(&format!("/api/v1/cases/{}/parties", self.name(case)), &parties).expect(201);
        }
        // Another person than the one who ran the check decides its hits.
        let other = self.app.with_scopes(&Scope::ALL);
        let check = other.post(&format!("/api/v1/cases/{number}/conflict-checks"), &json!({})).expect(201);
        self.knows("check", Thing::of(&check["id"]));
        self.knows("hit", Thing::shared("1"));
        let upload = self.app.with("content-type", UPLOAD.0).send(
            "POST",
            &format!("/api/v1/cases/{number}/documents"),
            UPLOAD.1.as_bytes(),
        );
        self.knows("document", Thing::of(&upload.expect(201)["id"]));
        self.make("webhook", "/api/v1/webhooks", json!({ "url": "https://1.1.1.1/hook" }));
        // No server delivers here, so nothing is planned but this.
        let webhook = WebhookId::parse(&self.name("webhook")).unwrap();
        let planned = PlannedDelivery { position: 1, event_id: "evt".to_owned(), kind: "case.created", case: 0 };
        let (app, account) = (self.app.worker(), self.app.account);
        let delivery = actix_web::rt::System::new().block_on(async {
            let at = app.store.find_webhook(account, webhook).await.unwrap().unwrap().position;
            assert!(app.store.plan_deliveries(account, webhook, (at, at), vec![planned], app.now()).await.unwrap());
            app.store.list_deliveries(account, webhook, None, None, 1).await.unwrap().rows.remove(0)
        });
        self.knows(
            "delivery",
            Thing { forms: vec![delivery.id.to_string(), delivery.id.0.to_string()], is_shared: false },
        );
        for key in ["own", "spare"] {
            let calendar = json!({ "name": "c", "time_zone": "UTC", "hours": {} });
            self.app.put(&format!("/api/v1/calendars/{key}"), &calendar).expect(201);
        }
        let level = self.filled(service_level());
        self.app.put("/api/v1/service-levels/own", &level).expect(201);
        self.knows("spare_calendar", Thing::shared("spare"));
        self.knows("service_level", Thing::shared("own"));
        self.make("survivor", "/api/v1/cases", json!({ "name": "survivor" }));
        self.make("part", "/api/v1/cases", json!({ "name": "part" }));
        let merges = format!("/api/v1/cases/{}/merges", self.name("survivor"));
        let merge = self.app.post(&merges, &json!({ "cases": [self.name("part")], "reason": "r" })).expect(201);
        let forms = vec![merge["id"].as_str().unwrap().to_owned()];
        self.knows("merge", Thing { forms, is_shared: false });
        self.make("deleted_case", "/api/v1/cases", json!({ "name": "gone" }));
        assert_eq!(self.app.delete(&format!("/api/v1/cases/{}", self.name("deleted_case"))).status, 204);
    }

    fn fill_workflows(&mut self) {
        // Versions are named by their content, so each account has its own.
        let definition = own_definition(&format!("Workflow of account {}", self.app.account.0));
        let version = self.app.put("/api/v1/workflows/own", &json!({ "definition": definition })).expect(201);
        self.knows("workflow_key", Thing::shared("own"));
        self.knows(
            "workflow_version",
            Thing { forms: vec![version["id"].as_str().unwrap().to_owned()], is_shared: false },
        );
        let path = "/api/v1/workflows/own/migrations";
        let migration = self.app.post(path, &json!({ "from": "all" })).expect(202)["id"].as_str().unwrap().to_owned();
        let is_done = || self.app.get(&format!("{path}/{migration}")).expect(200)["state"] == "done";
        assert!((0..1_000).any(|_| is_done()));
        self.knows("migration", Thing { forms: vec![migration], is_shared: false });
    }

    /// Creates a resource. The body may have slots for resources that exist already.
    fn make(&mut self, kind: &'static str, path: &str, body: Value) -> Value {
        let body = self.filled(body);
        let client: &Client = &self.app;
        let answer = client.post(path, &body).expect(201);
        let made = answer.get("data").unwrap_or(&answer).clone();
        let mut thing = Thing::of(&made["id"]);
        thing.forms.extend(made.get("case_status").map(|_| made["number"].to_string()));
        self.knows(kind, thing);
        made
    }

    fn filled(&self, body: Value) -> Value {
        let request = super::row::row("POST /").json(&body).fill(|slot| self.name(&slot.kind));
        serde_json::from_str(&request.body).unwrap()
    }

    fn knows(&mut self, kind: &'static str, thing: Thing) {
        self.things.insert(kind, thing);
    }
}

impl Thing {
    /// All forms of an id that the server returned.
    fn of(id: &Value) -> Self {
        let public = id.as_str().map(str::to_owned);
        let integer = public.as_deref().map_or(id.as_i64(), decoded);
        let forms = public.into_iter().chain(integer.map(|id| id.to_string())).collect();
        Self { forms, is_shared: false }
    }

    fn shared(text: &str) -> Self {
        Self { forms: vec![text.to_owned()], is_shared: true }
    }

    /// Ids of the same forms that do not exist.
    pub(super) fn unknown(&self) -> Self {
        let forms = self.forms.iter().map(|form| {
            if form.parse::<i64>().is_ok() {
                UNKNOWN_ID.to_string()
            } else if decoded(form).is_some() {
                format!(
                    "{}{}",
                    &form[..form.len() - DIGITS],
                    NoteId(UNKNOWN_ID).to_string().trim_start_matches("note_")
                )
            } else {
                Uuid::now_v7().to_string()
            }
        });
        Self { forms: forms.collect(), is_shared: self.is_shared }
    }
}

/// Number of digits in a public id, without its prefix.
const DIGITS: usize = 13;

/// The integer that a public id with a prefix encodes.
fn decoded(text: &str) -> Option<i64> {
    let (prefix, digits) = text.split_at_checked(text.len().checked_sub(DIGITS)?)?;
    prefix.ends_with('_').then(|| NoteId::parse(&format!("note_{digits}")))?.map(|id| id.0)
}
