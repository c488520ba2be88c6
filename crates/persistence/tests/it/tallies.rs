//! The maintained counts equal a count of the cases after any sequence of changes.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use docket_domain::{
    case::{Details, Edit, Priority},
    command::{Command, NewCase},
    filter::CaseFilter,
    id::{CaseId, CaseRef},
    service::{self, ChangeOptions},
    statistics::{StatisticsFilter, Today},
    store::{CaseStore, StatisticsStore, VerifyStore},
    time::TimeRange,
    workflow::{EntityType, builtin},
};
use uuid::Uuid;

use crate::bed::{Bed, day, named, on_both_databases, to_status};

on_both_databases! {
    the_maintained_counts_equal_a_count_of_the_cases,
    counts_stay_exact_under_concurrent_writes,
}

/// Sums of the maintained counts, one bucket per line, without empty buckets.
const KEPT: &str = "SELECT CAST(created_on AS TEXT) || ' ' || status || ' ' || CAST(priority AS TEXT) || ' ' || source \
    || ' ' || CAST(sum(cases) AS TEXT) || ' ' || CAST(sum(resolved) AS TEXT) || ' ' \
    || CAST(sum(resolution_seconds) AS TEXT) AS line FROM case_tallies \
    GROUP BY created_on, status, priority, source HAVING sum(cases) <> 0 ORDER BY line";

/// The same sums, computed from the cases.
fn counted(bed: &Bed) -> String {
    let created_on =
        if bed.is_postgres() { "(created_at AT TIME ZONE 'UTC')::date::text" } else { "substr(created_at, 1, 10)" };
    format!(
        "SELECT {created_on} || ' ' || status || ' ' || CAST(priority AS TEXT) || ' ' || source \
         || ' ' || CAST(count(*) AS TEXT) || ' ' || CAST(count(resolution_seconds) AS TEXT) || ' ' \
         || CAST(coalesce(sum(resolution_seconds), 0) AS TEXT) AS line FROM cases WHERE unlisted_at IS NULL \
         GROUP BY {created_on}, status, priority, source ORDER BY line"
    )
}

/// Differences that `docket verify` finds, and the statistics from the maintained counts against those of the cases.
async fn assert_statistics_exact(bed: &Bed) {
    assert_eq!(bed.store.list_tally_differences(bed.account, 10).await.unwrap(), []);
    // This range contains all cases, but the maintained counts do not cover it. So the cases are counted.
    let from = day(2000, 1, 1).and_hms_opt(0, 0, 1).unwrap().and_utc();
    let counted = StatisticsFilter { created: TimeRange { from: Some(from), before: None }, ..Default::default() };
    for today in [day(2026, 1, 1), day(2026, 6, 4), day(2026, 6, 20), day(2027, 1, 1), day(2100, 1, 1)] {
        let today = Today::of(today.and_time(chrono::NaiveTime::MIN).and_utc());
        let mut all = bed.store.count_statistics(bed.account, &StatisticsFilter::default(), today).await.unwrap();
        let mut expected = bed.store.count_statistics(bed.account, &counted, today).await.unwrap();
        for statistics in [&mut all, &mut expected] {
            statistics.groups.sort_by_key(|group| format!("{group:?}"));
        }
        assert_eq!(all, expected);
    }
}

pub(crate) async fn assert_exact(bed: &Bed) {
    assert_eq!(bed.lines(KEPT), bed.lines(&counted(bed)));
    assert_statistics_exact(bed).await;
    for status in builtin(EntityType::Case).statuses() {
        for priorities in [vec![], vec![Priority::Low], vec![Priority::High, Priority::Urgent]] {
            let kept = CaseFilter { statuses: vec![status.key.clone()], priorities, ..CaseFilter::default() };
            // This extra condition matches all cases, but the maintained counts do not cover it. So the cases are
            // counted.
            let plain = CaseFilter { is_request: Some(false), ..kept.clone() };
            let count = async |filter| bed.store.count_cases(bed.account, filter).await.unwrap();
            assert_eq!(count(&kept).await, count(&plain).await, "{kept:?}");
        }
    }
}

/// Pseudo-random numbers, the same at every run.
pub(crate) fn chances(seed: u64) -> impl Iterator<Item = usize> {
    let next =
        |state: &u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    std::iter::successors(Some(seed), next).skip(1).map(|state| usize::try_from(state >> 33).unwrap())
}

fn a_command(chance: usize) -> Command {
    let statuses = ["open", "in_progress", "resolved", "closed", "cancelled", "open", "in_progress", "resolved"];
    match chance % 11 {
        at @ 0..8 => to_status(statuses[at]),
        8 if !(chance / 11).is_multiple_of(3) => {
            Command::Edit(vec![Edit::DueOn(Some(day(2026, 6, 1 + (chance / 11 % 20) as u32)))])
        }
        8 => Command::Edit(vec![Edit::Priority(Priority::ALL[chance / 11 % 4])]),
        9 => Command::Delete,
        _ => Command::Restore,
    }
}

async fn the_maintained_counts_equal_a_count_of_the_cases(bed: &Bed) {
    let mut chances = chances(7);
    let mut cases = Vec::new();
    for _ in 0..60 {
        let priority = Priority::ALL[chances.next().unwrap() % 4];
        cases.push(bed.create(Details { priority, due_on: Some(day(2026, 6, 5)), ..named("counted") }).await);
        for _ in 0..10 {
            let case = &cases[chances.next().unwrap() % cases.len()];
            // Some commands are refused. That does not matter here.
            let _ = bed.change(case, a_command(chances.next().unwrap())).await;
        }
    }
    assert_exact(bed).await;
    let other = bed.new_account("other").await;
    assert_eq!(bed.store.count_cases(other, &CaseFilter::default()).await.unwrap(), 0);
}

async fn counts_stay_exact_under_concurrent_writes(bed: &Bed) {
    const EACH: usize = 150;
    let context = bed.context();
    bed.in_parallel(6, async |store, thread| {
        let mut chances = chances(thread as u64);
        for _ in 0..EACH {
            let case =
                service::create_case(&store, &context, NewCase::new(Uuid::now_v7(), named("counted"))).await.unwrap();
            let other = CaseRef::from(CaseId(1 + i64::try_from(chances.next().unwrap()).unwrap() % case.id.0));
            let command = a_command(chances.next().unwrap());
            let _ = service::change_case(&store, &context, other, command, ChangeOptions::default()).await;
        }
    });
    assert_exact(bed).await;
    let rows = bed.lines("SELECT CAST(count(*) AS TEXT) AS line FROM case_tallies");
    let rows = rows.first().unwrap().parse::<usize>().unwrap();
    assert_eq!(bed.lines("SELECT CAST(count(*) AS TEXT) AS line FROM histograms WHERE entries < 0"), ["0"]);
    // After more than 512 commits PostgreSQL has folded the rows. On SQLite the rows never multiply.
    assert!(rows < 6 * EACH, "{rows} rows of counts");
}
