//! Imports of the event log of another system.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use chrono::TimeDelta;
use docket_domain::{
    command::NewCase,
    filter::CaseFilter,
    id::CaseRef,
    import::{Counts, ImportContext, LogMap, LogRow, LogRun, Why},
    page::CaseKeyset,
    service::{self, ImportOutcome},
    store::{CaseColumns, CaseStore, ImportStore},
    workflow::{EntityType, StatusKey, builtin},
};
use uuid::Uuid;

use crate::bed::{Bed, day, named, on_both_databases, to_status};

on_both_databases! {
    a_log_is_replayed_with_its_own_times_and_names,
    a_second_replay_of_a_log_adds_nothing,
    rows_are_recognised_by_their_content,
    a_row_added_in_the_middle_is_reported_at_each_replay,
    a_case_with_very_many_rows_is_written_in_parts,
    an_interrupted_replay_can_be_continued,
    a_refused_row_is_reported_and_does_not_change_the_case,
    a_replay_continues_after_changes_by_a_user,
    a_large_batch_gives_every_case_the_same_result,
}

fn map() -> LogMap {
    let statuses = builtin(EntityType::Case).statuses().iter();
    let statuses = statuses.map(|status| (format!("their {}", status.key), status.key.clone())).collect();
    LogMap { source: "theirs".to_owned(), statuses, skip: ["nothing".to_owned()].into() }
}

/// Rows of one case at intervals of an hour, each with a different actor.
fn run(case: &str, first: u64, words: &[&str]) -> LogRun {
    let start = day(2010, 3, 31).and_hms_opt(14, 0, 0).unwrap().and_utc();
    let rows = (first..).zip(words).map(|(place, word)| LogRow {
        line: place + 2,
        case: case.to_owned(),
        status: (*word).to_owned(),
        actor: format!("actor {place}"),
        occurred_at: start + TimeDelta::hours(i64::try_from(place).unwrap()),
        reason: None,
    });
    LogRun { rows: rows.collect() }
}

async fn replay(bed: &Bed, runs: &[LogRun]) -> ImportOutcome {
    let map = map();
    let terms = ImportContext { account: bed.account, map: &map, workflow: builtin(EntityType::Case), now: bed.now() };
    let new_case = |row: &LogRow| NewCase::new(Uuid::now_v7(), named(&format!("case {}", row.case)));
    service::replay_batch(&bed.store, terms, runs, new_case).await.unwrap()
}

const LIFE: [&str; 8] = [
    "their open",
    "their in_progress",
    "their in_progress",
    "their resolved",
    "their closed",
    "their open",
    "their closed",
    "their in_progress",
];

async fn a_log_is_replayed_with_its_own_times_and_names(bed: &Bed) {
    let outcome = replay(bed, &[run("a", 0, &LIFE)]).await;
    let counts = Counts { cases: 1, events: 8, transitions: 6, unchanged: 1, ..Counts::default() };
    assert_eq!((outcome.counts, outcome.remarks), (counts, vec![]));
    assert_eq!(outcome.standing, [("a".to_owned(), StatusKey::new("in_progress"))]);
    let known = bed.store.find_imported(bed.account, "theirs", &["a".to_owned()]).await.unwrap();
    let case = known.first().unwrap().case.clone().unwrap();
    assert_eq!(known.first().unwrap().rows.len(), 8);
    assert_eq!((case.version, case.series.instance, case.created_by.as_str()), (7, 3, "actor 0"));
    let log = bed.store.list_events(bed.account, case.id, 0, 100).await.unwrap();
    let who = log.iter().map(|event| event.actor.as_ref().unwrap().name.as_str()).collect::<Vec<_>>();
    assert_eq!(who, ["actor 0", "actor 1", "actor 3", "actor 4", "actor 5", "actor 6", "actor 7"]);
    let hours = log.iter().map(|event| (event.occurred_at - case.occurred_at).num_hours()).collect::<Vec<_>>();
    assert_eq!(hours, [0, 1, 3, 4, 5, 6, 7]);
    assert!(log.iter().all(|event| event.recorded_at == case.created_at && event.recorded_at > event.occurred_at));
    crate::commits::assert_folds_to(&log, &case);
    let first = CaseFilter { case_number: Some(format!("2026-03-{:05}-01", case.id.0)), ..CaseFilter::default() };
    assert_eq!(bed.store.count_cases(bed.account, &first).await.unwrap(), 1, "its first number still finds it");
}

async fn a_second_replay_of_a_log_adds_nothing(bed: &Bed) {
    let runs = [run("a", 0, &LIFE), run("b", 0, &["nothing"]), run("c", 0, &["their open", "their cancelled"])];
    let first = replay(bed, &runs).await;
    let events = bed.lines("SELECT CAST(count(*) AS TEXT) AS line FROM case_events");
    let second = replay(bed, &runs).await;
    assert_eq!(second.counts, Counts { known: 11, ..Counts::default() });
    assert_eq!((second.remarks, &second.standing), (vec![], &first.standing));
    assert_eq!(bed.lines("SELECT CAST(count(*) AS TEXT) AS line FROM case_events"), events);
    assert_eq!(bed.store.count_cases(bed.account, &CaseFilter::default()).await.unwrap(), 2);
}

async fn rows_are_recognised_by_their_content(bed: &Bed) {
    replay(bed, &[run("a", 0, &LIFE[..4])]).await;
    // The file has lost its first row, repeats one row, and has two new ones.
    let mut later = run("a", 1, &LIFE[1..6]);
    later.rows.insert(3, later.rows.get(2).unwrap().clone());
    let outcome = replay(bed, &[later]).await;
    let counts = Counts { events: 3, transitions: 2, unchanged: 1, known: 3, ..Counts::default() };
    assert_eq!((outcome.counts, outcome.remarks), (counts, vec![]));
    assert_eq!(outcome.standing, [("a".to_owned(), StatusKey::new("open"))]);
}

async fn a_row_added_in_the_middle_is_reported_at_each_replay(bed: &Bed) {
    let mut life = run("a", 0, &LIFE);
    let middle = life.rows.remove(3);
    replay(bed, std::slice::from_ref(&life)).await;
    life.rows.insert(3, middle.clone());
    for _ in 0..2 {
        let outcome = replay(bed, std::slice::from_ref(&life)).await;
        assert_eq!(outcome.counts, Counts { events: 1, skipped: 1, late: 1, known: 7, ..Counts::default() });
        let imported_to = life.rows.last().unwrap().occurred_at;
        let remarks = outcome.remarks.into_iter().map(|remark| (remark.line, remark.why)).collect::<Vec<_>>();
        assert_eq!(remarks, [(middle.line, Why::Late { imported_to })]);
    }
}

async fn a_case_with_very_many_rows_is_written_in_parts(bed: &Bed) {
    let words = ["their open", "their in_progress"].into_iter().cycle().take(9_001).collect::<Vec<_>>();
    let outcome = replay(bed, &[run("a", 0, &words)]).await;
    let counts = Counts { cases: 1, events: 9_001, transitions: 9_000, ..Counts::default() };
    assert_eq!(outcome.counts, counts);
    assert_eq!(replay(bed, &[run("a", 0, &words)]).await.counts, Counts { known: 9_001, ..Counts::default() });
}

async fn an_interrupted_replay_can_be_continued(bed: &Bed) {
    let (begun, rest) = LIFE.split_at(3);
    replay(bed, &[run("a", 0, begun)]).await;
    // One replay has the log from its start, the other only the new rows.
    let whole = replay(bed, &[run("a", 0, &LIFE[..6])]).await;
    assert_eq!(whole.counts, Counts { events: 3, transitions: 3, known: 3, ..Counts::default() });
    let end = replay(bed, &[run("a", 3, rest)]).await;
    assert_eq!(end.counts, Counts { events: 2, transitions: 2, known: 3, ..Counts::default() });
    let known = bed.store.find_imported(bed.account, "theirs", &["a".to_owned()]).await.unwrap();
    assert_eq!(known.first().unwrap().case.as_ref().unwrap().version, 7);
}

async fn a_refused_row_is_reported_and_does_not_change_the_case(bed: &Bed) {
    let words = ["their closed", "their open", "nothing", "their closed", "their resolved", "elsewhere"];
    let outcome = replay(bed, &[run("a", 0, &words)]).await;
    let counts = Counts { cases: 1, events: 6, transitions: 1, skipped: 2, refused: 2, ..Counts::default() };
    assert_eq!(outcome.counts, counts);
    let why = outcome.remarks.into_iter().map(|remark| (remark.line, remark.why)).collect::<Vec<_>>();
    let [(2, Why::Refused { from: None, .. }), (4, Why::Skipped), (6, refused), (7, Why::Unknown)] = why.as_slice()
    else {
        panic!("{why:?}");
    };
    let Why::Refused { from, to, reason } = refused else { panic!("{refused:?}") };
    assert_eq!((from.as_ref().unwrap().as_str(), to.as_str()), ("closed", "resolved"));
    assert!(reason.contains("transitions to resolved start from"), "{reason}");
    assert_eq!(outcome.standing, [("a".to_owned(), StatusKey::new("closed"))]);
}

async fn a_replay_continues_after_changes_by_a_user(bed: &Bed) {
    replay(bed, &[run("a", 0, &["their open", "their in_progress"]), run("b", 0, &["their open"])]).await;
    let filter = CaseFilter::default();
    let cases =
        bed.store.list_cases(bed.account, CaseColumns::All, &filter, CaseKeyset::NEWEST_FIRST, 10).await.unwrap().rows;
    let [b, a] = cases.as_slice() else { panic!("{cases:?}") };
    bed.move_to(a, "cancelled").await;
    bed.change(b, docket_domain::command::Command::Delete).await.unwrap();
    let outcome = replay(bed, &[run("a", 2, &["their resolved", "their open"]), run("b", 1, &["their closed"])]).await;
    let counts = Counts { events: 3, transitions: 1, refused: 2, ..Counts::default() };
    assert_eq!(outcome.counts, counts, "{:?}", outcome.remarks);
    let a = bed.store.find_case(bed.account, CaseRef::from(a.id)).await.unwrap().unwrap();
    assert_eq!((a.status.as_str(), a.version), ("open", 4));
    assert_eq!(bed.store.find_case(bed.account, CaseRef::from(b.id)).await.unwrap(), None);
}

async fn a_large_batch_gives_every_case_the_same_result(bed: &Bed) {
    let runs = (0..450).map(|case| run(&case.to_string(), 0, &LIFE)).collect::<Vec<_>>();
    let outcome = replay(bed, &runs).await;
    assert_eq!(outcome.counts.transitions, 6 * 450);
    assert_eq!(bed.store.count_cases(bed.account, &CaseFilter::default()).await.unwrap(), 450);
    let in_progress = CaseFilter { statuses: vec![StatusKey::new("in_progress")], ..CaseFilter::default() };
    assert_eq!(bed.store.count_cases(bed.account, &in_progress).await.unwrap(), 450);
    // Cases created later still get unique ids and series.
    let case = bed.create(named("next")).await;
    assert_eq!(case.series.number, case.id.0);
    let moved = bed.move_to(&case, "in_progress").await;
    assert_eq!(bed.change(&moved, to_status("resolved")).await.unwrap().version, 3);
    crate::tallies::assert_exact(bed).await;
}
