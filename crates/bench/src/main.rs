//! `just bench`: compares the throughput of the server with that of its database, on small and large stores.
//!
//! It creates stores on SQLite and PostgreSQL, starts the release build of the server on each, and sends typical
//! requests with wrk. For comparison it runs the same statements without the server in the same run: with pgbench, from
//! PostgreSQL's log, or in a loop over SQLite. It writes the results to `docs/performance.md`.

mod copy;
mod limit;
mod load;
mod plot;
mod psql;
mod report;
mod seed;
mod server;
mod statements;
mod store;
mod workload;

use std::{fs, path::PathBuf, time::Duration};

use anyhow::Context as _;
use clap::Parser;
use docket_persistence::testing::OwnCluster;

use crate::{
    load::Load,
    report::{Figure, QueryPlan, Report, Run},
    server::Server,
    statements::Recorded,
    store::Store,
    workload::Operation,
};

/// Numbers of concurrent clients.
const CLIENTS: [u32; 2] = [1, 32];

/// Measures Docket on stores of two sizes and writes `performance.md` and `performance.svg`.
#[derive(Debug, Parser)]
struct Args {
    /// Path of the server to measure.
    #[arg(long, default_value = "target/release/docket")]
    docket: PathBuf,
    /// Number of cases in the large store.
    #[arg(long, default_value_t = 1_000_000)]
    cases: u64,
    /// Number of cases in the small store.
    #[arg(long, default_value_t = 10_000)]
    small: u64,
    /// Seconds per measurement.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Measure only this database: sqlite or postgres.
    #[arg(long)]
    only: Option<String>,
    /// Measure only operations whose name contains this text.
    #[arg(long)]
    operation: Option<String>,
    /// Folder for the report. Without it, no report is written.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Folder that keeps seeded stores for later runs. Without it, stores are created in a temporary folder and deleted
    /// at the end.
    #[arg(long)]
    folder: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let own = std::env::temp_dir().join(format!("docket-bench-{}", std::process::id()));
    let folder = args.folder.clone().unwrap_or_else(|| own.clone());
    fs::create_dir_all(&folder)?;
    let result = Bench { docket: fs::canonicalize(&args.docket)?, folder, args }.run();
    // A folder given by the user is kept, because later runs use its seeded stores.
    if own.is_dir() {
        fs::remove_dir_all(&own)?;
    }
    result
}

struct Bench {
    args: Args,
    docket: PathBuf,
    folder: PathBuf,
}

impl Bench {
    fn run(&self) -> anyhow::Result<()> {
        let wanted = |name: &str| self.args.only.as_deref().is_none_or(|only| only == name);
        let mut report = Report::new(self.args.small, self.args.cases, self.args.seconds)?;
        if wanted("sqlite") {
            for cases in [self.args.small, self.args.cases] {
                let store = Store::sqlite(&self.folder, cases)?;
                report.add(self.measure(&store, cases)?);
            }
        }
        if wanted("postgres") {
            let cluster = OwnCluster::start_durable().context("PostgreSQL's programs are missing")?;
            for cases in [self.args.small, self.args.cases] {
                let store = Store::postgres(&cluster, &self.folder, cases)?;
                report.add(self.measure(&store, cases)?);
            }
        }
        report.check()?;
        match &self.args.out {
            Some(out) => report.write(out),
            None => Ok(()),
        }
    }

    /// Measures all operations on one store. The small store is only for comparison and is measured with one client.
    fn measure(&self, store: &Store<'_>, cases: u64) -> anyhow::Result<Run> {
        let server = Server::start(&self.docket, &store.url(), &self.folder)?;
        let in_account = workload::count(store)?;
        let operations = workload::operations(store, &server)?;
        let wanted =
            |operation: &&Operation| self.args.operation.as_deref().is_none_or(|name| operation.name.contains(name));
        let is_large = cases == self.args.cases;
        let (mut figures, mut plans) = (Vec::new(), Vec::new());
        for operation in operations.iter().filter(wanted) {
            let recorded = match store {
                Store::Postgres { cluster, url } if is_large => {
                    let recorded = Recorded::by(cluster, url, &server, operation, in_account)?;
                    if operation.reads() {
                        for statement in recorded.iter().take(1).flat_map(Recorded::queries) {
                            plans.push(QueryPlan {
                                operation: operation.name,
                                text: statement.text().to_owned(),
                                plan: statement.plan(url)?,
                            });
                        }
                    }
                    recorded
                }
                Store::Postgres { .. } | Store::Sqlite { .. } => Vec::new(),
            };
            for (round, clients) in CLIENTS.into_iter().enumerate().filter(|(_, clients)| is_large || *clients == 1) {
                let load = self.load(&server, operation, clients, round)?;
                let (mut limit, mut as_transaction) = (None, None);
                match store {
                    Store::Postgres { url, .. } if is_large => {
                        let pgbench =
                            |scripts: &[String]| limit::pgbench(url, scripts, clients, self.time(), &self.folder);
                        limit = Some(pgbench(&recorded.iter().map(Recorded::script).collect::<Vec<_>>())?);
                        let transaction = recorded.first().and_then(Recorded::transaction);
                        as_transaction = transaction.map(|script| pgbench(&[script])).transpose()?;
                    }
                    Store::Sqlite { path } if is_large && clients == 1 => {
                        limit = limit::sqlite(path, operation.name, in_account, self.time())?;
                    }
                    Store::Postgres { .. } | Store::Sqlite { .. } => {}
                }
                let figure = Figure { operation: operation.name, clients, load, limit, as_transaction };
                eprintln!("{}: {cases} cases: {figure}", store.name());
                figures.push(figure);
            }
        }
        let memory = server.memory()?;
        let run = Run { database: store.name(), cases, figures, plans, started_in: server.started_in(), memory };
        eprintln!(
            "{}: {cases} cases: first answer after {:?}, memory {:?} MiB",
            run.database, run.started_in, run.memory
        );
        Ok(run)
    }

    fn time(&self) -> Duration {
        Duration::from_secs(self.args.seconds)
    }

    /// Runs a warm-up of one second, then the measurement.
    fn load(&self, server: &Server, operation: &Operation, clients: u32, round: usize) -> anyhow::Result<Load> {
        let run = |part: usize, time| {
            let requests = operation.part(2 * round + part, 2 * CLIENTS.len());
            load::run(server, operation.order, &requests, clients, time, &self.folder)
        };
        run(0, Duration::from_secs(1))?;
        run(1, self.time())
    }
}
