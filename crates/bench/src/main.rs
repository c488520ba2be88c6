//! `just bench`: how fast the server is beside its database, on small and on large stores.
//!
//! It makes stores on SQLite and on PostgreSQL, starts the released server on each, and has wrk ask for what clients ask
//! for. Beside each figure stands what the database alone does with the same statements, in the same run: pgbench with
//! statements taken from PostgreSQL's log, or a bare loop over SQLite. What comes of it is written to
//! `docs/performance.md`.

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
    report::{Figure, Plan, Report, Run},
    server::Server,
    statements::Recorded,
    store::Store,
    workload::Operation,
};

/// How many clients there are at once.
const CLIENTS: [u32; 2] = [1, 32];

/// Measures Docket on stores of two sizes and writes `performance.md` and `performance.svg`.
#[derive(Debug, Parser)]
struct Args {
    /// The server to measure.
    #[arg(long, default_value = "target/release/docket")]
    docket: PathBuf,
    /// Cases of the large store.
    #[arg(long, default_value_t = 1_000_000)]
    cases: u64,
    /// Cases of the small store.
    #[arg(long, default_value_t = 10_000)]
    small: u64,
    /// For how many seconds each figure is measured.
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    /// Only this database: sqlite or postgres.
    #[arg(long)]
    only: Option<String>,
    /// Only operations whose name contains this.
    #[arg(long)]
    operation: Option<String>,
    /// Where to write the page; nowhere by default.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Where seeded stores are kept from run to run; without, they are made anew and removed in the end.
    #[arg(long)]
    folder: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let own = std::env::temp_dir().join(format!("docket-bench-{}", std::process::id()));
    let folder = args.folder.clone().unwrap_or_else(|| own.clone());
    fs::create_dir_all(&folder)?;
    let result = Bench { docket: fs::canonicalize(&args.docket)?, folder, args }.run();
    // A folder that was named stays as it is: the seeded stores in it are used again.
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

    /// Everything on one store. The small one is there for comparison, with one client alone.
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
                            plans.push(Plan {
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

    /// A short while that does not count, then the one that does.
    fn load(&self, server: &Server, operation: &Operation, clients: u32, round: usize) -> anyhow::Result<Load> {
        let run = |part: usize, time| {
            let requests = operation.part(2 * round + part, 2 * CLIENTS.len());
            load::run(server, operation.order, &requests, clients, time, &self.folder)
        };
        run(0, Duration::from_secs(1))?;
        run(1, self.time())
    }
}
