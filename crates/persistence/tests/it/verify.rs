//! The verification of the logs: it finds and names each manipulation, and reports nothing else.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::HashMap;

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use docket_domain::{
    case::{Case, Edit, Priority},
    command::{Command, NewCase},
    document::{NewDocument, Sha256Hash},
    id::{AccessGroupId, AccountId, CaseId, CaseRef},
    log_chain::{ChainHead, Logged},
    party::{NewParticipant, ParticipantKind, ParticipantsChange, ParticipantsCommand, Who},
    person::{Person, PersonKind},
    service::{self, ChangeOptions, Verified, verify},
    store::{ChainStore, FeedStore},
    subject::{SubjectEntry, WhichSubject},
    update::{NewDetail, UpdateEdits},
};
use uuid::Uuid;

use crate::bed::{Bed, named, on_both_databases};

on_both_databases! {
    a_sound_store_has_no_faults,
    a_change_of_any_column_of_the_log_is_found,
    dropped_moved_and_added_events_are_reported,
    each_column_of_a_case_is_compared_with_its_log,
    counts_and_tags_are_compared_with_the_cases,
    parts_of_a_case_are_compared_with_its_log,
    links_are_compared_with_the_logs_of_both_cases,
    people_and_keys_are_compared_with_the_log_of_the_account,
    the_feed_is_compared_with_the_logs,
    events_rewritten_after_a_checkpoint_are_found,
    a_chain_continues_at_its_end,
    an_unreadable_row_does_not_hide_other_faults,
    a_store_can_be_verified_during_writes,
}

/// Runs statements that bypass the guards of the store.
pub(crate) async fn tamper(bed: &Bed, statements: &str) {
    bed.is_tampered_with.set(true);
    if bed.is_postgres() {
        let mut conn = AsyncPgConnection::establish(&bed.url).await.unwrap();
        conn.batch_execute(&format!("SET session_replication_role = replica; {statements}")).await.unwrap();
    } else {
        let path = bed.url.strip_prefix("sqlite://").unwrap();
        let mut conn = SqliteConnection::establish(path).unwrap();
        conn.batch_execute(&format!("PRAGMA busy_timeout=5000; PRAGMA foreign_keys=OFF; {statements}")).unwrap();
    }
}

/// Verifies the whole store and returns the result with all faults.
pub(crate) async fn check(bed: &Bed) -> (Verified, Vec<String>) {
    let mut faults = Vec::new();
    let done =
        verify(&bed.store, None, &HashMap::new(), bed.now(), |fault| faults.push(fault.to_string())).await.unwrap();
    assert_eq!(done.faults, faults.len() as u64);
    (done, faults)
}

/// Verifies the whole store and returns the faults without those of the feed.
async fn check_logs(bed: &Bed) -> Vec<String> {
    check(bed).await.1.into_iter().filter(|fault| is_not_of_the_feed(fault)).collect()
}

fn is_not_of_the_feed(fault: &str) -> bool {
    !fault.contains("of the feed") && !fault.contains("in the feed")
}

/// A case with four events.
async fn busy_case(bed: &Bed) -> Case {
    let case = bed.create(named("busy")).await;
    let case = bed.move_to(&case, "in_progress").await;
    let edits = vec![Edit::Priority(Priority::Urgent), Edit::Owner(Some("Ömer".to_owned()))];
    let case = bed.change(&case, Command::Edit(edits)).await.unwrap();
    let tags = Command::Tag { add: vec!["a".to_owned(), "b".to_owned()], remove: Vec::new() };
    let case = bed.change(&case, tags).await.unwrap();
    assert_eq!(case.version, 4);
    case
}

/// The text of a fault in a case of the test's account.
fn fault(case: &Case, what: &str) -> String {
    format!("account {}, case {}: {what}", case.account.0, case.id.0)
}

async fn a_sound_store_has_no_faults(bed: &Bed) {
    for _ in 0..70 {
        bed.create(named("one of many")).await;
    }
    let case = busy_case(bed).await;
    bed.change(&case, Command::Delete).await.unwrap();
    let other = bed.new_account("other").await;
    let (done, faults) = check(bed).await;
    assert_eq!(faults, [""; 0]);
    assert_eq!(done, Verified { accounts: 2, cases: 71, events: 75, faults: 0 });
    let done = verify(&bed.store, Some(other), &HashMap::new(), bed.now(), |_| {}).await.unwrap();
    assert_eq!(done, Verified { accounts: 1, cases: 0, events: 0, faults: 0 });
}

async fn a_change_of_any_column_of_the_log_is_found(bed: &Bed) {
    let zeros = if bed.is_postgres() { "decode(repeat('00', 32), 'hex')" } else { "zeroblob(32)" };
    let columns = [
        "kind = 'case.deleted'",
        "actor_id = 7",
        "actor_id = 0",
        "actor_name = 'Somebody else'",
        "actor_name = NULL",
        "actor_name = ''",
        "occurred_at = '2001-01-01T00:00:00.000000Z'",
        "recorded_at = '2001-01-01T00:00:00.000000Z'",
        "data = '\"archived\"'",
        "data = '[ ]'",
        &format!("hash = {zeros}"),
    ];
    let mut expected = Vec::new();
    for change in columns {
        let case = busy_case(bed).await;
        tamper(bed, &format!("UPDATE case_events SET {change} WHERE case_id = {} AND version = 2", case.id.0)).await;
        expected.push(fault(&case, "event 2 was changed"));
        if change.starts_with("hash") {
            // The next event was chained to the original hash.
            expected.push(fault(&case, "event 3 was changed"));
        }
        busy_case(bed).await;
    }
    assert_eq!(check_logs(bed).await, expected);
}

async fn dropped_moved_and_added_events_are_reported(bed: &Bed) {
    let mut expected = Vec::new();
    let mut cases = Vec::new();
    for _ in 0..9 {
        cases.push(busy_case(bed).await);
    }
    let [dropped, first, last, all, swapped, added, renumbered, foreign, head] = cases.as_slice() else { panic!() };
    let of = |case: &Case, version: i64| format!("case_id = {} AND version = {version}", case.id.0);

    tamper(bed, &format!("DELETE FROM case_events WHERE {}", of(dropped, 2))).await;
    expected.push(fault(dropped, "event 2 is missing"));

    tamper(bed, &format!("DELETE FROM case_events WHERE {}", of(first, 1))).await;
    expected.push(fault(first, "event 1 is missing"));

    tamper(bed, &format!("DELETE FROM case_events WHERE {} OR {}", of(last, 3), of(last, 4))).await;
    expected.push(fault(last, "events 3 to 4 are missing"));

    tamper(bed, &format!("DELETE FROM case_events WHERE case_id = {}", all.id.0)).await;
    expected.push(fault(all, "events 1 to 4 are missing"));

    let swap = [(2, 100), (3, 2), (100, 3)];
    for (from, to) in swap {
        tamper(bed, &format!("UPDATE case_events SET version = {to} WHERE {}", of(swapped, from))).await;
    }
    expected.push(fault(swapped, "event 2 was written as event 3"));
    expected.push(fault(swapped, "event 3 was written as event 2"));

    let columns = "kind, actor_id, actor_name, occurred_at, recorded_at, data, hash";
    let copy = |case: &Case, version: i64| {
        format!(
            "INSERT INTO case_events (account_id, case_id, version, {columns}) \
             SELECT account_id, {}, {version}, {columns} FROM case_events WHERE {}",
            case.id.0,
            of(added, 2)
        )
    };
    tamper(bed, &copy(added, 5)).await;
    expected.push(fault(added, "event 5 was added"));

    tamper(bed, &format!("DELETE FROM case_events WHERE {}", of(renumbered, 2))).await;
    for from in [3, 4] {
        tamper(bed, &format!("UPDATE case_events SET version = {} WHERE {}", from - 1, of(renumbered, from))).await;
    }
    expected.push(fault(renumbered, "event 2 was changed"));
    expected.push(fault(renumbered, "event 3 was changed"));
    expected.push(fault(renumbered, "event 4 is missing"));

    tamper(bed, &format!("DELETE FROM case_events WHERE {}", of(foreign, 2))).await;
    tamper(bed, &copy(foreign, 2)).await;
    expected.push(fault(foreign, "event 2 was changed"));
    expected.push(fault(foreign, "event 3 was changed"));

    let zeros = if bed.is_postgres() { "decode(repeat('00', 32), 'hex')" } else { "zeroblob(32)" };
    tamper(bed, &format!("UPDATE cases SET log_head = {zeros} WHERE id = {}", head.id.0)).await;
    expected.push(fault(head, "the head of the log is not the hash of its last event"));

    let gone = Case { id: CaseId(4711), ..head.clone() };
    tamper(bed, &copy(&gone, 1)).await;
    expected.push(fault(&gone, "there are events, and no case"));

    assert_eq!(check_logs(bed).await, expected);
}

async fn each_column_of_a_case_is_compared_with_its_log(bed: &Bed) {
    let day = "'2001-01-01'";
    let time = "'2001-01-01T00:00:00.000000Z'";
    let truth = if bed.is_postgres() { "true" } else { "1" };
    let columns = [
        ("file_number", "'x'", "file_number", "search_text"),
        ("case_type", "'x'", "type", ""),
        ("description", "'x'", "description", ""),
        ("dezernat", "'x'", "dezernat", ""),
        ("opened_on", day, "opened_on", "case_number, search_text"),
        ("due_on", day, "due_on", ""),
        ("resolution", "'x'", "resolution", ""),
        ("owner", "NULL", "owner", ""),
        ("notes", "''", "notes", ""),
        ("is_request", truth, "is_request", ""),
        ("reference_1", "'x'", "reference_value_1", ""),
        ("reference_2", "'x'", "reference_value_2", ""),
        ("reference_3", "'x'", "reference_value_3", ""),
        ("customer_id", "7", "customer_id", ""),
        ("offer_id", "7", "offer_id", ""),
        ("custom_fields", "'{\"a\":1}'", "custom_fields", ""),
        ("tags", "'[\"b\",\"a\"]'", "tags", ""),
        ("created_by", "'x'", "created_by", ""),
        ("occurred_at", time, "occurred_at", ""),
        ("updated_at", time, "updated_at", ""),
        ("closed_at", time, "closed_at", ""),
        ("outcome", "'closed'", "outcome", ""),
    ];
    let mut expected = Vec::new();
    for (column, value, field, derived) in columns {
        let case = busy_case(bed).await;
        tamper(bed, &format!("UPDATE cases SET {column} = {value} WHERE id = {}", case.id.0)).await;
        expected.push(fault(&case, &format!("the case differs from its log in {field}")));
        if !derived.is_empty() {
            expected.push(fault(&case, &format!("{derived} does not follow from the case")));
        }
    }
    let account = bed.account.0;
    expected.push(format!("account {account}: the count of due 11323 is off by -1, resolved by 0, seconds by 0"));
    assert_eq!(check(bed).await.1, expected);
}

async fn counts_and_tags_are_compared_with_the_cases(bed: &Bed) {
    let case = busy_case(bed).await;
    bed.create(named("counted")).await;
    tamper(bed, "UPDATE case_tallies SET cases = cases + 2 WHERE status = 'open' AND cases > 0").await;
    if !bed.is_postgres() {
        tamper(bed, "UPDATE case_totals SET cases = cases + 2 WHERE status = 'open'").await;
    }
    let histogram = "INSERT INTO histograms (account_id, histogram, bucket, entries)";
    tamper(bed, &format!("{histogram} VALUES ({}, 'due', 20000, 3)", bed.account.0)).await;
    tamper(bed, &format!("DELETE FROM case_tags WHERE case_id = {} AND tag = 'a'", case.id.0)).await;
    tamper(bed, &format!("UPDATE cases SET name_key = 'x' WHERE id = {}", case.id.0)).await;
    let (_, faults) = check(bed).await;
    let [row, count, histogram] = faults.as_slice() else { panic!("{faults:?}") };
    assert!(histogram.contains("the count of due 20000 is off by"), "{histogram}");
    assert_eq!(row, &fault(&case, "name_key, case_tags does not follow from the case"));
    assert!(count.contains("the count of 2026-03-02 open 1 standalone is off by"), "{count}");
}

/// A case with one part of each kind, except links.
async fn full_case(bed: &Bed) -> Case {
    let case = bed.create(named("full")).await;
    let (context, id) = (bed.context(), CaseRef::from(case.id));
    service::add_note(&bed.store, &context, id, "as written".to_owned()).await.unwrap();
    let content = NewDocument {
        title: Some("as written".to_owned()),
        file_name: "a".to_owned(),
        media_type: "text/plain".to_owned(),
        size: 1,
        sha256: Sha256Hash::new([7; 32]),
    };
    service::add_document(&bed.store, &context, id, content).await.unwrap();
    crate::deadlines::add(bed, &case, crate::deadlines::new("as written", "2026-06-01")).await;
    let subject = SubjectEntry { which: WhichSubject::New, ..crate::subjects::entry("as written", None) };
    service::add_subject(&bed.store, &context, id, subject).await.unwrap();
    let details = Some(vec![NewDetail { start_at: chrono::NaiveTime::MIN, notes: "as written".to_owned() }]);
    let update = UpdateEdits { details, ..crate::updates::edits(&case, AccessGroupId(2)) };
    crate::updates::create(bed, update).await;
    let who = vec![NewParticipant { who: Who::New("Ann".to_owned()), role: "witness".to_owned() }];
    let change = ParticipantsChange::Add(who);
    let people = ParticipantsCommand { side: ParticipantKind::Party, present: Vec::new(), change };
    bed.change(&case, Command::Participants(people)).await.unwrap()
}

async fn parts_of_a_case_are_compared_with_its_log(bed: &Bed) {
    let case = full_case(bed).await;
    let things = [
        ("notes", "body", "note 1"),
        ("documents", "title", "document 1"),
        ("deadlines", "title", "deadline 1"),
        ("subjects", "name", "subject 1"),
        ("case_updates", "title", "update 1"),
        ("participants", "role", "party 1 as \"witness\""),
    ];
    for (table, column, thing) in things {
        let kept = bed.lines(&format!("SELECT {column} AS line FROM {table}"));
        tamper(bed, &format!("UPDATE {table} SET {column} = 'changed'")).await;
        let faults = check(bed).await.1;
        if table == "participants" {
            let other = "party 1 as \"changed\" is in no event";
            assert_eq!(faults, [fault(&case, &format!("{thing} is missing")), fault(&case, other)]);
        } else {
            assert_eq!(faults, [fault(&case, &format!("{thing} was changed"))], "{table}");
        }
        tamper(bed, &format!("UPDATE {table} SET {column} = '{}'", kept.concat())).await;
        assert_eq!(check(bed).await.1, [""; 0], "{table}");
    }
    tamper(bed, "UPDATE update_details SET notes = 'changed'").await;
    assert_eq!(check(bed).await.1, [fault(&case, "update 1 was changed")]);
    tamper(bed, "UPDATE update_details SET notes = 'as written'").await;
    // All parts of a kind are moved to another case.
    let other = bed.create(named("other")).await;
    for (table, _, thing) in things {
        tamper(bed, &format!("UPDATE {table} SET case_id = {}", other.id.0)).await;
        let expected =
            [fault(&case, &format!("{thing} is missing")), fault(&other, &format!("{thing} is in no event"))];
        assert_eq!(check(bed).await.1, expected, "{table}");
        tamper(bed, &format!("UPDATE {table} SET case_id = {}", case.id.0)).await;
    }
    for (table, _, thing) in things {
        tamper(bed, &format!("DELETE FROM {table}")).await;
        assert!(check(bed).await.1.contains(&fault(&case, &format!("{thing} is missing"))), "{table}");
    }
    if !bed.is_postgres() {
        tamper(bed, "UPDATE cases SET former_numbers = '[\"2026-03-00099-01\"]', search_text = search_text").await;
        let fault = fault(&case, "the case differs from its log in former_numbers");
        assert!(check(bed).await.1.contains(&fault), "{:?}", check(bed).await.1);
    }
}

async fn links_are_compared_with_the_logs_of_both_cases(bed: &Bed) {
    let (one, two) = (bed.create(named("one")).await, bed.create(named("two")).await);
    let link = crate::case_work::link(bed, &one, &two, "related").await.unwrap();
    let gone = crate::case_work::link(bed, &one, &two, "parent").await.unwrap();
    // The link was created from one case and removed from the other.
    service::remove_link(&bed.store, &bed.context(), two.id.into(), gone.id).await.unwrap();
    assert_eq!(check(bed).await.1, [""; 0]);
    let of = |what: &str| format!("account {}: link {} {what}", bed.account.0, link.id.0);
    tamper(bed, "UPDATE case_links SET kind = 'duplicate_of'").await;
    assert_eq!(check(bed).await.1, [of("was changed")]);
    tamper(bed, "UPDATE case_links SET kind = 'related', id = id + 7").await;
    let added = format!("account {}: link {} is in no event", bed.account.0, link.id.0 + 7);
    assert_eq!(check(bed).await.1, [added, of("is missing")]);
}

async fn people_and_keys_are_compared_with_the_log_of_the_account(bed: &Bed) {
    let person = Person::named(bed.account, PersonKind::Contact, "Ann", bed.now());
    let person = service::create_person(&bed.store, &bed.context(), person).await.unwrap();
    assert_eq!(check(bed).await.1, [""; 0]);
    let of = |what: &str| format!("account {}: {what}", bed.account.0);
    tamper(bed, "UPDATE people SET email = 'x@example.org'").await;
    assert_eq!(check(bed).await.1, [of(&format!("person {} differs from its last event", person.id.0))]);
    tamper(bed, "DELETE FROM people").await;
    assert_eq!(check(bed).await.1, [of(&format!("person {} is missing", person.id.0))]);
    tamper(bed, "UPDATE account_events SET actor_name = 'Bob'").await;
    let event = bed.lines("SELECT CAST(id AS TEXT) AS line FROM account_events").concat();
    assert_eq!(check(bed).await.1, [of(&format!("event {event} of the account was changed"))]);
}

async fn check_against(bed: &Bed, heads: &HashMap<AccountId, ChainHead>) -> Vec<String> {
    let mut faults = Vec::new();
    verify(&bed.store, None, heads, bed.now(), |fault| faults.push(fault.to_string())).await.unwrap();
    faults.into_iter().filter(|fault| is_not_of_the_feed(fault)).collect()
}

async fn checkpoint(bed: &Bed) -> HashMap<AccountId, ChainHead> {
    let heads = service::checkpoint(&bed.store).await.unwrap();
    heads.into_iter().map(|(account, head)| (account.id, head)).collect()
}

async fn the_feed_is_compared_with_the_logs(bed: &Bed) {
    let of = |what: &str| format!("account {}: {what}", bed.account.0);
    let person = Person::named(bed.account, PersonKind::Contact, "Mara", bed.now());
    service::create_person(&bed.store, &bed.context(), person).await.unwrap();
    let (first, second) = (busy_case(bed).await, busy_case(bed).await);
    bed.store.place_events(bed.account).await.unwrap();
    busy_case(bed).await;
    assert_eq!(check(bed).await.1, [""; 0]);

    tamper(bed, "UPDATE feed SET kind = 'case.other' WHERE position = 2").await;
    let kind = of("position 2 of the feed has another type than its event");
    assert_eq!(check(bed).await.1, [kind.as_str()]);

    let swap = [(7, 100), (8, 7), (100, 8)];
    for (from, to) in swap {
        tamper(bed, &format!("UPDATE feed SET position = {to} WHERE position = {from}")).await;
    }
    let order = of("position 7 of the feed is before the previous event of its case");
    assert_eq!(check(bed).await.1, [kind.as_str(), order.as_str()]);

    tamper(bed, "DELETE FROM feed WHERE position = 4").await;
    let missing = of("position 4 of the feed is missing");
    let incomplete = of("events without a position in the feed: 1");
    assert_eq!(check(bed).await.1, [&kind, &missing, &order, &incomplete].map(String::as_str));

    tamper(bed, &format!("DELETE FROM case_events WHERE case_id = {} AND version = 4", second.id.0)).await;
    let faults = check(bed).await.1;
    assert!(faults.contains(&of("position 9 of the feed has no event")), "{faults:?}");
    assert!(faults.contains(&fault(&second, "event 4 is missing")), "{faults:?}");
    assert!(!faults.iter().any(|fault| fault.contains(&format!("case {}:", first.id.0))), "{faults:?}");
}

/// Manipulations that the logs alone do not reveal, each compared with a checkpoint.
async fn events_rewritten_after_a_checkpoint_are_found(bed: &Bed) {
    let (kept, cut, gone, forged) =
        (busy_case(bed).await, busy_case(bed).await, busy_case(bed).await, busy_case(bed).await);
    let before_last = bed.lines(&format!(
        "SELECT {} AS line FROM case_events WHERE case_id = {} AND version = 3",
        if bed.is_postgres() { "encode(hash, 'hex')" } else { "hex(hash)" },
        cut.id.0
    ));
    let first = checkpoint(bed).await;
    assert_eq!(first.get(&bed.account).map(|head| head.size), Some(4));
    bed.move_to(&kept, "resolved").await;
    assert_eq!(check_against(bed, &first).await, [""; 0]);
    let second = checkpoint(bed).await;
    assert_eq!(second.get(&bed.account).map(|head| head.size), Some(5));
    for heads in [&first, &second] {
        assert_eq!(check_against(bed, heads).await, [""; 0]);
    }
    let account = format!("account {}", bed.account.0);
    // Delete the last event of a log, and reset the row of the case to match.
    let head = if bed.is_postgres() {
        format!("decode('{}', 'hex')", before_last.concat())
    } else {
        format!("unhex('{}')", before_last.concat())
    };
    tamper(bed, &format!(
        "DELETE FROM case_events WHERE case_id = {0} AND version = 4; DELETE FROM case_tags WHERE case_id = {0}; \
         UPDATE cases SET version = 3, tags = '[]', log_head = {head}, updated_at = (SELECT recorded_at FROM case_events \
         WHERE case_id = {0} AND version = 3) WHERE id = {0}",
        cut.id.0
    )).await;
    let missing = |version: i64, case: &Case| {
        format!("{account}: event {version} of case {}, which an earlier checkpoint has, is missing", case.id.0)
    };
    assert_eq!(check_against(bed, &second).await, [missing(4, &cut)]);
    // Delete a case with its log and all rows that refer to it.
    tamper(bed, &format!(
        "DELETE FROM case_events WHERE case_id = {0}; DELETE FROM case_tags WHERE case_id = {0}; DELETE FROM cases WHERE id = {0}; \
         UPDATE case_tallies SET cases = cases - 1 WHERE status = 'in_progress' AND cases > 0",
        gone.id.0
    )).await;
    let faults = check_against(bed, &second).await;
    assert!(faults.contains(&missing(4, &gone)), "{faults:?}");
    // Replace an event.
    let zeros = if bed.is_postgres() { "decode(repeat('00', 32), 'hex')" } else { "zeroblob(32)" };
    tamper(bed, &format!("UPDATE case_events SET hash = {zeros} WHERE case_id = {} AND version = 4", forged.id.0))
        .await;
    let faults = check_against(bed, &second).await;
    let differs =
        format!("{account}: event 4 of case {} differs from what it was at an earlier checkpoint", forged.id.0);
    assert!(faults.contains(&differs), "{faults:?}");
    // Delete the chain as well and build it again.
    tamper(bed, "DELETE FROM log_chain").await;
    let rewritten = format!("{account}: the chain ends at entry 0, and the checkpoint is of entry 5");
    assert!(check_against(bed, &second).await.contains(&rewritten));
    bed.store.extend_chain(bed.account, Logged::Case(CaseId(0), 0), 100).await.unwrap();
    bed.change(&kept, Command::Delete).await.unwrap();
    for _ in 0..3 {
        busy_case(bed).await;
    }
    bed.store.extend_chain(bed.account, Logged::Case(CaseId(0), 0), 100).await.unwrap();
    let rewritten = format!("{account}: the chain was rewritten before entry 5, that of the checkpoint");
    assert!(check_against(bed, &second).await.contains(&rewritten));
    let lost = HashMap::from([(AccountId(99), ChainHead { size: 3, ..ChainHead::default() })]);
    assert!(
        check_against(bed, &lost)
            .await
            .contains(&"account 99: the chain ends at entry 0, and the checkpoint is of entry 3".to_owned())
    );
}

async fn a_chain_continues_at_its_end(bed: &Bed) {
    let person = Person::named(bed.account, PersonKind::Contact, "Ann", bed.now());
    service::create_person(&bed.store, &bed.context(), person).await.unwrap();
    let cases = [busy_case(bed).await, busy_case(bed).await, busy_case(bed).await];
    let (start, after) = (Logged::Case(CaseId(0), 0), |case: &Case| Logged::Case(case.id, case.version));
    assert_eq!(bed.store.extend_chain(bed.account, start, 2).await.unwrap(), Some(after(&cases[1])));
    assert_eq!(bed.store.extend_chain(bed.account, start, 2).await.unwrap(), Some(after(&cases[2])));
    assert_eq!(bed.store.extend_chain(bed.account, start, 2).await.unwrap(), None);
    // The checkpoint adds the event of the person.
    assert_eq!(checkpoint(bed).await.get(&bed.account).map(|head| head.size), Some(4));
    assert_eq!(checkpoint(bed).await.get(&bed.account).map(|head| head.size), Some(4));
    tamper(bed, "UPDATE log_chain SET version = 3 WHERE position = 2").await;
    assert!(check(bed).await.1.contains(&format!("account {}: entry 2 of the chain was changed", bed.account.0)));
}

async fn an_unreadable_row_does_not_hide_other_faults(bed: &Bed) {
    let (first, second, third) = (busy_case(bed).await, busy_case(bed).await, busy_case(bed).await);
    tamper(bed, &format!("UPDATE cases SET phase = 'gone' WHERE id = {}", first.id.0)).await;
    if !bed.is_postgres() {
        // PostgreSQL's column types refuse such values.
        tamper(bed, &format!("UPDATE cases SET updated_at = 'never' WHERE id = {}", second.id.0)).await;
        tamper(bed, "UPDATE case_events SET occurred_at = 'never' WHERE case_id = 3 AND version = 2").await;
    }
    let (_, faults) = check(bed).await;
    let of = |case: &Case| {
        let of_case = format!("account 1, case {}: ", case.id.0);
        faults.iter().filter(|fault| fault.starts_with(&of_case)).cloned().collect::<Vec<_>>()
    };
    assert!(of(&first).iter().any(|fault| fault.contains("the row cannot be read")), "{faults:?}");
    if !bed.is_postgres() {
        assert!(of(&second).iter().any(|fault| fault.contains("the row cannot be read")), "{faults:?}");
        assert_eq!(of(&third), [fault(&third, "event 2 was changed")]);
    }
}

async fn a_store_can_be_verified_during_writes(bed: &Bed) {
    let (account, context) = (bed.account, bed.context());
    let contended = busy_case(bed).await;
    let faults = bed.in_parallel(4, async |store, at| {
        let mut faults = Vec::new();
        for _ in 0..15 {
            if at == 0 {
                verify(&store, Some(account), &HashMap::new(), context.now, |fault| faults.push(fault.to_string()))
                    .await
                    .unwrap();
                continue;
            }
            let new = NewCase::new(Uuid::now_v7(), named("meanwhile"));
            let case = service::create_case(&store, &context, new).await.unwrap();
            for case in [case.id, contended.id] {
                let tag = vec![format!("{at}-{}", case.0)];
                let add = Command::Tag { add: tag.clone(), remove: Vec::new() };
                let remove = Command::Tag { add: Vec::new(), remove: tag };
                for command in [add, remove] {
                    service::change_case(&store, &context, case.into(), command, ChangeOptions::default())
                        .await
                        .unwrap();
                }
            }
        }
        faults
    });
    assert_eq!(faults.concat(), [""; 0]);
}
