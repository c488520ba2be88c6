//! The measured requests. All are in the largest account.

use anyhow::Context as _;
use serde_json::Value;

use crate::{server::Server, store::Store};

pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: Option<String>,
}

impl Request {
    fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), body: None }
    }

    fn post(path: impl Into<String>, body: &Value) -> Self {
        Self { method: "POST", path: path.into(), body: Some(body.to_string()) }
    }
}

/// Order of the requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// Random, with repetition.
    Random,
    /// One after the other, in a loop. The first half makes changes and the second half reverts them. No other client
    /// may send the same requests meanwhile.
    ToAndFro,
}

/// The value that changes between pgbench transactions, for operations with more than a few variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Varies {
    /// Nothing: each request is a separate variant.
    Nothing,
    /// The case that is read.
    Case,
    /// The case that is created.
    NewCase,
    /// The case that is moved, and its version.
    MovedCase,
}

/// A measured operation.
pub(crate) struct Operation {
    pub(crate) name: &'static str,
    pub(crate) requests: Vec<Request>,
    pub(crate) order: Order,
    pub(crate) varies: Varies,
}

impl Operation {
    fn variants(name: &'static str, paths: impl IntoIterator<Item = String>) -> Self {
        let requests = paths.into_iter().map(Request::get).collect();
        Self { name, requests, order: Order::Random, varies: Varies::Nothing }
    }

    /// The requests of one of `of` parts. Parts of [`Order::ToAndFro`] are disjoint.
    pub(crate) fn part(&self, part: usize, of: usize) -> Vec<&Request> {
        match self.order {
            Order::Random => self.requests.iter().collect(),
            Order::ToAndFro => {
                let half = self.requests.len() / 2;
                // An even number, so that two threads get equal shares.
                let each = half / of / 2 * 2;
                let (there, back) = self.requests.split_at(half);
                [there, back].iter().flat_map(|way| way.iter().skip(part * each).take(each)).collect()
            }
        }
    }

    /// Whether the operation only reads.
    pub(crate) fn reads(&self) -> bool {
        matches!(self.varies, Varies::Nothing | Varies::Case)
    }
}

/// Number of cases of the largest account. Their ids are 1 to this number, because they are created first.
pub(crate) fn count(store: &Store<'_>) -> anyhow::Result<i64> {
    let counts = store
        .integers("SELECT count(*) FROM cases WHERE account_id = (SELECT id FROM accounts WHERE name = 'account-1')")?;
    counts.first().copied().context("a count is one number")
}

/// All measured operations.
pub(crate) fn operations(store: &Store<'_>, server: &Server) -> anyhow::Result<Vec<Operation>> {
    let open = store.integers(
        "SELECT id FROM cases WHERE account_id = (SELECT id FROM accounts WHERE name = 'account-1') \
         AND status = 'open' AND unlisted_at IS NULL ORDER BY id",
    )?;
    // The other half is for pgbench.
    let open = open.get(..open.len() / 2).unwrap_or_default();
    let (cases, types) = (count(store)?, ["incident", "request", "complaint", "litigation"]);
    let step = usize::try_from(cases / 50_000 + 1)?;
    let ids = (1..=cases).step_by(step);
    let new_case = serde_json::json!({
        "name": "Printing is slow at Gruber",
        "description": "The printing is slow. Reported by telephone.",
        "type": "incident",
        "priority": "high",
        "customer_id": 7,
    });
    let moves = ["wait_for_customer", "resume"].into_iter().flat_map(|name| {
        let body = serde_json::json!({ "transition": name });
        open.iter().map(move |id| Request::post(format!("/api/v1/cases/{id}/transitions"), &body))
    });
    let list = |kind: &str| format!("/api/v1/cases?status=active&type={kind}&limit=50");
    let mut operations = vec![
        Operation {
            name: "get a case",
            requests: ids.map(|id| Request::get(format!("/api/v1/cases/{id}"))).collect(),
            order: Order::Random,
            varies: Varies::Case,
        },
        Operation::variants("list of 50, filtered", types.map(list)),
        Operation::variants("list, deep (cursor)", [deep(server)?]),
        Operation::variants(
            "list, deep (numbered)",
            [30, 40].map(|page| format!("/api/cases/list?status=closed&per_page=50&page={page}")),
        ),
        Operation::variants(
            "list of 50 with totals",
            ["high", "urgent"]
                .map(|priority| format!("/api/cases/list?status=in_progress&priority={priority}&per_page=50")),
        ),
        Operation::variants("statistics", ["/api/cases/stats/overview".to_owned()]),
        Operation::variants("timeline of all cases", ["/api/cases/timeline?per_page=50".to_owned()]),
        Operation::variants("timeline of a case", [7, 77, 777].map(|id| format!("/api/v1/cases/{id}/timeline"))),
        Operation {
            name: "create",
            requests: vec![Request::post("/api/v1/cases", &new_case)],
            order: Order::Random,
            varies: Varies::NewCase,
        },
        Operation { name: "transition", requests: moves.collect(), order: Order::ToAndFro, varies: Varies::MovedCase },
        Operation::variants("timeline of a person", ["/api/cases/timeline?user_id=7&per_page=50".to_owned()]),
    ];
    // The writes come last, because they change the stores.
    let writes = operations.iter().position(|operation| !operation.reads()).unwrap_or(operations.len());
    operations.splice(writes..writes, searches(cases));
    Ok(operations)
}

/// Searches in an account with this number of cases: one operation per kind of text, because their costs differ most.
fn searches(cases: i64) -> Vec<Operation> {
    let rare = (cases - 7).to_string();
    let texts = [
        ("search, rare text", rare.as_str()),
        ("search, phrase", "billing was misused"),
        ("search, common text", "payroll"),
        ("search, two letters", "sl"),
        ("search, two letters, no match", "qx"),
        ("search, no match", "zzyzx"),
    ];
    let search = |(name, text): (&'static str, &str)| {
        Operation::variants(name, [format!("/api/v1/cases?limit=50&search={}", text.replace(' ', "%20"))])
    };
    let mut searches = texts.map(search).into_iter().collect::<Vec<_>>();
    let page = |text: &str| format!("/api/cases/list?per_page=50&search={text}");
    searches.push(Operation::variants("search with total, rare text", [page(&rare)]));
    searches.push(Operation::variants("search with total, common text", [page("payroll")]));
    searches
}

/// Path of a page far from the beginning of a list.
fn deep(server: &Server) -> anyhow::Result<String> {
    let mut path = "/api/v1/cases?status=closed&limit=50".to_owned();
    for _ in 0..100 {
        let page = server.get(&path.replace("limit=50", "limit=100"))?;
        let Some(cursor) = page.pointer("/pagination/cursor").and_then(Value::as_str) else { break };
        path = format!("/api/v1/cases?status=closed&limit=50&cursor={cursor}");
    }
    Ok(path)
}
