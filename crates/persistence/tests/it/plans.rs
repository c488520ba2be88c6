//! Query plans on a large table: lists, counts and lookups never scan it, and read few rows beyond their result.
#![expect(clippy::unwrap_used, reason = "tests")]

mod conflicts;
mod merges;
mod services;

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use docket_domain::{
    case::{CasePhase, Details, Priority, Tags},
    filter::{CaseFilter, CaseOrder, SortKey},
    id::{AccountId, CaseId, CaseRef, ClientId, ContractorId, CustomerId, PersonId, RegionId, SubjectId},
    page::{CaseKeyset, KeysetKey, PageNumber},
    store::{CaseColumns, CaseStore, MigrationStore, WorkflowStore},
    time::{DateRange, TimeRange},
    workflow::{StatusKey, WorkflowId},
};
use docket_persistence::{Connector, Database, Settings};

use crate::bed::{Bed, block_on, day, named};

/// Number of cases. Each value of a field occurs in every thousandth case.
const CASES: i64 = 30_000;
const EACH: i64 = CASES / 1000;
/// Number of executions of each question on PostgreSQL. From the sixth execution on, a prepared statement may get a plan
/// that does not depend on its values.
const TIMES: i64 = 7;
/// The tables whose reads are counted.
const TABLES: [&str; 6] = ["cases", "sources", "case_links", "people", "person_keys", "participants"];

/// The workflow version of a thousandth of the cases.
const RARE: WorkflowId = WorkflowId(uuid::Uuid::from_u128(7_777));

/// A query on a large store, and the maximum number of rows that it may read from the counted tables.
struct Question {
    name: String,
    ask: Box<dyn AsyncAsk>,
    rows: i64,
}

/// An object-safe async closure.
trait AsyncAsk {
    fn ask<'s>(&'s self, store: &'s Database, account: AccountId) -> std::pin::Pin<Box<dyn Future<Output = ()> + 's>>;
}

impl<F: AsyncFn(&Database, AccountId)> AsyncAsk for F {
    fn ask<'s>(&'s self, store: &'s Database, account: AccountId) -> std::pin::Pin<Box<dyn Future<Output = ()> + 's>> {
        Box::pin(self(store, account))
    }
}

fn question(name: impl Into<String>, rows: i64, ask: impl AsyncFn(&Database, AccountId) + 'static) -> Question {
    Question { name: name.into(), ask: Box::new(ask), rows }
}

/// Filters that match a thousandth of the cases, with their names.
fn selective() -> Vec<(&'static str, CaseFilter)> {
    let all = CaseFilter::default();
    macro_rules! each {
        ($($name:literal $field:ident: $value:expr),* $(,)?) => {
            vec![$(($name, CaseFilter { $field: $value, ..all.clone() })),*]
        };
    }
    let text = |text: &str| Some(text.to_owned());
    each![
        "type" case_type: text("text-7"),
        "tag" tag: text("text-7"),
        "parent" parent: Some(CaseId(7)),
        "customer" customer: Some(CustomerId(7)),
        "contractor" contractor: Some(ContractorId(7)),
        "client" client: Some(ClientId(7)),
        "location" location: Some(ClientId(7)),
        "region" region: Some(RegionId(7)),
        "contact" primary_contact: Some(PersonId(7)),
        "investigator" primary_investigator: Some(PersonId(7)),
        "manager" primary_manager: Some(PersonId(7)),
        "salesperson" primary_salesperson: Some(PersonId(7)),
        "subject" primary_subject: Some(SubjectId(7)),
        "reference 1" reference_1: text("text-7"),
        "reference 2" reference_2: text("text-7"),
        "reference 3" reference_3: text("text-7"),
        "request" is_request: Some(true),
        "series" series_number: Some(7),
        "opened" opened: DateRange { from: Some(day(2026, 3, 3)), to: Some(day(2026, 3, 3)) },
        "due" due: DateRange { from: Some(day(2026, 6, 3)), to: Some(day(2026, 6, 3)) },
        "created" created: TimeRange { from: None, before: Some(second(40)) },
        "updated" updated: TimeRange { from: Some(second(CASES - 40)), before: None },
        "rare status" statuses: vec![StatusKey::new("cancelled")],
        "rare priority" priorities: vec![Priority::Urgent],
    ]
}

/// Filters that match a single case.
fn single() -> Vec<(&'static str, CaseFilter)> {
    let all = CaseFilter::default();
    vec![
        ("id", CaseFilter { id: Some(CaseId(4711)), ..all.clone() }),
        ("case number", CaseFilter { case_number: Some("number-4711".to_owned()), ..all }),
    ]
}

fn second(second: i64) -> docket_domain::time::Timestamp {
    day(2026, 1, 1).and_hms_opt(0, 0, 0).unwrap().and_utc() + chrono::TimeDelta::seconds(second)
}

fn list(name: String, rows: i64, filter: CaseFilter, keyset: CaseKeyset) -> Question {
    question(name, rows, async move |store, account| {
        let page = store.list_cases(account, CaseColumns::All, &filter, keyset, 20).await.unwrap();
        assert!(!page.rows.is_empty());
    })
}

fn page(name: String, rows: i64, filter: CaseFilter, order: CaseOrder, page: i64) -> Question {
    question(name, rows, async move |store, account| {
        let page = PageNumber { page, per_page: 20 };
        assert!(!store.list_cases_page(account, CaseColumns::All, &filter, order, page).await.unwrap().is_empty());
    })
}

fn count(name: String, rows: i64, filter: CaseFilter) -> Question {
    question(name, rows, async move |store, account| {
        store.count_cases(account, &filter).await.unwrap();
    })
}

fn questions() -> Vec<Question> {
    let all = CaseFilter::default();
    let mut questions = vec![
        question("by id", 1, async |store, account| {
            assert!(store.find_case(account, CaseRef::Number(CaseId(4711))).await.unwrap().is_some());
        }),
        question("by uuid", 1, async |store, account| {
            let uuid = uuid::Uuid::from_u128(4711);
            assert!(store.find_case(account, CaseRef::Uuid(uuid)).await.unwrap().is_some());
        }),
        question("file", 1, async |store, account| {
            assert!(store.find_case_file(account, CaseRef::Number(CaseId(4711))).await.unwrap().is_some());
        }),
        question("by ids", 50, async |store, account| {
            let ids = (1..=50).map(|id| CaseId(id * 500)).collect::<Vec<_>>();
            assert_eq!(store.list_cases_by_id(account, &ids).await.unwrap().len(), 50);
        }),
        question("of a workflow version", 2 * EACH, async |store, account| {
            assert_eq!(store.list_cases_to_migrate(account, &[RARE], None, 100).await.unwrap().len(), 30);
            let later = store.list_cases_to_migrate(account, &[RARE], Some(CaseId(CASES / 2)), 100).await.unwrap();
            assert_eq!(later.len(), 15);
        }),
        count("count all".to_owned(), 0, all.clone()),
        count(
            "count open".to_owned(),
            0,
            CaseFilter { statuses: vec![StatusKey::new("open")], priorities: vec![Priority::Low], ..all.clone() },
        ),
    ];
    let (middle, id) = (second(CASES / 2), CaseId(CASES / 2));
    for (first, later) in [
        (KeysetKey::CreatedAt(None), KeysetKey::CreatedAt(Some((middle, id)))),
        (KeysetKey::UpdatedAt(None), KeysetKey::UpdatedAt(Some((middle, id)))),
        (KeysetKey::DueOn(None), KeysetKey::DueOn(Some((Some(day(2027, 3, 3)), id)))),
        (KeysetKey::SlaDue(None), KeysetKey::SlaDue(Some((None, id)))),
    ] {
        for descending in [false, true] {
            let (first, later) = (CaseKeyset { key: first, descending }, CaseKeyset { key: later, descending });
            questions.push(list(format!("first page {:?}", first.order()), 21, all.clone(), first));
            questions.push(list(format!("later page {:?}", first.order()), 22, all.clone(), later));
        }
    }
    for key in
        [SortKey::CreatedAt, SortKey::UpdatedAt, SortKey::DueOn, SortKey::SlaDue, SortKey::Priority, SortKey::Name]
    {
        for descending in [false, true] {
            let order = CaseOrder { key, descending };
            questions.push(page(format!("numbered page {order:?}"), 40, all.clone(), order, 2));
        }
    }
    for (name, filter) in [
        ("phase", CaseFilter { phase: Some(CasePhase::Active), ..all.clone() }),
        ("status", CaseFilter { statuses: vec![StatusKey::new("open")], ..all.clone() }),
        ("priority", CaseFilter { priorities: vec![Priority::Low], ..all.clone() }),
    ] {
        questions.push(list(format!("many by {name}"), 21, filter, CaseKeyset::NEWEST_FIRST));
    }
    for (name, filter) in selective() {
        questions.push(list(format!("by {name}"), 2 * EACH, filter.clone(), CaseKeyset::NEWEST_FIRST));
        questions.push(page(format!("page by {name}"), 2 * EACH, filter.clone(), CaseOrder::NEWEST_FIRST, 1));
        questions.push(count(format!("count by {name}"), 2 * EACH, filter));
    }
    for (name, filter) in single() {
        questions.push(list(format!("by {name}"), 41, filter.clone(), CaseKeyset::NEWEST_FIRST));
        questions.push(count(format!("count by {name}"), 41, filter));
    }
    questions.extend(services::questions());
    questions.extend(conflicts::questions());
    questions.extend(merges::questions());
    questions
}

/// Text searches and a count. Only for PostgreSQL: SQLite's plans do not show its trigram index.
///
/// The rows are those of the page: texts are read from an index alone.
fn searches_and_more() -> Vec<Question> {
    let text = |text: &str| CaseFilter { search: Some(text.to_owned()), ..CaseFilter::default() };
    // The debug form of the ids keeps SQLite's recorder from seeing this one.
    let mut questions = vec![question("count of a workflow version", 2 * EACH, async |store, account| {
        assert!(!store.count_cases_of_workflows(account, &[RARE]).await.unwrap().is_empty());
    })];
    let later =
        CaseKeyset { key: KeysetKey::CreatedAt(Some((second(CASES / 2), CaseId(CASES / 2)))), descending: true };
    for (name, wanted, found) in [
        ("rare old", "number-4711", true),
        ("common", "case 2", true),
        ("common short", "se", true),
        ("missing", "umber-xyz", false),
        ("missing short", "qx", false),
        ("missing literal", "%_", false),
    ] {
        for (place, keyset) in [("first", CaseKeyset::NEWEST_FIRST), ("later", later)] {
            questions.push(question(format!("{place} page of a {name} text"), 50, async move |store, account| {
                let page = store.list_cases(account, CaseColumns::All, &text(wanted), keyset, 20).await.unwrap();
                // A short text is searched only in the newest cases.
                assert_eq!(!page.rows.is_empty(), found && (place == "first" || wanted.len() > 2), "{name}");
            }));
        }
        let number = PageNumber { page: 1, per_page: 20 };
        questions.push(question(format!("numbered page of a {name} text"), 50, async move |store, account| {
            let order = CaseOrder::NEWEST_FIRST;
            let rows = store.list_cases_page(account, CaseColumns::All, &text(wanted), order, number).await.unwrap();
            assert_eq!(!rows.is_empty(), found, "{name}");
        }));
        questions.push(count(format!("count of a {name} text"), 50, text(wanted)));
    }
    questions
}

/// An account id that no other test uses, so that its statements can be identified.
const ACCOUNT: AccountId = AccountId(777_000_777);

/// Creates many cases as copies of one with different values.
async fn fill(bed: &mut Bed) {
    bed.account = ACCOUNT;
    let (time, date, uuid, numbers) = if bed.is_postgres() {
        (
            "timestamptz '2026-01-01T00:00:00Z' + n * interval '1 second'",
            "date '{from}' + (n % 1000)::int",
            "lpad(to_hex(n), 32, '0')::uuid",
            format!("generate_series(1::bigint, {CASES}) AS numbers (n)"),
        )
    } else {
        (
            "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1767225600 + n, 'unixepoch')",
            "date('{from}', '+' || (n % 1000) || ' days')",
            "unhex(printf('%032x', n))",
            format!(
                "(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {CASES}) SELECT n FROM s) AS numbers"
            ),
        )
    };
    bed.execute(&format!(
        "INSERT INTO accounts (id, name, created_at) SELECT {}, 'large', created_at FROM accounts",
        ACCOUNT.0
    ));
    let template = bed.create(Details { tags: Tags::default(), ..named("template") }).await;
    let of_columns = if bed.is_postgres() {
        "SELECT column_name AS line FROM information_schema.columns WHERE table_name = 'cases' AND table_schema = 'public'"
    } else {
        "SELECT name AS line FROM pragma_table_info('cases')"
    };
    let rare = format!("{:032x}", RARE.0.as_u128());
    let rare = if bed.is_postgres() { format!("'{rare}'::uuid") } else { format!("unhex('{rare}')") };
    let value = |column: &str| match column {
        "id" | "series_number" => "n".to_owned(),
        "uuid" => uuid.to_owned(),
        "case_number" => "'number-' || n".to_owned(),
        "name" | "name_key" => "'case ' || n".to_owned(),
        "search_text" => "'case ' || n || ' number-' || n".to_owned(),
        "created_at" | "updated_at" => time.to_owned(),
        "opened_on" => date.replace("{from}", "2026-02-24"),
        "due_on" => date.replace("{from}", "2026-05-27"),
        "status" => "CASE WHEN n % 1000 = 7 THEN 'cancelled' WHEN n % 3 = 0 THEN 'open' ELSE 'closed' END".to_owned(),
        "phase" => "CASE WHEN n % 3 = 0 THEN 'active' ELSE 'closed' END".to_owned(),
        "outcome" => "CASE WHEN n % 3 > 0 THEN 'closed' END".to_owned(),
        "closed_at" => format!("CASE WHEN n % 3 > 0 THEN {time} END"),
        "resolution_seconds" => "CASE WHEN n % 3 > 0 THEN n * 7919 % 100003 END".to_owned(),
        "priority" => "CASE WHEN n % 1000 = 7 THEN 3 ELSE n % 3 END".to_owned(),
        "is_request" => "n % 1000 = 7".to_owned(),
        "case_type" | "reference_1" | "reference_2" | "reference_3" => "'text-' || (n % 1000)".to_owned(),
        "workflow_id" => format!("CASE WHEN n % 1000 = 7 THEN {rare} ELSE template.workflow_id END"),
        "parent_id" => "CASE WHEN n % 1000 > 0 THEN n % 1000 END".to_owned(),
        "customer_id"
        | "contractor_id"
        | "client_id"
        | "location_id"
        | "region_id"
        | "inquiry_id"
        | "order_id"
        | "primary_contact_id"
        | "primary_investigator_id"
        | "primary_manager_id"
        | "primary_salesperson_id"
        | "primary_subject_id" => "n % 1000".to_owned(),
        other => merges::value(other, time).unwrap_or_else(|| format!("template.{other}")),
    };
    let columns = bed.lines(of_columns);
    let values = columns.iter().map(|column| value(column)).collect::<Vec<_>>().join(", ");
    let columns = columns.join(", ");
    // Disables the triggers by which PostgreSQL refuses changes of its logs.
    let unguarded = if bed.is_postgres() { "SET session_replication_role = replica; " } else { "" };
    bed.execute(&format!(
        "{unguarded}DELETE FROM case_events; \
         CREATE TEMPORARY TABLE template AS SELECT * FROM cases; DELETE FROM cases; \
         INSERT INTO cases ({columns}) SELECT {values} FROM template, {numbers}; \
         INSERT INTO case_tags (account_id, tag, case_id) SELECT account_id, 'text-' || (id % 1000), id FROM cases;"
    ));
    assert_eq!(bed.lines("SELECT CAST(count(*) AS TEXT) AS line FROM cases"), [CASES.to_string()]);
    assert!(template.version == 1);
    services::fill(bed);
    conflicts::fill(bed);
}

/// The recorded statements on [`ACCOUNT`].
static STATEMENTS: Mutex<Vec<String>> = Mutex::new(Vec::new());

fn recorder() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(|event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            // Ignores statements of the PostgreSQL test, which may run at the same time. Its SQL has other quotes and
            // parameters.
            let ours = |(sql, binds): (&str, &str)| !sql.contains(['"', '$']) && binds.contains(&ACCOUNT.0.to_string());
            if text.split_once("-- binds").is_some_and(ours) {
                STATEMENTS.lock().unwrap_or_else(PoisonError::into_inner).push(text);
            }
        }
    }))
}

#[test]
fn sqlite_uses_an_index_for_every_query() {
    set_default_instrumentation(recorder).unwrap();
    let mut bed = Bed::sqlite();
    let mut found = Vec::new();
    block_on(async {
        bed.store.find_case(ACCOUNT, CaseRef::Number(CaseId(1))).await.unwrap();
        bed.new_account("main").await;
        fill(&mut bed).await;
        for question in questions() {
            STATEMENTS.lock().unwrap().clear();
            question.ask.ask(&bed.store, ACCOUNT).await;
            let statements = std::mem::take(&mut *STATEMENTS.lock().unwrap());
            assert!(!statements.is_empty(), "{}: nothing recorded", question.name);
            for statement in statements {
                let (sql, _) = statement.split_once("-- binds").unwrap();
                let steps = bed.plan(sql);
                let large = |step: &&String| TABLES.iter().any(|table| step.contains(&format!(" {table}")));
                let of_large = steps.iter().filter(large).collect::<Vec<_>>();
                let scans = of_large.iter().any(|step| step.starts_with("SCAN"));
                // An index search by account alone walks all cases of the account. That is acceptable only for a page
                // of all cases.
                //
                // Exceptions: the index of requests has only requests; the index of resolution times is read in full on
                // purpose; and SQLite cannot estimate the number of cases changed since a time.
                let few = |step: &str| {
                    ["cases_requests", "INDEX cases_resolution"].iter().any(|index| step.contains(index))
                        || question.name.ends_with("by updated")
                };
                let walks =
                    question.rows > 40 && of_large.iter().any(|step| step.ends_with("(account_id=?)") && !few(step));
                // Rows selected by one index and ordered by another must be sorted. That is acceptable for few rows,
                // and for the rows of a page.
                let few = question.rows > 40 || of_large.iter().all(|step| step.ends_with("(rowid=?)"));
                // The few people on a case are sorted.
                let sorts = !few && question.name != "file" && steps.iter().any(|step| step.contains("TEMP B-TREE"));
                if !of_large.is_empty() && (scans || walks || sorts) {
                    found.push(format!("{}: {steps:?}\n    {sql}", question.name));
                }
            }
        }
    });
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn postgres_reads_few_rows_beyond_its_results() {
    let Some(mut bed) = Bed::postgres() else { return };
    block_on(async {
        bed.new_account("main").await;
        fill(&mut bed).await;
    });
    // Without INDEX_CLEANUP, VACUUM would skip a page with a single dead row. Its rows would then be read from the
    // table. DISABLE_PAGE_SKIPPING waits for a page that another process holds just then.
    bed.execute("VACUUM (ANALYZE, INDEX_CLEANUP ON, DISABLE_PAGE_SKIPPING)");
    let mut found = Vec::new();
    for question in questions().into_iter().chain(searches_and_more()) {
        let before = reads(&bed);
        // A separate connection, because PostgreSQL reports the reads of a connection when it ends.
        let connector = Connector::open(&bed.url, Settings { connections: 1, ..Settings::default() }).unwrap();
        block_on(async {
            let store = connector.worker().unwrap();
            for _ in 0..TIMES {
                question.ask.ask(&store, ACCOUNT).await;
            }
        });
        let backends = "SELECT pid::text AS line FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'docket'";
        let others = bed.lines(backends).into_iter().collect::<BTreeSet<_>>();
        while bed.lines(backends).into_iter().any(|pid| others.contains(&pid)) {
            std::thread::sleep(Duration::from_millis(2));
        }
        let after = reads(&bed);
        let (scans, rows) = (after.0 - before.0, (after.1 - before.1) / TIMES);
        if scans > 0 || rows > question.rows {
            found.push(format!("{}: {scans} scans, {rows} rows instead of {}", question.name, question.rows));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Number of sequential scans, and number of rows fetched through an index.
fn reads(bed: &Bed) -> (i64, i64) {
    let tables = TABLES.map(|table| format!("'{table}'")).join(", ");
    let number = |column: &str| {
        let query = format!(
            "SELECT coalesce(sum({column}), 0)::text AS line FROM pg_stat_user_tables WHERE relname IN ({tables})"
        );
        bed.lines(&query).first().unwrap().parse::<i64>().unwrap()
    };
    (number("seq_scan"), number("idx_tup_fetch"))
}

impl Bed {
    /// The steps of SQLite's plan for a statement.
    fn plan(&self, sql: &str) -> Vec<String> {
        use diesel::{Connection, RunQueryDsl};
        #[derive(diesel::QueryableByName)]
        struct Step {
            #[diesel(sql_type = diesel::sql_types::Text)]
            detail: String,
        }
        let mut conn = diesel::SqliteConnection::establish(self.url.strip_prefix("sqlite://").unwrap()).unwrap();
        let steps = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load::<Step>(&mut conn).unwrap();
        steps.into_iter().map(|step| step.detail).collect()
    }
}
