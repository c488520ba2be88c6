//! Distribution of the tables by account on a Citus cluster. Docket works on the coordinator and never opens a
//! connection to another node.

use diesel::{
    QueryableByName,
    sql_types::{Bool, Text},
};
use diesel_async::{AsyncConnection, RunQueryDsl, SimpleAsyncConnection};

use super::conn::Conn;
use crate::error::QueryError;

#[derive(QueryableByName)]
struct FlagRow {
    #[diesel(sql_type = Bool)]
    holds: bool,
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Whether the database has the extension.
pub(super) async fn is_installed(conn: &mut Conn) -> Result<bool, QueryError> {
    holds(conn, "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') AS holds").await
}

/// Whether the tables are distributed. Needs the extension.
pub(super) async fn is_distributed(conn: &mut Conn) -> Result<bool, QueryError> {
    let query = "SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass('cases')) AS holds";
    holds(conn, query).await
}

async fn holds(conn: &mut Conn, query: &str) -> Result<bool, QueryError> {
    Ok(diesel::sql_query(query).get_result::<FlagRow>(conn).await?.holds)
}

/// Settings of a session that changes the schema. Foreign keys between distributed tables need sequential mode. Tables
/// that are not distributed must stay ordinary tables of the coordinator: Citus would otherwise manage them, and then
/// refuse foreign keys.
pub(super) const SESSION: &str = "SET citus.enable_local_reference_table_foreign_keys = off; \
                                  SET citus.multi_shard_modify_mode = 'sequential'";

/// Distributes every table with an account that is not distributed yet, and returns their names. One transaction.
///
/// Credentials stay on the coordinator: they are looked up without an account, and a copy on every node would make each
/// write to them need every node. Citus refuses triggers on distributed tables, so the logs lose their guard.
pub(super) async fn distribute(conn: &mut Conn) -> Result<Vec<String>, QueryError> {
    let before = "SELECT CAST(table_name AS text) AS name FROM citus_tables ORDER BY name";
    conn.batch_execute(SESSION).await?;
    let already = names(conn, before).await?;
    conn.transaction(async |conn| Ok::<_, QueryError>(conn.batch_execute(DISTRIBUTE).await?)).await?;
    conn.batch_execute(FORGET_LOCAL_ROWS).await?;
    let mut distributed = names(conn, before).await?;
    distributed.retain(|name| !already.contains(name));
    Ok(distributed)
}

async fn names(conn: &mut Conn, query: &str) -> Result<Vec<String>, QueryError> {
    Ok(diesel::sql_query(query).load::<Name>(conn).await?.into_iter().map(|row| row.name).collect())
}

/// A distributed table cannot refer to one that is not distributed, so the foreign keys are dropped and added again.
const DISTRIBUTE: &str = "\
DO $$
DECLARE
    tables regclass[] := ARRAY(
        SELECT class.oid::regclass FROM pg_class AS class
        JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
        WHERE class.relnamespace = 'public'::regnamespace AND class.relkind = 'r' AND attribute.attname = 'account_id'
            AND class.relname NOT IN ('api_keys', 'access_tokens')
            AND class.oid NOT IN (SELECT logicalrelid FROM pg_dist_partition)
        ORDER BY class.relname = 'cases' DESC, class.relname
    );
    foreign_keys text[] := ARRAY(
        SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
        FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY (tables)
    );
    one record;
    name regclass;
    foreign_key text;
BEGIN
    FOR one IN SELECT tgrelid::regclass AS name, tgname FROM pg_trigger
        WHERE tgrelid = ANY (tables) AND NOT tgisinternal
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', one.tgname, one.name);
    END LOOP;
    FOR one IN SELECT conrelid::regclass AS name, conname FROM pg_constraint
        WHERE contype = 'f' AND conrelid = ANY (tables)
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.name, one.conname);
    END LOOP;
    FOREACH name IN ARRAY tables LOOP
        PERFORM create_distributed_table(name, 'account_id',
            colocate_with := CASE WHEN name = 'cases'::regclass THEN 'none' ELSE 'cases' END);
    END LOOP;
    FOREACH foreign_key IN ARRAY foreign_keys LOOP
        EXECUTE foreign_key;
    END LOOP;
END
$$";

/// Citus copies the rows to the nodes and keeps the originals on the coordinator, where no statement sees them.
const FORGET_LOCAL_ROWS: &str = "SET client_min_messages = warning; \
    SELECT truncate_local_data_after_distributing_table(logicalrelid) FROM pg_dist_partition WHERE partmethod = 'h'";

/// The numbers (`pg_dist_node.nodeid`) of the nodes that do not respond to the coordinator. Empty without Citus.
pub(super) async fn unreachable_nodes(conn: &mut Conn) -> Result<Vec<i32>, QueryError> {
    if !is_installed(conn).await? {
        return Ok(Vec::new());
    }
    let failed = "SELECT CAST(node.nodeid AS text) AS name \
                  FROM run_command_on_workers('SELECT 1', parallel := true) AS answer \
                  JOIN pg_dist_node AS node ON node.nodename = answer.nodename AND node.nodeport = answer.nodeport \
                  WHERE NOT answer.success ORDER BY node.nodeid";
    Ok(names(conn, failed).await?.iter().filter_map(|number| number.parse().ok()).collect())
}
