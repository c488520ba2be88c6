//! The report of a run.

use std::{fmt, fmt::Write as _, fs, path::Path, process::Command, time::Duration};

use crate::{load::Load, plot};

/// Measurements of an operation.
pub(crate) struct Figure {
    pub(crate) operation: &'static str,
    pub(crate) clients: u32,
    pub(crate) load: Load,
    /// Operations per second of the database without the server.
    pub(crate) limit: Option<f64>,
    /// The same for a transaction with the two inserts of a new case.
    pub(crate) as_transaction: Option<f64>,
}

impl Figure {
    /// Share of the database's throughput that the server reaches.
    fn ratio(&self) -> Option<f64> {
        self.limit.map(|limit| self.load.rate() / limit)
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, clients, load, .. } = self;
        write!(
            f,
            "{operation}, {clients} clients: {:.0}/s, median {}, p99 {}",
            load.rate(),
            ms(load.p50),
            ms(load.p99)
        )?;
        if let (Some(limit), Some(ratio)) = (self.limit, self.ratio()) {
            write!(f, ", the database alone {limit:.0}/s, ratio {ratio:.2}")?;
        }
        if let Some(as_transaction) = self.as_transaction {
            write!(f, ", as a transaction {as_transaction:.0}/s")?;
        }
        if load.refused + load.broken > 0 {
            write!(f, ", {} refused, {} broken", load.refused, load.broken)?;
        }
        Ok(())
    }
}

/// Plan of a statement on PostgreSQL.
pub(crate) struct Plan {
    pub(crate) operation: &'static str,
    pub(crate) text: String,
    pub(crate) plan: String,
}

/// Results of one store.
pub(crate) struct Run {
    pub(crate) database: &'static str,
    pub(crate) cases: u64,
    pub(crate) figures: Vec<Figure>,
    pub(crate) plans: Vec<Plan>,
    pub(crate) started_in: Duration,
    /// Resident memory in MiB: at the end, and the maximum.
    pub(crate) memory: (f64, f64),
}

impl Run {
    fn figure(&self, operation: &str, clients: u32) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.operation == operation && figure.clients == clients)
    }
}

/// All results of a run.
pub(crate) struct Report {
    small: u64,
    large: u64,
    seconds: u64,
    machine: String,
    runs: Vec<Run>,
}

impl Report {
    pub(crate) fn new(small: u64, large: u64, seconds: u64) -> anyhow::Result<Self> {
        Ok(Self { small, large, seconds, machine: machine()?, runs: Vec::new() })
    }

    pub(crate) fn add(&mut self, run: Run) {
        self.runs.push(run);
    }

    /// Checks the results.
    ///
    /// # Errors
    /// If requests failed, or a plan scans a large table sequentially.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        for run in &self.runs {
            for figure in &run.figures {
                let failed = figure.load.broken > 0 || figure.load.refused_share() > 0.01;
                anyhow::ensure!(!failed, "{}: requests failed: {figure}", run.database);
            }
            for plan in &run.plans {
                let scan = plan.plan.lines().find(|line| {
                    ["cases", "case_events", "participants", "case_tags"].iter().any(|table| {
                        line.split_once("Seq Scan on ").is_some_and(|(_, rest)| rest.split(' ').next() == Some(table))
                    })
                });
                anyhow::ensure!(scan.is_none(), "{}: a scan: {}\n{}", plan.operation, plan.text, plan.plan);
            }
        }
        Ok(())
    }

    /// Writes the report and its chart into a folder.
    pub(crate) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        plot::draw(&folder.join("performance.svg"), &self.medians())?;
        Ok(fs::write(folder.join("performance.md"), self.page()?)?)
    }

    /// Median latency of each operation with one client in milliseconds, one series per store.
    fn medians(&self) -> Vec<plot::Series> {
        let series = |run: &Run| plot::Series {
            name: format!("{}, {}", run.database, thousands(run.cases)),
            values: run
                .figures
                .iter()
                .filter(|figure| figure.clients == 1)
                .map(|figure| (figure.operation, figure.load.p50 as f64 / 1000.0))
                .collect(),
        };
        self.runs.iter().map(series).collect()
    }

    fn page(&self) -> anyhow::Result<String> {
        let mut page = String::new();
        let (small, large) = (thousands(self.small), thousands(self.large));
        writeln!(page, "# Performance\n")?;
        writeln!(
            page,
            "<!-- Written by `just bench`; the words around the figures stand in crates/bench/src/report.rs. -->\n"
        )?;
        writeln!(page, "{}", INTRODUCTION.trim())?;
        writeln!(page, "\nMeasured on {}; {} s a figure after a second of warming up.", self.machine, self.seconds)?;
        self.write_aims(&mut page)?;
        for run in self.runs.iter().filter(|run| run.cases == self.large) {
            writeln!(page, "\n## {}, {large} cases\n", run.database)?;
            self.write_table(&mut page, run)?;
            let (now, most) = run.memory;
            writeln!(
                page,
                "\nFirst answer {} ms after the start. Memory after all of it: {now:.0} MiB resident, at most {most:.0}.",
                run.started_in.as_millis()
            )?;
        }
        writeln!(
            page,
            "\n## From {small} to {large} cases\n\nMedians with one client, in ms.\n\n![medians](performance.svg)\n"
        )?;
        self.write_growth(&mut page)?;
        self.write_plans(&mut page)?;
        Ok(page)
    }

    fn large(&self, database: &str) -> Option<&Run> {
        self.runs.iter().find(|run| run.database == database && run.cases == self.large)
    }

    /// Writes the goals, and whether this run reaches them.
    fn write_aims(&self, page: &mut String) -> anyhow::Result<()> {
        writeln!(page, "\n## Aims\n\n| | aim | measured | |\n|---|--:|--:|---|")?;
        let mut row = |what: &str, aim: &str, measured: String, reached: bool| {
            writeln!(page, "| {what} | {aim} | {measured} | {} |", if reached { "✓" } else { "missed" })
        };
        let of = |database: &str, operation: &str| self.large(database)?.figure(operation, 32);
        for (operation, aim) in [("get a case", 0.5), ("list of 50, filtered", 0.45), ("create", 0.6)] {
            let Some(figure) = of("PostgreSQL", operation) else { continue };
            let Some(limit) = figure.as_transaction.or(figure.limit) else { continue };
            let with = if figure.as_transaction.is_some() { " with the two inserts in a transaction" } else { "" };
            let ratio = figure.load.rate() / limit;
            let what = format!("PostgreSQL, 32 clients, {operation}: ratio to pgbench{with}");
            row(&what, &format!("≥ {aim}"), format!("{ratio:.2}"), ratio >= aim)?;
        }
        for (operation, aim) in [("get a case", 9_000.0), ("create", 6_000.0)] {
            let Some(rate) = of("SQLite", operation).map(|figure| figure.load.rate()) else { continue };
            row(
                &format!("SQLite, 32 clients, {operation}"),
                &format!("≥ {aim}/s"),
                format!("{rate:.0}/s"),
                rate >= aim,
            )?;
        }
        for run in self.runs.iter().filter(|run| run.cases == self.large) {
            let name = run.database;
            let alone = run.figures.iter().filter(|figure| figure.clients == 1);
            if let Some(slowest) = alone.clone().max_by_key(|figure| figure.load.p50) {
                let (p50, what) =
                    (slowest.load.p50, format!("{name}, one client: the slowest median ({})", slowest.operation));
                row(&what, "< 50 ms", ms(p50), p50 < 50_000)?;
            }
            if let Some(list) = run.figure("list of 50, filtered", 1) {
                row(
                    &format!("{name}, one client: p99 of a filtered list"),
                    "< 20 ms",
                    ms(list.load.p99),
                    list.load.p99 < 20_000,
                )?;
            }
            let grown = alone
                .filter(|figure| figure.operation != "statistics")
                .filter_map(|figure| Some((self.growth(run, figure)?, figure.operation)));
            if let Some((growth, operation)) = grown.max_by(|one, other| one.0.total_cmp(&other.0)) {
                let what = format!("{name}: the greatest growth of a median but for statistics ({operation})");
                row(&what, "< 2", format!("{growth:.1}"), growth < 2.0)?;
            }
            row(
                &format!("{name}: memory, at most"),
                "< 100 MiB",
                format!("{:.0} MiB", run.memory.1),
                run.memory.1 < 100.0,
            )?;
            let start = run.started_in.as_millis();
            row(&format!("{name}: first answer after the start"), "< 300 ms", format!("{start} ms"), start < 300)?;
        }
        Ok(())
    }

    /// Ratio of the median on the large store to that on the small store.
    fn growth(&self, large: &Run, figure: &Figure) -> Option<f64> {
        let small = self.runs.iter().find(|run| run.database == large.database && run.cases == self.small)?;
        let before = small.figure(figure.operation, figure.clients)?.load.p50;
        Some(figure.load.p50 as f64 / before.max(1) as f64)
    }

    fn write_table(&self, page: &mut String, run: &Run) -> anyhow::Result<()> {
        writeln!(
            page,
            "| | clients | requests/s | median | p99 | the database alone | ratio |\n|---|--:|--:|--:|--:|--:|--:|"
        )?;
        for figure in &run.figures {
            let Figure { operation, clients, load, limit, .. } = figure;
            let limit = limit.map_or("".to_owned(), |limit| format!("{limit:.0}/s"));
            let ratio = figure.ratio().map_or("".to_owned(), |ratio| format!("{ratio:.2}"));
            let (p50, p99) = (ms(load.p50), ms(load.p99));
            writeln!(page, "| {operation} | {clients} | {:.0} | {p50} | {p99} | {limit} | {ratio} |", load.rate())?;
        }
        Ok(())
    }

    fn write_growth(&self, page: &mut String) -> anyhow::Result<()> {
        let runs = |database: &str| {
            let of = |cases: u64| self.runs.iter().find(move |run| run.database == database && run.cases == cases);
            of(self.small).zip(of(self.large))
        };
        for database in ["SQLite", "PostgreSQL"] {
            let Some((small, large)) = runs(database) else { continue };
            writeln!(
                page,
                "| {database} | {} | {} | growth |\n|---|--:|--:|--:|",
                thousands(self.small),
                thousands(self.large)
            )?;
            for figure in &large.figures {
                let before = small.figure(figure.operation, 1).filter(|_| figure.clients == 1);
                let Some((before, growth)) = before.zip(self.growth(large, figure)) else { continue };
                let (before, after) = (before.load.p50, figure.load.p50);
                writeln!(page, "| {} | {} | {} | {growth:.1} |", figure.operation, ms(before), ms(after))?;
            }
            writeln!(page)?;
        }
        Ok(())
    }

    fn write_plans(&self, page: &mut String) -> anyhow::Result<()> {
        let large = self.runs.iter().filter(|run| run.cases == self.large && !run.plans.is_empty());
        for run in large {
            writeln!(page, "## What PostgreSQL makes of the statements\n\n{}\n", PLANS.trim())?;
            for plan in &run.plans {
                writeln!(page, "<details><summary>{}</summary>\n", plan.operation)?;
                writeln!(
                    page,
                    "```sql\n{}\n```\n\n```text\n{}\n```\n\n</details>\n",
                    shortened(&plan.text),
                    plan.plan
                )?;
            }
        }
        Ok(())
    }
}

/// Introduction of the report.
const INTRODUCTION: &str = "\
Made by `just bench`: it builds the release, makes the stores, and measures the server as its clients see it, through HTTP, \
with wrk. Server, database and clients share the machine, so that absolute figures say little: the ratio to what the \
database alone does with the same statements, in the same run, is what counts. For PostgreSQL that is pgbench with the \
statements that the server sent, taken from PostgreSQL's log; for SQLite a bare loop over prepared statements on one \
connection.

The stores are seeded (`crates/bench/src/seed.rs`): 100 accounts, of which one has half of all cases and is the one that is \
asked; lives of one to six statuses, people, tags, customers and types as unevenly spread as they are in practice. \
PostgreSQL and SQLite are as durable as in production (`fsync`, `synchronous=FULL`).";

/// Introduction of the plans.
const PLANS: &str = "\
Each statement of a read, as the server sends it, on the large store. A run fails where one of them reads all \
cases, log entries, people on cases or tags; `crates/persistence/tests/it/plans.rs` holds lists, counts and lookups to the same on both databases at every test.";

/// Shortens the long list of a case's columns.
fn shortened(text: &str) -> String {
    match text.split_once(" FROM ") {
        Some((columns, rest)) if columns.len() > 400 => {
            let first = columns.split(", ").take(3).collect::<Vec<_>>().join(", ");
            format!("{first}, … FROM {rest}")
        }
        Some(_) | None => text.to_owned(),
    }
}

fn machine() -> anyhow::Result<String> {
    let model = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model.lines().find_map(|line| Some(line.strip_prefix("model name")?.split_once(": ")?.1.to_owned()));
    let cores = std::thread::available_parallelism()?;
    let said = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        Some(text.lines().next()?.trim().to_owned())
    };
    let rustc = said("rustc", &["--version"]).unwrap_or_default();
    let postgres = docket_persistence::testing::program("postgres").and_then(|mut postgres| {
        let output = postgres.arg("--version").output().ok()?;
        Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
    });
    let versions = [Some(rustc), postgres, Some(format!("SQLite {}", rusqlite::version()))];
    let versions = versions.into_iter().flatten().collect::<Vec<_>>().join(", ");
    Ok(format!("{cores} cores ({}), {versions}", model.unwrap_or_else(|| "of an unnamed model".to_owned())))
}

/// Formats microseconds as milliseconds.
fn ms(micros: u64) -> String {
    format!("{:.2} ms", micros as f64 / 1000.0)
}

/// Formats `1000000` as `1,000,000`.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}
