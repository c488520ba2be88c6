//! Series and case numbers.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use docket_domain::{
    actor::{Actor, Context},
    case::{Case, CasePhase, Details, Edit, Source},
    command::{Command, NewCase},
    error::Error,
    event::EventData,
    filter::CaseFilter,
    id::CaseRef,
    page::CaseKeyset,
    scope::Scopes,
    service::{self, ChangeOptions},
    store::{CaseColumns, CaseStore},
};
use uuid::Uuid;

use crate::bed::{Bed, day, named, on_both_databases, to_status};

on_both_databases! {
    a_follow_up_takes_the_next_instance,
    instances_never_repeat_under_concurrency,
    a_case_is_found_by_its_former_numbers,
}

async fn follow_up(bed: &Bed, parent: &Case) -> Case {
    let new = NewCase::new(Uuid::now_v7(), named("follow-up"));
    bed.create_new(NewCase { parent: Some(Box::new(parent.clone())), ..new }).await
}

async fn a_follow_up_takes_the_next_instance(bed: &Bed) {
    let first = bed.create(named("first")).await;
    let second = follow_up(bed, &first).await;
    let third = follow_up(bed, &second).await;
    let place = |case: &Case| (case.series.number, case.series.instance, case.parent, case.source);
    assert_eq!(place(&first), (first.id.0, 1, None, Source::Standalone));
    assert_eq!(place(&second), (first.id.0, 2, Some(first.id), Source::FollowUp));
    assert_eq!(place(&third), (first.id.0, 3, Some(second.id), Source::FollowUp));
    let reopened = bed.move_to(&bed.move_to(&first, "closed").await, "open").await;
    assert_eq!(reopened.series.instance, 4);
    assert_eq!(follow_up(bed, &reopened).await.series.instance, 5);
    // Two reopenings in one commit: each takes a new instance.
    let phase = |phase, reason: Option<&str>| Command::EnterPhase { phase, reason: reason.map(str::to_owned) };
    let twice = Command::All(vec![
        phase(CasePhase::Closed, None),
        phase(CasePhase::Active, Some("first appeal")),
        phase(CasePhase::Closed, None),
        phase(CasePhase::Active, Some("second appeal")),
    ]);
    assert_eq!(bed.change(&third, twice).await.unwrap().series.instance, 7);
    assert_eq!(follow_up(bed, &third).await.series.instance, 8);
    let filter = CaseFilter { series_number: Some(first.id.0), series_instance: Some(1), ..CaseFilter::default() };
    assert_eq!(bed.store.count_cases(bed.account, &filter).await.unwrap(), 0);
}

async fn instances_never_repeat_under_concurrency(bed: &Bed) {
    const THREADS: usize = 8;
    const ROUNDS: usize = 6;
    let first = bed.create(named("first")).await;
    let now = bed.now();
    let context = Context::new(bed.account, Actor { id: None, name: "Tester".to_owned() }, Scopes::all(), now);
    let cases = bed.in_parallel(THREADS, async |store, thread| {
        let mut made = Vec::new();
        for _ in 0..ROUNDS {
            let new = NewCase::new(Uuid::now_v7(), named("follow-up"));
            let new = NewCase { parent: Some(Box::new(first.clone())), ..new };
            let case = service::create_case(&store, &context, new).await.unwrap();
            // Half of the threads also change the first case, whose row has the counter.
            let contended = if thread % 2 == 0 { first.id } else { case.id };
            for status in ["closed", "open"] {
                let by = CaseRef::from(contended);
                match service::change_case(&store, &context, by, to_status(status), ChangeOptions::default()).await {
                    Ok(_) | Err(Error::Rejected(_)) => {}
                    Err(error) => panic!("{error:?}"),
                }
            }
            made.push(case.id);
        }
        made
    });
    let mut given = Vec::new();
    for case in cases.into_iter().flatten().chain([first.id]) {
        for event in bed.store.list_events(bed.account, case, 0, 1000).await.unwrap() {
            if let EventData::Created(created) = &event.data {
                given.push(created.case.series.instance);
            }
            if let EventData::StatusChanged(change) = event.data {
                given.extend(change.series_instance);
            }
        }
    }
    let distinct = given.iter().copied().collect::<BTreeSet<_>>();
    assert_eq!(distinct.len(), given.len(), "{given:?}");
    assert!(given.len() > THREADS * ROUNDS + THREADS / 2, "some re-openings: {given:?}");
}

async fn a_case_is_found_by_its_former_numbers(bed: &Bed) {
    let case = bed.create(Details { name: None, ..named("") }).await;
    let first = case.number().to_string();
    assert_eq!(case.name(), first);
    let reopened = bed.move_to(&bed.move_to(&case, "closed").await, "open").await;
    let moved = bed.change(&reopened, Command::Edit(vec![Edit::OpenedOn(day(2011, 8, 1))])).await.unwrap();
    let numbers = [first, reopened.number().to_string(), moved.number().to_string()];
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), 3, "{numbers:?}");
    bed.create(named("other")).await;
    for number in &numbers {
        for part in [number.as_str(), &number[3..], &number[..number.len() - 1]] {
            let filter = CaseFilter { search: Some(part.to_owned()), ..CaseFilter::default() };
            let page = bed
                .store
                .list_cases(bed.account, CaseColumns::All, &filter, CaseKeyset::NEWEST_FIRST, 10)
                .await
                .unwrap();
            assert!(page.rows.contains(&moved), "{part}");
        }
    }
    for number in numbers {
        let filter = CaseFilter { case_number: Some(number), ..CaseFilter::default() };
        let page =
            bed.store.list_cases(bed.account, CaseColumns::All, &filter, CaseKeyset::NEWEST_FIRST, 10).await.unwrap();
        assert_eq!(page.rows, std::slice::from_ref(&moved));
        assert_eq!(bed.store.count_cases(bed.account, &filter).await.unwrap(), 1);
    }
    let unknown = CaseFilter { case_number: Some("2011-08-99999-01".to_owned()), ..CaseFilter::default() };
    assert_eq!(bed.store.count_cases(bed.account, &unknown).await.unwrap(), 0);
}
