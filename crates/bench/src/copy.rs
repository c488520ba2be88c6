//! Copies a SQLite store to PostgreSQL with COPY. This is much faster than seeding a million cases again.

use std::{
    io::{BufWriter, Write},
    path::Path,
    process::Stdio,
};

use anyhow::Context as _;
use docket_persistence::testing;
use rusqlite::{Connection, types::ValueRef};

use crate::psql::psql;

/// Copies all rows of a file into a migrated, empty database. Indexes are dropped first and created again at the end.
pub(crate) fn copy(file: &Path, url: &str) -> anyhow::Result<()> {
    let sqlite = Connection::open(file)?;
    let tables = psql(
        url,
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '\\_\\_%'",
    )?;
    let indexes = psql(
        url,
        "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid) FROM pg_index WHERE NOT EXISTS \
         (SELECT FROM pg_constraint WHERE conindid = indexrelid) \
         AND indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)",
    )?;
    let indexes = indexes.lines().filter_map(|line| line.split_once('|')).collect::<Vec<_>>();
    for (index, _) in &indexes {
        psql(url, &format!("DROP INDEX {index}"))?;
    }
    for table in tables.lines() {
        copy_table(&sqlite, url, table).with_context(|| format!("cannot copy {table}"))?;
        let sequence = format!("{table}_id_seq");
        let next = format!("SELECT setval('{sequence}', (SELECT coalesce(max(id), 1) FROM {table}))");
        psql(
            url,
            &format!(
                "DO $$ BEGIN IF to_regclass('{sequence}') IS NOT NULL THEN PERFORM {}; END IF; END $$",
                next.trim_start_matches("SELECT ")
            ),
        )?;
    }
    psql(url, "UPDATE case_tallies SET folded = true")?;
    for (_, definition) in &indexes {
        psql(url, &format!("SET maintenance_work_mem = '512MB'; {definition}"))?;
    }
    Ok(())
}

fn copy_table(sqlite: &Connection, url: &str, table: &str) -> anyhow::Result<()> {
    let columns = psql(
        url,
        &format!(
            "SELECT column_name, data_type FROM information_schema.columns \
             WHERE table_schema = 'public' AND table_name = '{table}' AND is_generated = 'NEVER' ORDER BY ordinal_position"
        ),
    )?;
    let columns = columns.lines().filter_map(|line| line.split_once('|'));
    let known = sqlite
        .prepare(&format!("SELECT name FROM pragma_table_info('{table}')"))?
        .query_map([], |row| row.get(0))?
        .collect::<Result<Vec<String>, _>>()?;
    let columns = columns.filter(|(name, _)| known.iter().any(|known| known == name)).collect::<Vec<_>>();
    // Only PostgreSQL has this table; it has no rows yet.
    if columns.is_empty() {
        return Ok(());
    }
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let mut copy = testing::program("psql")
        .context("PostgreSQL's programs are missing")?
        // Disables the checks of foreign keys. The data is already consistent, and the checks would take most of the
        // time.
        .env("PGOPTIONS", "-c session_replication_role=replica")
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", &format!("COPY {table} ({names}) FROM STDIN")])
        .stdin(Stdio::piped())
        .spawn()?;
    let mut input = BufWriter::new(copy.stdin.take().context("no stdin")?);
    let mut query = sqlite.prepare(&format!("SELECT {names} FROM {table}"))?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        for (place, (_, kind)) in columns.iter().enumerate() {
            if place > 0 {
                input.write_all(b"\t")?;
            }
            write_value(&mut input, row.get_ref(place)?, kind)?;
        }
        input.write_all(b"\n")?;
    }
    drop(input);
    anyhow::ensure!(copy.wait()?.success(), "psql failed");
    Ok(())
}

/// Writes a value in COPY's text format.
fn write_value(out: &mut impl Write, value: ValueRef<'_>, kind: &str) -> anyhow::Result<()> {
    match value {
        ValueRef::Null => out.write_all(b"\\N")?,
        ValueRef::Integer(number) if kind == "boolean" => write!(out, "{}", number != 0)?,
        ValueRef::Integer(number) => write!(out, "{number}")?,
        ValueRef::Real(number) => write!(out, "{number}")?,
        ValueRef::Text(text) => {
            for byte in text {
                match byte {
                    b'\\' => out.write_all(b"\\\\")?,
                    b'\t' => out.write_all(b"\\t")?,
                    b'\n' => out.write_all(b"\\n")?,
                    b'\r' => out.write_all(b"\\r")?,
                    _ => out.write_all(&[*byte])?,
                }
            }
        }
        ValueRef::Blob(bytes) => {
            if kind == "bytea" {
                out.write_all(b"\\\\x")?;
            }
            for byte in bytes {
                write!(out, "{byte:02x}")?;
            }
        }
    }
    Ok(())
}
