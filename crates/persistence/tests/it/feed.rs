//! The feed gives each event exactly once, and nothing ever appears behind a position that was read.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
};

use docket_domain::{
    actor::{Actor, Context},
    case::Priority,
    command::{Command, NewCase},
    feed::{FeedEvent, FeedQuery, FeedSource, TypeFilter},
    id::{AccountId, CaseRef},
    person::{Person, PersonKind},
    scope::Scopes,
    service::{self, ChangeOptions},
};
use docket_persistence::Database;
use uuid::Uuid;

use crate::bed::{Bed, day, named, on_both_databases};

on_both_databases! {
    readers_see_every_event_once_while_many_write,
    a_page_has_only_the_wanted_types_of_the_wanted_case,
    an_account_sees_only_its_own_events,
    events_before_the_feed_have_positions,
}

const WRITERS: usize = 16;
const CASES: usize = 6;
const READERS: usize = 4;

fn everything(after: i64) -> FeedQuery {
    FeedQuery { after, limit: 7, types: None, case: None }
}

/// Follows the feed from the beginning until `is_over` and no event is left.
async fn follow(store: &Database, account: AccountId, is_over: impl Fn() -> bool) -> Vec<FeedEvent> {
    let mut seen = Vec::<FeedEvent>::new();
    let mut after = 0;
    loop {
        // Asked before the page is read: events of a writer that is done are in it.
        let over = is_over();
        let page = service::read_feed(store, account, &everything(after)).await.unwrap();
        assert!(page.upto >= after);
        after = page.upto;
        let is_empty = page.events.is_empty();
        seen.extend(page.events);
        if over && is_empty && !page.has_more {
            return seen;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

async fn readers_see_every_event_once_while_many_write(bed: &Bed) {
    if bed.is_postgres() {
        // Transactions take their number in the queue, and commit in another order.
        bed.execute(
            "CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS \
             $$ BEGIN PERFORM pg_sleep(random() * 0.02); RETURN NULL; END $$; \
             CREATE TRIGGER pause AFTER INSERT ON feed_queue FOR EACH STATEMENT EXECUTE FUNCTION pause()",
        );
    }
    let done = AtomicUsize::new(0);
    let (account, url) = (bed.account, bed.url.as_str());
    let outcomes = bed.in_parallel(WRITERS + READERS + 1, async |store, at| {
        if at == WRITERS + READERS {
            // A transaction that stays open all the time, with a number that it took before all others.
            stay_open(url, || done.load(Ordering::SeqCst) == WRITERS).await;
            return Vec::new();
        }
        if at >= WRITERS {
            return follow(&store, account, || done.load(Ordering::SeqCst) == WRITERS).await;
        }
        let actor = Actor { id: None, name: format!("writer {at}") };
        for round in 0..CASES {
            let now = day(2026, 3, 2).and_hms_opt(9, 0, 0).unwrap().and_utc();
            let context = Context::new(account, actor.clone(), Scopes::all(), now);
            let new = NewCase::new(Uuid::now_v7(), named(&format!("{at}-{round}")));
            let case = service::create_case(&store, &context, new).await.unwrap();
            for priority in [Priority::High, Priority::Low] {
                let edit = Command::Edit(vec![docket_domain::case::Edit::Priority(priority)]);
                let options = ChangeOptions::default();
                service::change_case(&store, &context, CaseRef::from(case.id), edit, options).await.unwrap();
            }
            let person = Person::named(account, PersonKind::Staff, format!("{at}-{round}"), now);
            service::create_person(&store, &context, person).await.unwrap();
        }
        done.fetch_add(1, Ordering::SeqCst);
        Vec::new()
    });
    let all = follow(&bed.store, bed.account, || true).await;
    assert_eq!(all.len(), WRITERS * CASES * 4);
    assert!((1..).zip(&all).all(|(position, event)| event.position == position));
    let mut versions = BTreeMap::<i64, i64>::new();
    for event in &all {
        let FeedSource::Case { event, .. } = &event.source else { continue };
        let last = versions.entry(event.case.0).or_default();
        assert_eq!(event.version, *last + 1);
        *last = event.version;
    }
    assert_eq!(versions.len(), WRITERS * CASES);
    for seen in outcomes.into_iter().skip(WRITERS).take(READERS) {
        assert_eq!(seen, all);
    }
    if bed.is_postgres() {
        let left = bed.lines("SELECT count(*)::text AS line FROM feed_queue");
        assert_eq!(left, ["0"]);
    }
}

/// Keeps a transaction open that has queued an event of another account.
async fn stay_open(url: &str, is_over: impl Fn() -> bool) {
    if !url.starts_with("postgres") {
        return;
    }
    use diesel_async::{AsyncConnection, SimpleAsyncConnection};
    let mut conn = diesel_async::AsyncPgConnection::establish(url).await.unwrap();
    let begin = "BEGIN; INSERT INTO feed_queue (account_id, case_id, version, kind) VALUES (0, 0, 0, 'none')";
    conn.batch_execute(begin).await.unwrap();
    while !is_over() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    conn.batch_execute("ROLLBACK").await.unwrap();
}

async fn a_page_has_only_the_wanted_types_of_the_wanted_case(bed: &Bed) {
    let (one, other) = (bed.create(named("one")).await, bed.create(named("other")).await);
    for case in [&one, &other] {
        let case = bed.move_to(case, "in_progress").await;
        bed.move_to(&case, "resolved").await;
    }
    let read = async |query: FeedQuery| {
        let page = service::read_feed(&bed.store, bed.account, &query).await.unwrap();
        let events = page.events.iter().map(|event| (event.position, event.kind())).collect::<Vec<_>>();
        (events, page.upto, page.has_more)
    };
    let types = |patterns: &[&'static str]| TypeFilter::parse(patterns.iter().copied()).unwrap();
    let created = FeedQuery { after: 0, limit: 10, types: types(&["case.created"]), case: None };
    assert_eq!(read(created.clone()).await, (vec![(1, "case.created"), (2, "case.created")], 6, false));
    let first = FeedQuery { limit: 1, ..created };
    assert_eq!(read(first).await, (vec![(1, "case.created")], 1, true));
    let of_case = FeedQuery { after: 2, limit: 10, types: types(&["case.*"]), case: Some(other.id) };
    let changed = "case.status_changed";
    assert_eq!(read(of_case).await, (vec![(5, changed), (6, changed)], 6, false));
    let none = FeedQuery { after: 0, limit: 10, types: types(&["key.*"]), case: None };
    assert_eq!(read(none).await, (Vec::new(), 6, false));
}

async fn an_account_sees_only_its_own_events(bed: &Bed) {
    let mine = bed.create(named("mine")).await;
    let other = bed.new_account("other").await;
    let theirs = NewCase::new(Uuid::now_v7(), named("theirs"));
    service::create_case(&bed.store, &bed.context_of(other), theirs).await.unwrap();
    let of = async |account| service::read_feed(&bed.store, account, &everything(0)).await.unwrap().events;
    let (my_events, their_events) = (of(bed.account).await, of(other).await);
    assert_eq!(my_events.iter().map(FeedEvent::case).collect::<Vec<_>>(), [Some(mine.id)]);
    assert_eq!(their_events.len(), 1);
    assert_eq!(their_events.first().map(|event| event.position), Some(1));
    let query = FeedQuery { case: Some(mine.id), ..everything(0) };
    assert!(service::read_feed(&bed.store, other, &query).await.unwrap().events.is_empty());
}

/// The migration numbers the events that are there. Here it runs again on a store with events.
async fn events_before_the_feed_have_positions(bed: &Bed) {
    let case = bed.create(named("one")).await;
    bed.move_to(&case, "in_progress").await;
    let person = Person::named(bed.account, PersonKind::Staff, "Ada", bed.now());
    service::create_person(&bed.store, &bed.context(), person).await.unwrap();
    bed.create(named("two")).await;
    let before = follow(&bed.store, bed.account, || true).await;
    let folder = if bed.is_postgres() { "postgres" } else { "sqlite" };
    let folder = format!("{}/../../migrations/{folder}/2026-11-26-000501_feed", env!("CARGO_MANIFEST_DIR"));
    for script in ["down.sql", "up.sql"] {
        bed.execute(&std::fs::read_to_string(format!("{folder}/{script}")).unwrap());
    }
    assert_eq!(follow(&bed.store, bed.account, || true).await, before);
    bed.create(named("three")).await;
    assert_eq!(follow(&bed.store, bed.account, || true).await.len(), before.len() + 1);
}
