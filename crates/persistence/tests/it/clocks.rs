//! Stored clocks of service levels: they are what the logs give, whatever happened.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    bed::{Bed, named, on_both_databases},
    merges::{merge, undo},
    tallies::chances,
    verify::{check, tamper},
};
use chrono::TimeDelta;
use docket_domain::{
    case::{Case, Edit, Priority},
    command::Command,
    error::Error,
    filter::{CaseFilter, SlaFilter, SlaState},
    id::{CaseId, CaseRef},
    page::{CaseKeyset, KeysetKey},
    service::{self, RebuildStep, continue_clocks, find_clock_rebuild, tell_moments, want_clocks},
    service_level::{AppliesTo, EventPattern, ServiceLevel, Share, Target, WorkCalendar, WorkDuration},
    store::{CaseColumns, CaseStore, ClockStore},
    workflow::StatusKey,
};

on_both_databases! {
    stored_clocks_are_what_random_histories_give,
    verification_finds_other_clocks,
    a_recomputation_continues_where_it_was_left,
    servers_share_a_recomputation,
    cases_are_ordered_by_their_next_clock,
    moments_of_a_part_wait_for_the_end_of_its_merge,
}

const TARGETS: [(&str, &str, &str, i64); 3] = [
    ("First response", "created", "status:in_progress", 20),
    ("Resolution", "created", "outcome:resolved", 60),
    ("Closing", "outcome:resolved", "phase:closed", 10),
];

fn calendar() -> WorkCalendar {
    let day = serde_json::json!([["00:00", "24:00"]]);
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let hours = days.map(|name| (name.to_owned(), day.clone())).into_iter().collect::<serde_json::Map<_, _>>();
    serde_json::from_value(serde_json::json!({
        "key": "always", "name": "Always", "time_zone": "Europe/Berlin", "hours": hours,
        "holidays": null, "closed": [], "open": {},
    }))
    .unwrap()
}

fn level(key: &str, position: i64, priorities: Option<Vec<Priority>>, factor: i64) -> ServiceLevel {
    let pattern = |text: &str| text.parse::<EventPattern>().unwrap();
    let target = |(name, starts, stops, goal): &(&str, &str, &str, i64)| Target {
        name: (*name).to_owned(),
        starts_on: pattern(starts),
        stops_on: pattern(stops),
        pauses_in: vec!["pending_customer".to_owned()],
        goal: WorkDuration::seconds(goal * factor),
        goal_by_priority: BTreeMap::from([(Priority::High, WorkDuration::seconds(goal * factor / 2))]),
        calendar: "always".to_owned(),
        warn_at: Share::new(0.8).unwrap(),
        restarts: true,
    };
    ServiceLevel {
        key: key.to_owned(),
        name: key.to_owned(),
        applies_to: AppliesTo { types: None, priorities, tags: None, client_ids: None },
        position,
        targets: TARGETS.iter().map(target).collect(),
    }
}

async fn set_up(bed: &Bed) {
    service::put_calendar(&bed.store, bed.account, &calendar(), bed.now()).await.unwrap();
    let urgent = level("urgent", 1, Some(vec![Priority::Urgent]), 1);
    service::put_service_level(&bed.store, bed.account, &urgent, bed.now()).await.unwrap();
    service::put_service_level(&bed.store, bed.account, &level("all", 2, None, 2), bed.now()).await.unwrap();
    rebuild(bed).await;
}

async fn rebuild(bed: &Bed) {
    // A change of settings counts after a second.
    let wanted = find_clock_rebuild(&bed.store, bed.account).await.unwrap();
    let mut step = continue_clocks(&bed.store, bed.account, bed.now()).await.unwrap();
    while wanted.is_some() && !matches!(step, RebuildStep::Done(_)) {
        step = continue_clocks(&bed.store, bed.account, bed.now()).await.unwrap();
    }
}

async fn stored_clocks_are_what_random_histories_give(bed: &Bed) {
    set_up(bed).await;
    let mut cases = Vec::<Case>::new();
    let mut dice = chances(7);
    let mut roll = || dice.next().unwrap() % 100;
    for _ in 0..120 {
        if cases.len() < 4 {
            cases.push(bed.create(named("clocked")).await);
        }
        let at = roll() % cases.len();
        let Some(case) = cases.get(at).cloned() else { continue };
        let command = match roll() % 10 {
            0..5 => {
                let statuses = ["open", "in_progress", "pending_customer", "resolved", "closed", "under_review"];
                let Some(status) = statuses.get(roll() % statuses.len()) else { continue };
                crate::bed::to_status(status)
            }
            5 | 6 => {
                let priorities = [Priority::Normal, Priority::High, Priority::Urgent];
                let Some(priority) = priorities.get(roll() % 3) else { continue };
                Command::Edit(vec![Edit::Priority(*priority)])
            }
            7 => Command::Tag { add: vec![format!("t{}", roll())], remove: Vec::new() },
            _ => {
                // Time passes.
                for _ in 0..roll() / 4 {
                    bed.now();
                }
                for (account, due) in bed.store.list_due_clocks(bed.now(), 100).await.unwrap() {
                    tell_moments(&bed.store, &bed.context_of(account), due).await.unwrap();
                }
                continue;
            }
        };
        match bed.change(&case, command).await {
            Ok(changed) => drop(cases.get_mut(at).map(|case| *case = changed)),
            // The status has no such transition, or the case is closed.
            Err(Error::Rejected(_)) => {}
            Err(other) => panic!("{other:?}"),
        }
        assert_eq!(check(bed).await.1, [""; 0]);
    }
}

async fn verification_finds_other_clocks(bed: &Bed) {
    set_up(bed).await;
    let case = bed.create(named("clocked")).await;
    assert!(case.sla_due_at.is_some());
    assert_eq!(check(bed).await.1, [""; 0]);
    let fault = format!("account {}, case {}: the stored clocks differ from its log", bed.account.0, case.id.0);
    for change in ["due_at = NULL", "state = 'met'", "level = 'urgent'", "next_at = NULL"] {
        tamper(bed, &format!("UPDATE clocks SET {change}")).await;
        assert_eq!(check(bed).await.1, [fault.as_str()], "{change}");
        want_clocks(&bed.store, bed.account, bed.now()).await.unwrap();
        // Nothing is compared while the clocks are computed anew.
        assert_eq!(check(bed).await.1, [""; 0]);
        rebuild(bed).await;
        assert_eq!(check(bed).await.1, [""; 0]);
    }
    tamper(bed, "UPDATE cases SET sla_due_at = NULL").await;
    assert_eq!(check(bed).await.1, [fault.as_str()]);
    assert_eq!(service::rebuild_clocks(&bed.store, bed.account, bed.now(), |_| {}).await.unwrap(), 1);
    assert_eq!(check(bed).await.1, [""; 0]);
}

/// Cases without stored clocks: the service levels came later.
async fn unclocked(bed: &Bed, count: usize) -> BTreeSet<CaseId> {
    let mut ids = BTreeSet::new();
    for at in 0..count {
        ids.insert(bed.create(named(&format!("case {at}"))).await.id);
    }
    service::put_calendar(&bed.store, bed.account, &calendar(), bed.now()).await.unwrap();
    service::put_service_level(&bed.store, bed.account, &level("all", 1, None, 9), bed.now()).await.unwrap();
    ids
}

async fn a_recomputation_continues_where_it_was_left(bed: &Bed) {
    let ids = unclocked(bed, 450).await;
    assert_eq!(continue_clocks(&bed.store, bed.account, bed.now()).await.unwrap(), RebuildStep::Nothing);
    bed.now();
    assert_eq!(continue_clocks(&bed.store, bed.account, bed.now()).await.unwrap(), RebuildStep::Some);
    let progress = find_clock_rebuild(&bed.store, bed.account).await.unwrap().unwrap();
    assert_eq!((progress.done, progress.total), (400, Some(450)));
    // Another process goes on with it.
    let other = bed.connector.worker().unwrap();
    assert_eq!(continue_clocks(&other, bed.account, bed.now()).await.unwrap(), RebuildStep::Done(450));
    assert_eq!(find_clock_rebuild(&bed.store, bed.account).await.unwrap(), None);
    let all = ids.iter().copied().collect::<Vec<_>>();
    let clocked = bed.store.list_clocks(bed.account, &all).await.unwrap();
    assert_eq!(clocked.iter().map(|(case, _)| *case).collect::<BTreeSet<_>>(), ids);
    // A change starts it again.
    want_clocks(&bed.store, bed.account, bed.now()).await.unwrap();
    bed.now();
    assert_eq!(continue_clocks(&bed.store, bed.account, bed.now()).await.unwrap(), RebuildStep::Some);
    want_clocks(&bed.store, bed.account, bed.now()).await.unwrap();
    assert_eq!(find_clock_rebuild(&bed.store, bed.account).await.unwrap().unwrap().done, 0);
    rebuild(bed).await;
}

async fn servers_share_a_recomputation(bed: &Bed) {
    unclocked(bed, 900).await;
    bed.now();
    let (account, now) = (bed.account, bed.now());
    let done = bed.in_parallel(3, async |store, _| {
        let mut done = 0;
        while find_clock_rebuild(&store, account).await.unwrap().is_some() {
            if let RebuildStep::Done(cases) = continue_clocks(&store, account, now).await.unwrap() {
                done += cases;
            }
        }
        done
    });
    assert_eq!(done.iter().sum::<u64>(), 900, "one of them ends it: {done:?}");
}

async fn cases_are_ordered_by_their_next_clock(bed: &Bed) {
    set_up(bed).await;
    let plain = bed.create(named("plain")).await;
    let urgent = bed.create(named("urgent")).await;
    bed.change(&urgent, Command::Edit(vec![Edit::Priority(Priority::Urgent)])).await.unwrap();
    let done = bed.create(named("done")).await;
    let done = bed.move_to(&bed.move_to(&done, "in_progress").await, "resolved").await;
    bed.move_to(&done, "closed").await;
    let list = async |filter: &CaseFilter, descending: bool| {
        let (mut keyset, mut ids) = (CaseKeyset { key: KeysetKey::SlaDue(None), descending }, Vec::new());
        loop {
            let page = bed.store.list_cases(bed.account, CaseColumns::Row, filter, keyset, 1).await.unwrap();
            ids.extend(page.rows.iter().map(|case| CaseRef::from(case.id)));
            match page.rows.last().filter(|_| page.has_more) {
                Some(last) => keyset = keyset.at(&keyset.cursor_behind(last)).unwrap(),
                None => return ids,
            }
        }
    };
    let all = CaseFilter::default();
    assert_eq!(list(&all, false).await, [urgent.id, plain.id, done.id].map(CaseRef::from));
    assert_eq!(list(&all, true).await, [plain.id, urgent.id, done.id].map(CaseRef::from));
    let state = Some(SlaState::Running);
    let running = CaseFilter { sla: Some(SlaFilter { state, target: None, now: bed.now() }), ..all.clone() };
    assert_eq!(list(&running, false).await, [urgent.id, plain.id].map(CaseRef::from));
    let open = CaseFilter { statuses: vec![StatusKey::new("open")], ..all };
    assert_eq!(list(&open, false).await, [urgent.id, plain.id].map(CaseRef::from));
}

async fn moments_of_a_part_wait_for_the_end_of_its_merge(bed: &Bed) {
    set_up(bed).await;
    let (survivor, part) = (bed.create(named("survivor")).await, bed.create(named("part")).await);
    let merged = merge(bed, &survivor, &[&part]).await.unwrap();
    let later = bed.now() + TimeDelta::hours(1);
    let due = async || {
        let due = bed.store.list_due_clocks(later, 100).await.unwrap();
        due.into_iter().map(|(_, case)| case).collect::<BTreeSet<_>>()
    };
    assert_eq!(due().await, BTreeSet::from([survivor.id]));
    undo(bed, &merged).await.unwrap();
    assert_eq!(due().await, BTreeSet::from([survivor.id, part.id]));
}
