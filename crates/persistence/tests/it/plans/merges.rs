//! Questions about merges.

use docket_domain::{
    filter::CaseFilter,
    id::CaseId,
    page::CaseKeyset,
    store::{CaseColumns, CaseStore as _, MergeStore as _, NoteStore as _},
};

use super::{Question, question};

/// A case with parts, and its parts.
const SURVIVOR: i64 = 5_813;
const PARTS: std::ops::Range<i64> = 100..110;

pub(super) fn questions() -> Vec<Question> {
    let with_parts = CaseFilter { merged: true, ..CaseFilter::default() };
    let of_count = with_parts.clone();
    let parts = PARTS.end - PARTS.start;
    vec![
        question("a page with parts", 21 + parts, async move |store, account| {
            let page = store.list_cases(account, CaseColumns::Row, &with_parts, CaseKeyset::NEWEST_FIRST, 20).await;
            assert_eq!(page.unwrap().rows.len(), 20);
        }),
        question("count with parts", parts, async move |store, account| {
            store.count_cases(account, &of_count).await.unwrap();
        }),
        question("notes of a survivor", 1 + parts, async move |store, account| {
            let case = store.find_case(account, CaseId(SURVIVOR).into()).await.unwrap().unwrap();
            store.list_notes(account, &case.whole(), None, 20).await.unwrap();
        }),
        question("merges of a case", 1, async |store, account| {
            store.list_merges(account, CaseId(SURVIVOR), None, 20).await.unwrap();
        }),
    ]
}

/// SQL of the columns that make the parts and their survivor. `time` is the time of a row.
pub(super) fn value(column: &str, time: &str) -> Option<String> {
    let (uuid, at) = (uuid::Uuid::from_u128(1), "2026-06-01T00:00:00Z");
    let is_part = format!("n BETWEEN {} AND {}", PARTS.start, PARTS.end - 1);
    match column {
        "unlisted_at" => Some(format!("CASE WHEN {is_part} THEN {time} END")),
        "merged" => {
            let merged = format!(r#"{{"merge": "{uuid}", "case": {SURVIVOR}, "uuid": "{uuid}", "at": "{at}"}}"#);
            Some(format!("CASE WHEN {is_part} THEN '{merged}' ELSE template.merged END"))
        }
        "parts" => {
            let part = |case: i64| {
                format!(r#"{{"merge": "{uuid}", "case": {case}, "uuid": "{uuid}", "text": "part {case}"}}"#)
            };
            let parts = PARTS.map(part).collect::<Vec<_>>().join(", ");
            Some(format!("CASE WHEN n = {SURVIVOR} THEN '[{parts}]' ELSE template.parts END"))
        }
        _ => None,
    }
}
