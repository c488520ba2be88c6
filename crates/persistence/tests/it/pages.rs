//! Pages of lists: no row is skipped or repeated while other rows are inserted.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{cmp::Ordering, collections::BTreeSet};

use chrono::TimeDelta;
use docket_domain::{
    actor::Context,
    case::{Case, Details, Priority},
    command::NewCase,
    error::StoreError,
    filter::{CaseFilter, CaseOrder, SortKey},
    id::CaseId,
    page::{CaseKeyset, KeysetKey, PageNumber},
    service,
    service_level::CaseClocks,
    store::{CaseColumns, CaseStore, ClockStore},
    text::search_key,
};
use uuid::Uuid;

use crate::bed::{Bed, day, named, on_both_databases};

on_both_databases! {
    a_page_is_limited_in_bytes,
    a_row_of_a_list_has_no_large_texts,
    keyset_pages_neither_skip_nor_repeat_cases_during_inserts,
    numbered_pages_support_every_order,
    a_timeline_is_paged_newest_first,
}

const KEYS: [SortKey; 6] =
    [SortKey::CreatedAt, SortKey::UpdatedAt, SortKey::DueOn, SortKey::SlaDue, SortKey::Priority, SortKey::Name];

/// The order of two cases, implemented without SQL.
fn compare(order: CaseOrder, left: &Case, right: &Case) -> Ordering {
    let by_key = match order.key {
        SortKey::CreatedAt => left.created_at.cmp(&right.created_at),
        SortKey::UpdatedAt => left.updated_at.cmp(&right.updated_at),
        SortKey::Priority => {
            let key = |case: &Case| (case.details.priority, case.created_at);
            key(left).cmp(&key(right))
        }
        SortKey::Name => search_key(&left.name()).cmp(&search_key(&right.name())),
        // Cases without a date come last in both directions.
        SortKey::DueOn => match (left.details.due_on, right.details.due_on) {
            (None, Some(_)) => return Ordering::Greater,
            (Some(_), None) => return Ordering::Less,
            (left, right) => left.cmp(&right),
        },
        SortKey::SlaDue => match (left.sla_due_at, right.sla_due_at) {
            (None, Some(_)) => return Ordering::Greater,
            (Some(_), None) => return Ordering::Less,
            (left, right) => left.cmp(&right),
        },
    };
    let ascending = by_key.then(left.id.cmp(&right.id));
    if order.descending { ascending.reverse() } else { ascending }
}

/// Cases with many equal times, days, priorities and names.
async fn with_ties(bed: &Bed, count: u32) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut now = bed.now();
    for n in 0..count {
        if n % 4 == 0 {
            now = bed.now();
        }
        let details = Details {
            due_on: (n % 3 != 0).then(|| day(2026, 5, 1 + n % 4)),
            priority: if n % 5 == 0 { Priority::High } else { Priority::Low },
            ..named(["zeta", "Alpha", "älpha", "alpha", "Émile"][n as usize % 5])
        };
        let context = Context { now, occurred_at: now, ..bed.context() };
        cases.push(service::create_case(&bed.store, &context, NewCase::new(Uuid::now_v7(), details)).await.unwrap());
    }
    for case in cases.iter_mut().step_by(3) {
        *case = bed.move_to(case, "in_progress").await;
    }
    for (n, case) in cases.iter_mut().enumerate().filter(|(n, _)| n % 4 != 0) {
        case.sla_due_at = Some(now + TimeDelta::hours(i64::try_from(n % 3).unwrap()));
        let (clocks, due_at) = (Vec::new(), case.sla_due_at);
        let clocks = CaseClocks { case: case.id, version: case.version, clocks, due_at };
        bed.store.replace_clocks(bed.account, &[clocks]).await.unwrap();
    }
    cases
}

async fn keyset_pages_neither_skip_nor_repeat_cases_during_inserts(bed: &Bed) {
    let mut cases = with_ties(bed, 30).await;
    for key in [KeysetKey::CreatedAt(None), KeysetKey::UpdatedAt(None), KeysetKey::DueOn(None), KeysetKey::SlaDue(None)]
    {
        for descending in [false, true] {
            let mut keyset = CaseKeyset { key, descending };
            let order = keyset.order();
            let mut throughout = cases.clone();
            throughout.sort_by(|left, right| compare(order, left, right));
            let mut seen: Vec<Case> = Vec::new();
            loop {
                let filter = CaseFilter::default();
                let page = bed.store.list_cases(bed.account, CaseColumns::All, &filter, keyset, 7).await.unwrap();
                assert!(page.rows.len() <= 7);
                seen.extend(page.rows);
                if !page.has_more || seen.len() > 1000 {
                    break;
                }
                keyset = keyset.behind(seen.last().unwrap());
                if seen.len() < 29 {
                    // New cases at positions before and after the current page.
                    for due_on in [None, Some(day(2026, 4, 1)), Some(day(2026, 5, 2)), Some(day(2026, 7, 1))] {
                        cases.push(bed.create(Details { due_on, ..named("newcomer") }).await);
                    }
                }
            }
            let ids = seen.iter().map(|case| case.id).collect::<BTreeSet<CaseId>>();
            assert_eq!(ids.len(), seen.len(), "{order:?}: a case came twice");
            let was_there = |case: &&Case| throughout.iter().any(|known| known.id == case.id);
            let old = seen.iter().filter(was_there).cloned().collect::<Vec<_>>();
            assert_eq!(old, throughout, "{order:?}");
            assert!(seen.is_sorted_by(|left, right| compare(order, left, right) == Ordering::Less), "{order:?}");
        }
    }
}

async fn numbered_pages_support_every_order(bed: &Bed) {
    let cases = with_ties(bed, 30).await;
    for key in KEYS {
        for descending in [false, true] {
            let order = CaseOrder { key, descending };
            let mut expected = cases.clone();
            expected.sort_by(|left, right| compare(order, left, right));
            let mut seen = Vec::new();
            for page in 1..=5 {
                let number = PageNumber { page, per_page: 7 };
                let filter = CaseFilter::default();
                seen.extend(
                    bed.store.list_cases_page(bed.account, CaseColumns::All, &filter, order, number).await.unwrap(),
                );
            }
            let ids = |cases: &[Case]| cases.iter().map(|case| case.id.0).collect::<Vec<_>>();
            assert_eq!(ids(&seen), ids(&expected), "{order:?}");
        }
    }
    let past_the_end = PageNumber { page: 1_000_000_000, per_page: 100 };
    let rows = bed
        .store
        .list_cases_page(bed.account, CaseColumns::All, &CaseFilter::default(), CaseOrder::NEWEST_FIRST, past_the_end)
        .await;
    assert_eq!(rows.unwrap(), []);
}

async fn a_timeline_is_paged_newest_first(bed: &Bed) {
    let mut case = bed.create(named("long")).await;
    for _ in 0..4 {
        case = bed.move_to(&case, "in_progress").await;
        case = bed.move_to(&case, "open").await;
    }
    let mut versions = Vec::new();
    let mut before = None;
    loop {
        let page = bed.store.list_timeline(bed.account, case.id, before, 4).await.unwrap();
        versions.extend(page.rows.iter().map(|event| event.version));
        before = versions.last().copied();
        if !page.has_more {
            break;
        }
    }
    assert_eq!(versions, (1..=9).rev().collect::<Vec<_>>());
    let of_status = bed.store.list_status_events(bed.account, case.id).await.unwrap();
    assert_eq!(of_status.len(), 9);
    let part = bed.store.list_events(bed.account, case.id, 3, 2).await.unwrap();
    assert_eq!(part.iter().map(|event| event.version).collect::<Vec<_>>(), [4, 5]);
}

/// Cases with 400 kB of description each, 24 MB in total.
async fn fill_with_large_cases(bed: &Bed) {
    for number in 0..60 {
        bed.create(named(&number.to_string())).await;
    }
    let large = if bed.is_postgres() { "repeat('x', 400000)" } else { "printf('%.400000c', 'x')" };
    bed.execute(&format!("UPDATE cases SET description = {large}, notes = 'n'"));
}

async fn a_page_is_limited_in_bytes(bed: &Bed) {
    fill_with_large_cases(bed).await;
    let all = CaseFilter::default();
    for key in [KeysetKey::CreatedAt(None), KeysetKey::DueOn(None)] {
        let mut keyset = CaseKeyset { key, descending: false };
        let (mut seen, mut pages) = (Vec::new(), 0);
        loop {
            let page = bed.store.list_cases(bed.account, CaseColumns::All, &all, keyset, 60).await.unwrap();
            let bytes = page.rows.iter().map(|case| case.details.description.as_ref().unwrap().len()).sum::<usize>();
            assert!(bytes <= 16 << 20, "{bytes}");
            keyset = keyset.behind(page.rows.last().unwrap());
            seen.extend(page.rows.iter().map(|case| case.id.0));
            pages += 1;
            if !page.has_more {
                break;
            }
        }
        assert_eq!((pages, seen.len()), (2, 60));
        assert!(seen.is_sorted() && seen.windows(2).all(|ids| ids.first() < ids.last()));
    }
    for key in [SortKey::CreatedAt, SortKey::DueOn, SortKey::Name] {
        let order = CaseOrder { key, descending: false };
        let page = async |per_page| {
            let page = PageNumber { page: 1, per_page };
            bed.store.list_cases_page(bed.account, CaseColumns::All, &all, order, page).await
        };
        assert_eq!(page(40).await.unwrap().len(), 40);
        assert_eq!(page(60).await, Err(StoreError::PageTooLarge));
    }
}

async fn a_row_of_a_list_has_no_large_texts(bed: &Bed) {
    fill_with_large_cases(bed).await;
    let (all, order) = (CaseFilter::default(), CaseOrder::NEWEST_FIRST);
    for (columns, notes) in [(CaseColumns::Row, None), (CaseColumns::RowAndNotes, Some("n"))] {
        let page = bed.store.list_cases(bed.account, columns, &all, CaseKeyset::NEWEST_FIRST, 60).await.unwrap();
        let number = PageNumber { page: 1, per_page: 60 };
        let numbered = bed.store.list_cases_page(bed.account, columns, &all, order, number).await.unwrap();
        assert_eq!((page.rows.len(), page.has_more, &page.rows), (60, false, &numbered));
        for case in &page.rows {
            assert_eq!((case.details.description.as_ref(), case.details.notes.as_deref()), (None, notes));
        }
    }
}
