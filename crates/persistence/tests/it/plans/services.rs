//! Queries of the services dialect: statistics, deep pages, parts of a case, inquiries and orders.

use docket_domain::{
    case::Priority,
    filter::{CaseFilter, CaseOrder, SortKey},
    id::{CaseId, ContractorId, CustomerId},
    page::PageNumber,
    source::{SourceFilter, SourceId, SourceKind},
    statistics::{StatisticsFilter, Today},
    store::{LinkStore, SourceStore, StatisticsStore},
    time::{TimeBound, TimeRange},
    workflow::StatusKey,
};

use super::{ACCOUNT, CASES, EACH, Question, page, question, second};
use crate::bed::{Bed, day};

pub(super) fn questions() -> Vec<Question> {
    let mut questions = statistics();
    questions.extend(deep_pages());
    questions.extend(sources());
    let parent = CaseFilter { parent: Some(CaseId(7)), ..CaseFilter::default() };
    questions.push(page("follow-ups".to_owned(), 2 * EACH, parent, CaseOrder { descending: false, ..NEWEST }, 1));
    // Each link reads its row and the cases at both ends.
    questions.push(question("links", 6 * EACH, async |store, account| {
        assert!(!store.list_links(account, &[CaseId(7)]).await.unwrap().is_empty());
    }));
    for kind in SourceKind::ALL {
        questions.push(question(format!("cases of {kind:?}"), 20 * EACH, async move |store, account| {
            let ids = (1..=20).map(|id| SourceId { kind, id }).collect::<Vec<_>>();
            assert!(!store.list_linked_cases(account, &ids, 1000).await.unwrap().is_empty());
        }));
    }
    questions
}

const NEWEST: CaseOrder = CaseOrder::NEWEST_FIRST;

/// On a day after many recent closures, and on a day with many overdue cases.
fn statistics() -> Vec<Question> {
    let (customer, contractor) = (Some(CustomerId(7)), Some(ContractorId(7)));
    let days = TimeRange {
        from: Some(TimeBound::Day(day(2026, 1, 1)).first_instant()),
        before: Some(TimeBound::Day(day(2026, 1, 1)).first_instant_after()),
    };
    let moments = TimeRange { from: Some(second(7000)), before: Some(second(7000 + EACH)) };
    let all = StatisticsFilter::default();
    let mut questions = Vec::new();
    for today in [day(2026, 1, 15), day(2028, 3, 3)] {
        for (name, filter, rows) in [
            // The times of the bucket with the median.
            ("all", all, 0),
            ("days", StatisticsFilter { created: days, ..all }, 0),
            ("moments", StatisticsFilter { created: moments, ..all }, 4 * EACH),
            ("customer", StatisticsFilter { customer, ..all }, 4 * EACH),
            ("contractor", StatisticsFilter { contractor, ..all }, 4 * EACH),
            ("customer and days", StatisticsFilter { customer, created: days, ..all }, 4 * EACH),
        ] {
            questions.push(question(format!("statistics by {name} on {today}"), rows, async move |store, account| {
                let today = Today::of(today.and_time(chrono::NaiveTime::MIN).and_utc());
                let counted = store.count_statistics(account, &filter, today).await.unwrap();
                assert!(counted.total() >= EACH && !counted.middle_seconds.is_empty());
            }));
        }
    }
    questions
}

/// Rows before a page are skipped in an index.
fn deep_pages() -> Vec<Question> {
    let all = CaseFilter::default();
    let mut questions = Vec::new();
    for key in [SortKey::CreatedAt, SortKey::UpdatedAt, SortKey::DueOn, SortKey::Priority, SortKey::Name] {
        for descending in [false, true] {
            let order = CaseOrder { key, descending };
            questions.push(page(format!("deep page {order:?}"), 20, all.clone(), order, 501));
        }
    }
    for (name, filter) in [
        ("status", CaseFilter { statuses: vec![StatusKey::new("open")], ..all.clone() }),
        ("priority", CaseFilter { priorities: vec![Priority::Low], ..all }),
    ] {
        questions.push(page(format!("deep page by {name}"), 20, filter, NEWEST, 450));
    }
    questions
}

/// The timeline, and the lists of inquiries and orders.
fn sources() -> Vec<Question> {
    let all = SourceFilter { kind: None, user: None, statuses: Vec::new(), created: TimeRange::default() };
    let mut questions = Vec::new();
    let mut list = |name: String, rows: i64, filter: SourceFilter, page: i64| {
        questions.push(question(name, rows, async move |store, account| {
            let page = PageNumber { page, per_page: 20 };
            assert!(!store.list_sources(account, &filter, page).await.unwrap().rows.is_empty());
        }));
    };
    let moments = TimeRange { from: Some(second(7000)), before: Some(second(7000 + 2 * EACH)) };
    for (place, page) in [("", 1), ("deep ", 501)] {
        list(format!("{place}timeline"), 20, all.clone(), page);
        for kind in SourceKind::ALL {
            let of_kind = SourceFilter { kind: Some(kind), ..all.clone() };
            list(format!("{place}list of {kind:?}"), 20, of_kind.clone(), page);
            let status = SourceFilter { statuses: vec![StatusKey::new("new")], ..of_kind };
            list(format!("{place}list of {kind:?} by status"), 20, status, page);
        }
    }
    for kind in [None, Some(SourceKind::Inquiry), Some(SourceKind::Order)] {
        let of_kind = SourceFilter { kind, ..all.clone() };
        let user = SourceFilter { user: Some(CustomerId(7)), ..of_kind.clone() };
        list(format!("sources {kind:?} by user"), 5 * EACH, user, 1);
        list(format!("sources {kind:?} by creation"), 2 * EACH, SourceFilter { created: moments, ..of_kind }, 1);
    }
    questions
}

/// Creates an inquiry and an order per case, links of one case, and the maintained counts.
pub(super) fn fill(bed: &Bed) {
    let (time, uuid, numbers, created_on) = if bed.is_postgres() {
        (
            "timestamptz '2026-01-01T00:00:00Z' + n * interval '1 second'",
            "'00000000-0000-0000-0000-000000000001'::uuid",
            format!("generate_series(1::bigint, {}) AS numbers (n)", 2 * CASES),
            "(created_at AT TIME ZONE 'UTC')::date",
        )
    } else {
        (
            "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 1767225600 + n, 'unixepoch')",
            "x'00000000000000000000000000000001'",
            format!(
                "(WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {}) SELECT n FROM s) AS numbers",
                2 * CASES
            ),
            "substr(created_at, 1, 10)",
        )
    };
    let content = r#"{"items": [], "total": null, "metadata": {}}"#;
    let content = if bed.is_postgres() { format!("'{content}'::json") } else { format!("'{content}'") };
    let account = ACCOUNT.0;
    let folded = if bed.is_postgres() { " UPDATE case_tallies SET folded = true;" } else { "" };
    bed.execute(&format!(
        "INSERT INTO sources (account_id, id, entity_type, version, user_id, title, workflow_id, status, phase, \
           content, created_by, created_at, updated_at) \
         SELECT {account}, n, CASE WHEN n % 2 = 0 THEN 'inquiry' ELSE 'order' END, 1, n / 2 % 1000, 'source ' || n, {uuid}, \
           CASE WHEN n % 3 = 0 THEN 'closed' ELSE 'new' END, 'active', {content}, 'somebody', {time}, {time} \
         FROM {numbers}; \
         INSERT INTO case_links (account_id, case_id, linked_case_id, kind, created_at) \
         SELECT account_id, CASE WHEN id <= {EACH} THEN 7 ELSE id END, id % 1000 + 100, 'related', created_at FROM cases; \
         DELETE FROM case_tallies; \
         INSERT INTO case_tallies (account_id, created_on, status, priority, source, cases, resolved, resolution_seconds) \
         SELECT account_id, {created_on}, status, priority, source, count(*), count(resolution_seconds), \
           coalesce(sum(resolution_seconds), 0) \
         FROM cases GROUP BY account_id, {created_on}, status, priority, source; \
         DELETE FROM case_totals; \
         INSERT INTO case_totals (account_id, status, priority, source, cases, resolved, resolution_seconds) \
         SELECT account_id, status, priority, source, sum(cases), sum(resolved), sum(resolution_seconds) \
         FROM case_tallies GROUP BY account_id, status, priority, source; \
         INSERT INTO histograms (account_id, histogram, bucket, entries) \
         SELECT account_id, 'resolution', resolution_seconds / 64 * 64, count(*) FROM cases \
         WHERE resolution_seconds IS NOT NULL GROUP BY account_id, resolution_seconds / 64; \
         INSERT INTO histograms (account_id, histogram, bucket, entries) \
         SELECT account_id, entity_type, 20454, count(*) FROM sources GROUP BY account_id, entity_type;{folded}"
    ));
}
