//! The check of the logs: it finds what was tampered with, names it, and finds nothing else.
#![expect(clippy::unwrap_used, reason = "tests")]

use diesel::{Connection, SqliteConnection, connection::SimpleConnection};
use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use docket_domain::{
    case::{Case, Edit, Priority},
    command::{Command, NewCase},
    id::CaseId,
    service::{self, Terms, Verified, verify},
};
use uuid::Uuid;

use crate::bed::{Bed, named, on_both_databases};

on_both_databases! {
    a_sound_store_has_no_faults,
    each_column_of_the_log_is_guarded,
    dropped_moved_and_added_events_are_named,
    each_column_of_a_case_is_compared_with_its_log,
    counts_and_tags_are_compared_with_the_cases,
    a_row_that_cannot_be_read_hides_no_other,
    a_store_can_be_checked_while_it_is_written_to,
}

/// Runs statements past everything that guards the store.
pub(crate) async fn tamper(bed: &Bed, statements: &str) {
    if bed.is_postgres() {
        let mut conn = AsyncPgConnection::establish(&bed.url).await.unwrap();
        conn.batch_execute(&format!("SET session_replication_role = replica; {statements}")).await.unwrap();
    } else {
        let path = bed.url.strip_prefix("sqlite://").unwrap();
        let mut conn = SqliteConnection::establish(path).unwrap();
        conn.batch_execute(&format!("PRAGMA busy_timeout=5000; PRAGMA foreign_keys=OFF; {statements}")).unwrap();
    }
}

/// What the check of the whole store gives.
pub(crate) async fn check(bed: &Bed) -> (Verified, Vec<String>) {
    let mut faults = Vec::new();
    let done = verify(&bed.store, None, |fault| faults.push(fault.to_string())).await.unwrap();
    assert_eq!(done.faults, faults.len() as u64);
    (done, faults)
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

/// What is expected of a case of the test's account.
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
    let done = verify(&bed.store, Some(other), |_| {}).await.unwrap();
    assert_eq!(done, Verified { accounts: 1, cases: 0, events: 0, faults: 0 });
}

async fn each_column_of_the_log_is_guarded(bed: &Bed) {
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
            // What follows was chained to the hash that stood there.
            expected.push(fault(&case, "event 3 was changed"));
        }
        busy_case(bed).await;
    }
    assert_eq!(check(bed).await.1, expected);
}

async fn dropped_moved_and_added_events_are_named(bed: &Bed) {
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

    assert_eq!(check(bed).await.1, expected);
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
    assert_eq!(check(bed).await.1, expected);
}

async fn counts_and_tags_are_compared_with_the_cases(bed: &Bed) {
    let case = busy_case(bed).await;
    bed.create(named("counted")).await;
    tamper(bed, "UPDATE case_tallies SET cases = cases + 2 WHERE status = 'open' AND cases > 0").await;
    tamper(bed, &format!("DELETE FROM case_tags WHERE case_id = {} AND tag = 'a'", case.id.0)).await;
    tamper(bed, &format!("UPDATE cases SET name_key = 'x' WHERE id = {}", case.id.0)).await;
    let (_, faults) = check(bed).await;
    let [row, count] = faults.as_slice() else { panic!("{faults:?}") };
    assert_eq!(row, &fault(&case, "name_key, case_tags does not follow from the case"));
    assert!(count.contains("the count of 2026-03-02 open 1 standalone is off by"), "{count}");
}

async fn a_row_that_cannot_be_read_hides_no_other(bed: &Bed) {
    let (first, second, third) = (busy_case(bed).await, busy_case(bed).await, busy_case(bed).await);
    tamper(bed, &format!("UPDATE cases SET phase = 'gone' WHERE id = {}", first.id.0)).await;
    if !bed.is_postgres() {
        // PostgreSQL's own types do not let such a thing in.
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

async fn a_store_can_be_checked_while_it_is_written_to(bed: &Bed) {
    let (account, context) = (bed.account, bed.context());
    let contended = busy_case(bed).await;
    let faults = bed.in_parallel(4, async |store, at| {
        let mut faults = Vec::new();
        for _ in 0..15 {
            if at == 0 {
                verify(&store, Some(account), |fault| faults.push(fault.to_string())).await.unwrap();
                continue;
            }
            let new = NewCase::new(Uuid::now_v7(), named("meanwhile"));
            let case = service::create_case(&store, &context, new).await.unwrap();
            for case in [case.id, contended.id] {
                let tag = vec![format!("{at}-{}", case.0)];
                let add = Command::Tag { add: tag.clone(), remove: Vec::new() };
                let remove = Command::Tag { add: Vec::new(), remove: tag };
                for command in [add, remove] {
                    service::change_case(&store, &context, case.into(), command, Terms::default()).await.unwrap();
                }
            }
        }
        faults
    });
    assert_eq!(faults.concat(), [""; 0]);
}
