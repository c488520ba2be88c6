//! Statistics: each figure for a known history, and all figures compared with a simple count over many cases.
#![expect(clippy::unwrap_used, reason = "tests")]

use chrono::{Days, TimeDelta};
use docket_domain::{
    actor::Context,
    case::{Case, CasePhase, Edit, Priority, Source},
    command::{Command, NewCase},
    filter::{CaseFilter, CaseOrder, SortKey},
    id::{CaseId, ContractorId, CustomerId, InquiryId, OrderId},
    page::{CaseKeyset, PageNumber},
    service::{self, ChangeOptions},
    statistics::{Statistics, StatisticsFilter, Today},
    store::{CaseColumns, CaseStore, StatisticsStore},
    time::{TimeRange, Timestamp},
    workflow::{EntityType, StatusKey, builtin},
};
use uuid::Uuid;

use crate::bed::{Bed, day, named, on_both_databases, to_status};

on_both_databases! {
    an_empty_account_has_no_averages,
    time_to_resolution_ends_with_the_first_resolution_that_was_not_reworked,
    the_median_of_an_even_number_is_the_mean_of_the_middle_two,
    active_cases_that_were_due_before_today_are_overdue,
    recent_means_the_last_thirty_days,
    every_figure_equals_a_simple_count,
    numbered_pages_contain_every_case_once_in_every_order,
}

const HOUR: i64 = 3600;

fn start() -> Timestamp {
    day(2026, 3, 2).and_hms_opt(9, 0, 0).unwrap().and_utc()
}

/// The context of an action `seconds` after the start.
fn at(bed: &Bed, seconds: i64) -> Context {
    let now = start() + TimeDelta::seconds(seconds);
    Context { now, occurred_at: now, ..bed.context() }
}

/// A case and its status changes, each with its seconds after the start.
async fn history(bed: &Bed, steps: &[(i64, &str)]) -> Case {
    let new = NewCase::new(Uuid::now_v7(), named("a history"));
    let mut case = service::create_case(&bed.store, &at(bed, 0), new).await.unwrap();
    for (seconds, status) in steps {
        let context = at(bed, *seconds);
        let changed =
            service::change_case(&bed.store, &context, case.id.into(), to_status(status), ChangeOptions::default())
                .await;
        case = changed.unwrap();
    }
    case
}

async fn count(bed: &Bed) -> Statistics {
    count_on(bed, start()).await
}

async fn count_on(bed: &Bed, now: Timestamp) -> Statistics {
    bed.store.count_statistics(bed.account, &StatisticsFilter::default(), Today::of(now)).await.unwrap()
}

async fn an_empty_account_has_no_averages(bed: &Bed) {
    let other = bed.new_account("other").await;
    bed.create(named("of another account")).await;
    let counted = bed.store.count_statistics(other, &StatisticsFilter::default(), Today::of(start())).await.unwrap();
    assert_eq!(counted, Statistics::default());
    assert_eq!((counted.average_resolution_hours(), counted.median_resolution_hours()), (None, None));
}

async fn time_to_resolution_ends_with_the_first_resolution_that_was_not_reworked(bed: &Bed) {
    let only = async |steps: &[(i64, &str)], hours: Option<f64>| {
        let case = history(bed, steps).await;
        let counted = count(bed).await;
        assert_eq!(counted.average_resolution_hours(), hours, "{steps:?}");
        assert_eq!(counted.median_resolution_hours(), hours, "{steps:?}");
        bed.change(&case, Command::Delete).await.unwrap();
        assert_eq!(count(bed).await.total(), 0);
    };
    only(&[(HOUR, "in_progress")], None).await;
    only(&[(HOUR, "closed")], None).await;
    only(&[(2 * HOUR, "resolved")], Some(2.0)).await;
    only(&[(2 * HOUR, "resolved"), (9 * HOUR, "closed")], Some(2.0)).await;
    // A reworked resolution does not count. The next one does.
    only(&[(2 * HOUR, "resolved"), (3 * HOUR, "in_progress")], None).await;
    only(&[(2 * HOUR, "resolved"), (3 * HOUR, "in_progress"), (5 * HOUR, "resolved")], Some(5.0)).await;
    // A reopening does not revoke the first resolution, because the case was closed after it.
    only(&[(2 * HOUR, "resolved"), (3 * HOUR, "closed"), (4 * HOUR, "open")], Some(2.0)).await;
    let reopened = [
        (2 * HOUR, "resolved"),
        (3 * HOUR, "closed"),
        (4 * HOUR, "open"),
        (9 * HOUR, "resolved"),
        (10 * HOUR, "closed"),
    ];
    only(&reopened, Some(2.0)).await;
}

async fn the_median_of_an_even_number_is_the_mean_of_the_middle_two(bed: &Bed) {
    for (hours, median, average) in [(8, 8.0, 8.0), (1, 4.5, 4.5), (2, 2.0, 11.0 / 3.0), (5, 3.5, 4.0)] {
        history(bed, &[(hours * HOUR, "resolved")]).await;
        let counted = count(bed).await;
        assert_eq!(counted.median_resolution_hours(), Some(median));
        assert!((counted.average_resolution_hours().unwrap() - average).abs() < 1e-9);
    }
}

async fn active_cases_that_were_due_before_today_are_overdue(bed: &Bed) {
    for (due, steps) in [
        (Some(day(2026, 3, 1)), vec![]),
        (Some(day(2026, 3, 1)), vec![(1, "resolved")]),
        // Not overdue: due today, no due date, closed, cancelled.
        (Some(day(2026, 3, 2)), vec![]),
        (None, vec![]),
        (Some(day(2026, 3, 1)), vec![(1, "closed")]),
        (Some(day(2026, 3, 1)), vec![(1, "cancelled")]),
    ] {
        let case = history(bed, &steps).await;
        bed.change(&case, Command::Edit(vec![Edit::DueOn(due)])).await.unwrap();
    }
    assert_eq!(count(bed).await.overdue, 2);
    assert_eq!(count_on(bed, start() + TimeDelta::days(1)).await.overdue, 3);
}

async fn recent_means_the_last_thirty_days(bed: &Bed) {
    history(bed, &[(0, "closed")]).await;
    history(bed, &[(0, "cancelled")]).await;
    history(bed, &[(0, "closed"), (1, "open")]).await;
    let in_days = async |days| {
        let counted = count_on(bed, start() + TimeDelta::days(days)).await;
        (counted.created_recently(), counted.closed_recently)
    };
    assert_eq!(in_days(0).await, (3, 1));
    assert_eq!(in_days(29).await, (3, 1));
    assert_eq!(in_days(30).await, (0, 0));
}

/// A deterministic generator, so that failures are reproducible.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        let at = usize::try_from(self.below(u64::try_from(of.len()).unwrap())).unwrap();
        *of.get(at).unwrap()
    }
}

async fn many_cases(bed: &Bed, cases: u64) {
    let mut draw = Draw(7);
    for at_case in 0..cases {
        let created = start() + TimeDelta::seconds(i64::try_from(at_case * 9_000).unwrap());
        let mut details = named(draw.one(&["Öl", "öl", "anger", "Zange"]));
        details.priority = draw.one(&Priority::ALL);
        details.customer = draw.one(&[None, Some(CustomerId(1)), Some(CustomerId(2))]);
        details.contractor = draw.one(&[None, Some(ContractorId(5))]);
        details.due_on =
            draw.one(&[None, Some(-3), Some(0), Some(9)]).map(|days| (created + TimeDelta::days(days)).date_naive());
        match draw.below(4) {
            0 => details.inquiry = Some(InquiryId(1)),
            1 => details.order = Some(OrderId(1)),
            _ => {}
        }
        let mut context = Context { now: created, occurred_at: created, ..bed.context() };
        let mut case = service::create_case(&bed.store, &context, NewCase::new(Uuid::now_v7(), details)).await.unwrap();
        for _ in 0..draw.below(7) {
            context.now += TimeDelta::seconds(i64::try_from(1 + draw.below(200_000)).unwrap());
            context.occurred_at = context.now;
            let open =
                builtin(EntityType::Case).transitions_from(&case.status).map(|(_, to)| to.clone()).collect::<Vec<_>>();
            let to = draw.one(&open.iter().collect::<Vec<_>>());
            let command = to_status(to.as_str());
            case = service::change_case(&bed.store, &context, case.id.into(), command, ChangeOptions::default())
                .await
                .unwrap();
        }
        match draw.below(12) {
            0 => drop(bed.change(&case, Command::Delete).await.unwrap()),
            1 if case.phase == docket_domain::workflow::Phase::Closed => {
                let archive = Command::EnterPhase { phase: CasePhase::Archived, reason: None };
                drop(bed.change(&case, archive).await.unwrap());
            }
            _ => {}
        }
    }
}

async fn all_cases(bed: &Bed) -> Vec<Case> {
    let all = CaseFilter::default();
    bed.store.list_cases(bed.account, CaseColumns::All, &all, CaseKeyset::NEWEST_FIRST, 10_000).await.unwrap().rows
}

async fn every_figure_equals_a_simple_count(bed: &Bed) {
    many_cases(bed, 120).await;
    let all = all_cases(bed).await;
    let today = Today::of(start() + TimeDelta::days(35));
    let (customers, contractors) = ([None, Some(CustomerId(1))], [None, Some(ContractorId(5))]);
    let midnight = day(2026, 3, 6).and_hms_opt(0, 0, 0).unwrap().and_utc();
    let later = midnight + TimeDelta::days(4);
    let noon = midnight + TimeDelta::hours(12);
    let spans =
        [(None, None), (Some(midnight), None), (Some(midnight), Some(later)), (None, Some(noon)), (Some(noon), None)];
    for (customer, contractor, (from, before)) in customers
        .into_iter()
        .flat_map(|customer| contractors.map(|contractor| (customer, contractor)))
        .flat_map(|(customer, contractor)| spans.map(|span| (customer, contractor, span)))
    {
        let filter = StatisticsFilter { customer, contractor, created: TimeRange { from, before } };
        let counted = bed.store.count_statistics(bed.account, &filter, today).await.unwrap();
        let matches = |case: &&Case| {
            customer.is_none_or(|customer| case.details.customer == Some(customer))
                && contractor.is_none_or(|contractor| case.details.contractor == Some(contractor))
                && from.is_none_or(|from| case.created_at >= from)
                && before.is_none_or(|before| case.created_at < before)
        };
        let cases = all.iter().filter(matches).collect::<Vec<_>>();
        plainly_equal(&counted, &cases, today);
        let wanted = CaseFilter { customer, contractor, created: filter.created, ..CaseFilter::default() };
        assert_eq!(bed.store.count_cases(bed.account, &wanted).await.unwrap(), counted.total());
    }
}

fn plainly_equal(counted: &Statistics, cases: &[&Case], today: Today) {
    let number = |of: &dyn Fn(&Case) -> bool| i64::try_from(cases.iter().filter(|case| of(case)).count()).unwrap();
    assert_eq!(counted.total(), number(&|_| true));
    for status in builtin(EntityType::Case).statuses() {
        assert_eq!(counted.in_status(&status.key), number(&|case| case.status == status.key), "{}", status.key);
    }
    for priority in Priority::ALL {
        assert_eq!(counted.of_priority(priority), number(&|case| case.details.priority == priority));
    }
    for source in Source::ALL {
        assert_eq!(counted.from_source(source), number(&|case| case.source == source));
    }
    let overdue = |case: &Case| {
        case.case_phase() == CasePhase::Active && case.details.due_on.is_some_and(|due| due < today.day())
    };
    assert_eq!(counted.overdue, number(&overdue));
    let since = today.day().checked_sub_days(Days::new(29)).unwrap();
    assert_eq!(counted.created_recently(), number(&|case| case.created_at.date_naive() >= since));
    let closed = |case: &Case| case.status == "closed" && case.closed_at.unwrap().date_naive() >= since;
    assert_eq!(counted.closed_recently, number(&closed));
    let mut seconds = cases.iter().filter_map(|case| case.resolution_seconds()).collect::<Vec<_>>();
    seconds.sort_unstable();
    let hours = |seconds: &[i64]| {
        let float = |integer: i64| f64::from(i32::try_from(integer).unwrap());
        let length = i64::try_from(seconds.len()).unwrap();
        (length > 0).then(|| float(seconds.iter().sum()) / float(length) / 3600.0)
    };
    assert_eq!(counted.average_resolution_hours(), hours(&seconds));
    let middle = seconds.len().saturating_sub(1) / 2..seconds.len() / 2 + 1;
    assert_eq!(counted.median_resolution_hours(), hours(seconds.get(middle).unwrap_or_default()));
}

async fn numbered_pages_contain_every_case_once_in_every_order(bed: &Bed) {
    many_cases(bed, 40).await;
    let all = all_cases(bed).await;
    for key in
        [SortKey::CreatedAt, SortKey::UpdatedAt, SortKey::DueOn, SortKey::SlaDue, SortKey::Priority, SortKey::Name]
    {
        for descending in [false, true] {
            let order = CaseOrder { key, descending };
            let mut seen = Vec::new();
            for page in 1..=8 {
                let page = PageNumber { page, per_page: 7 };
                seen.extend(
                    bed.store
                        .list_cases_page(bed.account, CaseColumns::All, &CaseFilter::default(), order, page)
                        .await
                        .unwrap(),
                );
            }
            let mut ids = seen.iter().map(|case| case.id).collect::<Vec<CaseId>>();
            assert_eq!(ids.len(), all.len(), "{order:?}");
            ids.sort_unstable();
            ids.dedup();
            assert_eq!(ids.len(), all.len(), "{order:?}");
            let dated = seen.iter().map_while(|case| case.details.due_on).count();
            if key == SortKey::DueOn {
                assert!(
                    seen.iter().skip(dated).all(|case| case.details.due_on.is_none()),
                    "cases without a date come last"
                );
            }
            if key == SortKey::Priority {
                let mut ranks = seen.iter().map(|case| case.details.priority.rank()).collect::<Vec<_>>();
                if descending {
                    ranks.reverse();
                }
                assert!(ranks.is_sorted());
            }
        }
    }
    let statuses = vec![StatusKey::new("open")];
    let open = CaseFilter { statuses, ..CaseFilter::default() };
    let expected = all.iter().filter(|case| case.status == "open").count();
    assert_eq!(bed.store.count_cases(bed.account, &open).await.unwrap(), i64::try_from(expected).unwrap());
}
