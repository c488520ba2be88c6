//! Measures the database without the server. The server is judged by its share of this throughput.

use std::{
    fs,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use docket_persistence::testing;
use fastrand::Rng;
use rusqlite::{Connection, params_from_iter, types::Value};

/// Transactions per second of pgbench with these scripts, chosen with equal probability.
pub(crate) fn pgbench(
    url: &str,
    scripts: &[String],
    clients: u32,
    time: Duration,
    folder: &Path,
) -> anyhow::Result<f64> {
    let mut pgbench = testing::program("pgbench").context("PostgreSQL's programs are missing")?;
    pgbench.args(["-n", "-M", "prepared", "-c", &clients.to_string(), "-j", &clients.min(2).to_string()]);
    pgbench.args(["-T", &time.as_secs().to_string()]);
    for (number, script) in scripts.iter().enumerate() {
        let file = folder.join(format!("script-{number}.sql"));
        fs::write(&file, script)?;
        pgbench.arg("-f").arg(file);
    }
    let output = pgbench.arg(url).stdin(Stdio::null()).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "pgbench: {errors}");
    let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split_whitespace().next()?.parse().ok());
    rate.with_context(|| format!("pgbench gave no rate: {text}{errors}"))
}

/// Operations per second of a loop over SQLite on one connection. None if there is no loop for the operation.
pub(crate) fn sqlite(path: &str, name: &str, cases: i64, time: Duration) -> anyhow::Result<Option<f64>> {
    let conn = Connection::open(path)?;
    conn.execute_batch(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16384; PRAGMA mmap_size=268435456",
    )?;
    let mut rng = Rng::with_seed(1);
    let account = conn.query_row("SELECT id FROM accounts WHERE name = 'account-1'", [], |row| row.get::<_, i64>(0))?;
    match name {
        "get a case" => {
            let mut query =
                conn.prepare("SELECT * FROM cases WHERE account_id = ?1 AND id = ?2 AND unlisted_at IS NULL")?;
            repeat(time, || read(&mut query, vec![account.into(), rng.i64(1..=cases).into()])).map(Some)
        }
        "list of 50, filtered" => {
            let mut query = conn.prepare(
                "SELECT * FROM cases WHERE account_id = ?1 AND phase = 'active' AND case_type = 'incident' \
                 AND unlisted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 51",
            )?;
            repeat(time, || read(&mut query, vec![account.into()])).map(Some)
        }
        "create" => insert(&conn, account, &mut rng, time).map(Some),
        _ => Ok(None),
    }
}

fn repeat(time: Duration, mut work: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < time {
        work()?;
        count += 1;
    }
    Ok(f64::from(count) / start.elapsed().as_secs_f64())
}

/// Reads every value of every row, as a server has to.
fn read(query: &mut rusqlite::Statement<'_>, values: Vec<Value>) -> anyhow::Result<()> {
    let columns = query.column_count();
    let mut rows = query.query(params_from_iter(values))?;
    while let Some(row) = rows.next()? {
        for column in 0..columns {
            std::hint::black_box(row.get_ref(column)?);
        }
    }
    Ok(())
}

/// Inserts copies of a case and its first event, each pair in a durable transaction.
fn insert(conn: &Connection, account: i64, rng: &mut Rng, time: Duration) -> anyhow::Result<f64> {
    let mut names = conn.prepare("SELECT name FROM pragma_table_info('cases')")?;
    let names = names.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    let value = |name: &String| match name.as_str() {
        "id" | "series_number" => "?1".to_owned(),
        "uuid" => "?2".to_owned(),
        other => other.to_owned(),
    };
    let values = names.iter().map(value).collect::<Vec<_>>().join(", ");
    let names = names.join(", ");
    let mut case = conn
        .prepare(&format!("INSERT INTO cases ({names}) SELECT {values} FROM cases WHERE account_id = ?3 AND id = 7"))?;
    let mut event = conn.prepare(
        "INSERT INTO case_events (account_id, case_id, version, kind, actor_id, actor_name, occurred_at, recorded_at, data, hash) \
         SELECT account_id, ?1, version, kind, actor_id, actor_name, occurred_at, recorded_at, data, hash FROM case_events \
         WHERE account_id = ?2 AND case_id = 7 AND version = 1",
    )?;
    let mut next = conn.query_row("SELECT max(id) FROM cases", [], |row| row.get::<_, i64>(0))?;
    repeat(time, || {
        next += 1;
        let uuid = Value::Blob(rng.u128(..).to_be_bytes().to_vec());
        let whole = conn.unchecked_transaction()?;
        case.execute(params_from_iter([next.into(), uuid, account.into()]))?;
        event.execute([next, account])?;
        Ok(whole.commit()?)
    })
}
