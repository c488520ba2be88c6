//! The measured stores, and plain SQL on them.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Context as _;
use docket_persistence::{Connector, Settings, testing::OwnCluster};

use crate::{copy::copy, psql::psql, seed};

/// A store with a known number of cases.
pub(crate) enum Store<'c> {
    /// A SQLite file.
    Sqlite { path: String },
    /// A database on a server that this process started.
    Postgres { cluster: &'c OwnCluster, url: String },
}

impl<'c> Store<'c> {
    /// Creates a file with this number of cases.
    pub(crate) fn sqlite(folder: &Path, cases: u64) -> anyhow::Result<Self> {
        let file = folder.join("measured.db");
        for left in ["", "-wal", "-shm"] {
            drop(fs::remove_file(folder.join(format!("measured.db{left}"))));
        }
        fs::copy(seeded(folder, cases)?, &file)?;
        Ok(Self::Sqlite { path: text(&file)?.to_owned() })
    }

    /// Creates a database with this number of cases.
    pub(crate) fn postgres(cluster: &'c OwnCluster, folder: &Path, cases: u64) -> anyhow::Result<Self> {
        let file = seeded(folder, cases)?;
        let start = Instant::now();
        let url = cluster.fresh_database();
        Connector::open(&url, Settings::default())?.migrate()?;
        copy(&file, &url)?;
        // Like a store in regular use: with planner statistics and a visibility map.
        psql(&url, "VACUUM (ANALYZE)")?;
        psql(&url, "CHECKPOINT")?;
        eprintln!("PostgreSQL: {cases} cases copied in {:.0} s", start.elapsed().as_secs_f64());
        Ok(Self::Postgres { cluster, url })
    }

    /// Name of the database product.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "SQLite",
            Self::Postgres { .. } => "PostgreSQL",
        }
    }

    /// Database URL for the server.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Sqlite { path } => format!("sqlite://{path}"),
            Self::Postgres { url, .. } => url.clone(),
        }
    }

    /// Runs a query that returns one column of integers.
    pub(crate) fn integers(&self, sql: &str) -> anyhow::Result<Vec<i64>> {
        match self {
            Self::Sqlite { path } => {
                let conn = rusqlite::Connection::open(path)?;
                let mut query = conn.prepare(sql)?;
                let rows = query.query_map([], |row| row.get(0))?;
                Ok(rows.collect::<Result<_, _>>()?)
            }
            Self::Postgres { url, .. } => psql(url, sql)?.lines().map(|line| Ok(line.parse()?)).collect(),
        }
    }
}

/// Returns the seeded file with this number of cases. Creates it if it does not exist.
fn seeded(folder: &Path, cases: u64) -> anyhow::Result<PathBuf> {
    let done = folder.join(format!("seed-{cases}.db"));
    if done.is_file() {
        Connector::open(&format!("sqlite://{}", text(&done)?), Settings::default())?.migrate()?;
        rusqlite::Connection::open(&done)?.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        return Ok(done);
    }
    let start = Instant::now();
    let file = folder.join("under-way.db");
    {
        let connector = Connector::open(&format!("sqlite://{}", text(&file)?), Settings::default())?;
        connector.migrate()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async { seed::fill(&connector.worker()?, cases).await })?;
    }
    let conn = rusqlite::Connection::open(&file)?;
    seed::multiply_sources(&conn, cases)?;
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    drop(conn);
    fs::rename(&file, &done)?;
    eprintln!("SQLite: {cases} cases made in {:.0} s", start.elapsed().as_secs_f64());
    Ok(done)
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().context("the folder's name is no text")
}
