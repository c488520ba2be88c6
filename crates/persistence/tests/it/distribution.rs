//! The schema can be distributed by account on Citus, which no machine of the tests has: the rules that Citus sets are
//! checked in the catalog of plain PostgreSQL.
#![expect(clippy::unwrap_used, reason = "tests")]

use docket_persistence::{Connector, Settings, testing};

use crate::bed::lines;

/// Tables that stay on the coordinator.
const LOCAL: [&str; 5] = ["__diesel_schema_migrations", "access_tokens", "accounts", "api_keys", "pending_backfills"];

/// Triggers that `docket migrate --citus` drops. A log on Citus is checked by `docket verify` alone.
const DROPPED_TRIGGERS: [&str; 5] = [
    "account_events account_events_append_only",
    "case_events case_events_append_only",
    "feed feed_append_only",
    "log_chain log_chain_append_only",
    "source_events source_events_append_only",
];

fn migrated() -> Option<String> {
    let url = testing::postgres()?.fresh_database();
    Connector::open(&url, Settings::default()).unwrap().migrate().unwrap();
    Some(url)
}

/// The catalog without the local tables.
fn of_distributed(url: &str, query: &str) -> Vec<String> {
    let found = lines(url, query).into_iter();
    found.filter(|line| !LOCAL.contains(&line.split(' ').next().unwrap_or_default())).collect()
}

#[test]
fn every_table_has_an_account_or_is_known_to_be_local() {
    let Some(url) = migrated() else { return };
    let without = "SELECT relname::text AS line FROM pg_class WHERE relkind IN ('r', 'p') \
        AND relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_attribute \
        WHERE attrelid = pg_class.oid AND attname = 'account_id' AND attnotnull) ORDER BY line";
    assert_eq!(of_distributed(&url, without), [""; 0]);
}

#[test]
fn every_unique_key_of_a_distributed_table_starts_with_the_account() {
    let Some(url) = migrated() else { return };
    let others = "SELECT indrelid::regclass || ' ' || indexrelid::regclass AS line FROM pg_index \
        JOIN pg_class ON pg_class.oid = indrelid \
        JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0] \
        WHERE relnamespace = 'public'::regnamespace AND indisunique AND attname <> 'account_id' ORDER BY line";
    assert_eq!(of_distributed(&url, others), [""; 0]);
    let unkeyed = "SELECT relname::text AS line FROM pg_class WHERE relkind = 'r' \
        AND relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_index \
        WHERE indrelid = pg_class.oid AND indisprimary)";
    assert_eq!(lines(&url, unkeyed), [""; 0]);
}

#[test]
fn every_foreign_key_starts_with_the_account_and_stays_within_its_node() {
    let Some(url) = migrated() else { return };
    let others = "SELECT conrelid::regclass || ' ' || conname AS line FROM pg_constraint \
        JOIN pg_attribute AS mine ON mine.attrelid = conrelid AND mine.attnum = conkey[1] \
        JOIN pg_attribute AS theirs ON theirs.attrelid = confrelid AND theirs.attnum = confkey[1] \
        WHERE contype = 'f' AND (mine.attname, theirs.attname) <> ('account_id', 'account_id') ORDER BY line";
    assert_eq!(lines(&url, others), [""; 0]);
    let pairs =
        "SELECT conrelid::regclass || ' ' || confrelid::regclass AS line FROM pg_constraint WHERE contype = 'f'";
    for pair in lines(&url, pairs) {
        let (from, to) = pair.split_once(' ').unwrap();
        assert_eq!(LOCAL.contains(&from), LOCAL.contains(&to), "a foreign key from {from} to {to}");
    }
}

#[test]
fn no_distributed_table_has_a_trigger_or_an_identity_that_citus_refuses() {
    let Some(url) = migrated() else { return };
    let triggers =
        "SELECT tgrelid::regclass || ' ' || tgname AS line FROM pg_trigger WHERE NOT tgisinternal ORDER BY line";
    assert_eq!(of_distributed(&url, triggers), DROPPED_TRIGGERS);
    let identities = "SELECT attrelid::regclass || ' ' || attname AS line FROM pg_attribute \
        WHERE attidentity <> '' AND atttypid <> 'bigint'::regtype ORDER BY line";
    assert_eq!(of_distributed(&url, identities), [""; 0]);
}

#[test]
fn no_migration_adds_an_identity_column_to_an_existing_table() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../migrations/postgres");
    for migration in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(migration.unwrap().path().join("up.sql")).unwrap().to_lowercase();
        let adds = |statement: &str| statement.contains("alter table") && statement.contains("as identity");
        assert!(!text.split(';').any(adds), "Citus cannot add an identity column: {text}");
    }
}

#[test]
fn only_citus_can_distribute() {
    let Some(url) = migrated() else { return };
    if testing::postgres().unwrap().is_citus() {
        return;
    }
    let refused = Connector::open(&url, Settings::default()).unwrap().distribute().unwrap_err().to_string();
    assert!(refused.contains("extension citus"), "{refused}");
}
