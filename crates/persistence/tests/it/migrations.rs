//! Migrations: reverting and applying them again gives the same schema, and both backends have the same migrations.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use diesel::{Connection, migration::MigrationSource};
use diesel_async::async_connection_wrapper::AsyncConnectionWrapper;
use diesel_migrations::{FileBasedMigrations, MigrationHarness};
use docket_persistence::{Connector, Settings, testing};

use crate::bed::{Folder, lines};

fn folder(database: &str) -> String {
    format!("{}/../../migrations/{database}", env!("CARGO_MANIFEST_DIR"))
}

fn names(database: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder(database)).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// All elements of a schema, one per line.
const SQLITE_SCHEMA: &str = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') AS line FROM sqlite_master \
    WHERE name NOT LIKE 'sqlite_%' AND name <> '__diesel_schema_migrations' ORDER BY line";
const POSTGRES_SCHEMA: &str = "SELECT * FROM (\
    SELECT concat_ws(' ', table_name, ordinal_position, column_name, data_type, is_nullable, column_default, \
        identity_generation, collation_name) AS line FROM information_schema.columns WHERE table_schema = 'public' \
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' \
    UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint \
        WHERE connamespace = 'public'::regnamespace \
    UNION ALL SELECT 'extension ' || extname FROM pg_extension \
    UNION ALL SELECT 'sequence ' || sequencename FROM pg_sequences WHERE schemaname = 'public' \
    ) AS schema WHERE line NOT LIKE '%\\_\\_diesel\\_schema\\_migrations%' ORDER BY line";

/// Applies all migrations, reverts them and applies them again, one at a time, and compares the schema at each step.
fn up_down_up<C>(conn: &mut C, database: &str, schema: impl Fn() -> Vec<String>)
where
    C: Connection + MigrationHarness<C::Backend>,
    FileBasedMigrations: MigrationSource<C::Backend>,
{
    let migrations = || FileBasedMigrations::from_path(folder(database)).unwrap();
    let mut schemas = vec![schema()];
    while conn.has_pending_migration(migrations()).unwrap() {
        conn.run_next_migration(migrations()).unwrap();
        schemas.push(schema());
    }
    assert_eq!(schemas.len(), names(database).len() + 1);
    let full = schemas.last().unwrap().clone();
    assert!(full.len() > 20, "{full:?}");
    for before in schemas.iter().rev().skip(1) {
        conn.revert_last_migration(migrations()).unwrap();
        assert_eq!(&schema(), before);
    }
    conn.run_pending_migrations(migrations()).unwrap();
    assert_eq!(schema(), full);
}

#[test]
fn sqlite_migrations_can_be_reverted_and_applied_again() {
    let folder = Folder::new();
    let url = folder.sqlite_url("docket.db");
    let mut conn = diesel::SqliteConnection::establish(url.strip_prefix("sqlite://").unwrap()).unwrap();
    up_down_up(&mut conn, "sqlite", || lines(&url, SQLITE_SCHEMA));
}

#[test]
fn postgres_migrations_can_be_reverted_and_applied_again() {
    let Some(cluster) = testing::postgres() else { return };
    let url = cluster.fresh_database();
    // The migration harness needs a multi-threaded runtime.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let conn = runtime.block_on(async {
        use diesel_async::AsyncConnection;
        diesel_async::AsyncPgConnection::establish(&url).await.unwrap()
    });
    let _entered = runtime.enter();
    up_down_up(&mut AsyncConnectionWrapper::<_>::from(conn), "postgres", || lines(&url, POSTGRES_SCHEMA));
}

#[test]
fn both_databases_have_the_same_migrations() {
    assert_eq!(names("sqlite"), names("postgres"));
    let Some(cluster) = testing::postgres() else { return };
    let folder = Folder::new();
    let [sqlite, postgres] = [folder.sqlite_url("docket.db"), cluster.fresh_database()].map(|url| {
        let connector = Connector::open(&url, Settings::default()).unwrap();
        let ran = connector.migrate().unwrap();
        assert_eq!(connector.migrate().unwrap(), [""; 0], "nothing is left to run");
        (ran, url)
    });
    assert_eq!(sqlite.0, postgres.0);
    let of_sqlite = "SELECT tables.name || '.' || columns.name AS line FROM sqlite_master AS tables, \
        pragma_table_info(tables.name) AS columns WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%' \
        AND tables.name NOT LIKE 'case_search%' ORDER BY line";
    let of_postgres = "SELECT table_name || '.' || column_name AS line FROM information_schema.columns \
        WHERE table_schema = 'public' ORDER BY (table_name || '.' || column_name) COLLATE \"C\"";
    // Only SQLite has tables for trigrams. Only PostgreSQL folds changes of counts and queues events.
    let own = ["case_tallies.folded", "histogram_changes.", "feed_queue."];
    let is_shared = |column: &String| !own.iter().any(|own| column.starts_with(own));
    let of_postgres = lines(&postgres.1, of_postgres).into_iter().filter(is_shared).collect::<Vec<_>>();
    assert_eq!(lines(&sqlite.1, of_sqlite), of_postgres);
}

#[test]
fn postgres_refuses_to_change_its_logs() {
    let Some(cluster) = testing::postgres() else { return };
    let url = cluster.fresh_database();
    Connector::open(&url, Settings::default()).unwrap().migrate().unwrap();
    for table in ["case_events", "account_events", "source_events", "feed"] {
        for statement in
            [format!("UPDATE {table} SET account_id = 1"), format!("DELETE FROM {table}"), format!("TRUNCATE {table}")]
        {
            let refused = execute_if_allowed(&url, &statement).unwrap_err();
            assert!(refused.contains("only appended to"), "{statement}: {refused}");
        }
    }
}

fn execute_if_allowed(url: &str, statement: &str) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        use diesel_async::{AsyncConnection, SimpleAsyncConnection};
        let mut conn = diesel_async::AsyncPgConnection::establish(url).await.unwrap();
        conn.batch_execute(statement).await.map_err(|error| error.to_string())
    })
}
