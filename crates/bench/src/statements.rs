//! The very statements of a request, as PostgreSQL's log has them, and what PostgreSQL makes of them.

use std::{
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
    thread,
    time::Duration,
};

use anyhow::Context as _;
use docket_persistence::testing::OwnCluster;

use crate::{
    psql::psql,
    server::Server,
    workload::{Operation, Request, Varies},
};

/// How long the log may take to be written or to be switched on.
const PAUSE: Duration = Duration::from_millis(400);
/// A version that no case has by itself, to be known again among the values of a statement.
const MARKED_VERSION: i64 = 900_001;

/// Stands for a line break within a value: it is in no text that is measured.
const LINE_BREAK: char = '\u{b}';

/// A statement with its values.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    text: String,
    values: Vec<Option<String>>,
}

/// What a request has the database do.
pub(crate) struct Recorded {
    statements: Vec<Statement>,
    varies: Varies,
    /// The case that it was about, where it was about one.
    case: Option<i64>,
    /// How many cases there are to choose from.
    cases: i64,
}

fn logged(cluster: &OwnCluster, url: &str, server: &Server, request: &Request) -> anyhow::Result<Vec<Statement>> {
    let folder = cluster.socket_folder().context("the server is our own")?;
    let mut log = File::open(folder.join("log"))?;
    let switch = |to: &str| {
        psql(url, &format!("ALTER SYSTEM SET log_statement = '{to}'"))?;
        psql(url, "SELECT pg_reload_conf()")?;
        thread::sleep(PAUSE);
        anyhow::Ok(())
    };
    switch("all")?;
    log.seek(SeekFrom::End(0))?;
    let asked = server.ask(request.method, &request.path, request.body.as_deref());
    thread::sleep(PAUSE);
    let mut text = String::new();
    log.read_to_string(&mut text)?;
    switch("none")?;
    asked?;
    Ok(parse(&text))
}

/// The statements of a stretch of the log, in order.
fn parse(log: &str) -> Vec<Statement> {
    let mut statements = Vec::<Statement>::new();
    // A line break within a value is followed by a tab.
    let log = log.replace("\n\t", &LINE_BREAK.to_string());
    for line in log.lines() {
        if let Some((_, text)) = line.split_once("LOG:  execute ").and_then(|(_, rest)| rest.split_once(": ")) {
            statements.push(Statement { text: text.to_owned(), values: Vec::new() });
        } else if let Some((_, values)) = line.split_once("DETAIL:  parameters: ") {
            if let Some(last) = statements.last_mut() {
                last.values = parse_values(values);
            }
        } else if let Some((_, text)) = line.split_once("LOG:  statement: ")
            && matches!(text, "BEGIN" | "COMMIT")
        {
            statements.push(Statement { text: text.to_owned(), values: Vec::new() });
        }
    }
    statements
}

/// `$1 = 'it''s', $2 = NULL`
fn parse_values(text: &str) -> Vec<Option<String>> {
    let mut values = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(" = ") {
        if let Some(quoted) = after.strip_prefix('\'') {
            let mut value = String::new();
            let mut characters = quoted.char_indices().peekable();
            let mut end = quoted.len();
            while let Some((at, character)) = characters.next() {
                if character == '\'' && characters.next_if(|(_, next)| *next == '\'').is_none() {
                    end = at + 1;
                    break;
                }
                value.push(if character == LINE_BREAK { '\n' } else { character });
            }
            values.push(Some(value));
            rest = quoted.get(end..).unwrap_or_default();
        } else {
            values.push(None);
            rest = after.strip_prefix("NULL").unwrap_or(after);
        }
    }
    values
}

impl Statement {
    /// The text with its values written out by `literal`.
    fn written_out(&self, literal: impl Fn(Option<&str>) -> String) -> String {
        let mut pieces = self.text.split('$');
        let mut text = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let digits = piece.chars().take_while(char::is_ascii_digit).count();
            let (number, rest) = piece.split_at(digits);
            let value = number.parse::<usize>().ok().and_then(|number| self.values.get(number - 1));
            match value {
                Some(value) => text.push_str(&literal(value.as_deref())),
                None => text.extend(["$", number]),
            }
            text.push_str(rest);
        }
        text
    }

    /// What the database makes of it: its plan, with the rows that each step gave.
    pub(crate) fn plan(&self, url: &str) -> anyhow::Result<String> {
        let text = self.written_out(|value| value.map_or("NULL".to_owned(), quoted));
        let plan = psql(url, &format!("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) {text}"))?;
        Ok(plan.trim_end().to_owned())
    }

    /// The text as the server sends it.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
}

impl Recorded {
    /// Makes each variant of an operation once and records what the database was asked.
    pub(crate) fn by(
        cluster: &OwnCluster,
        url: &str,
        server: &Server,
        operation: &Operation,
        cases: i64,
    ) -> anyhow::Result<Vec<Self>> {
        // Of very many, one whose case has a number that stands for nothing else among the values.
        let (skipped, variants) = match operation.varies {
            Varies::Nothing => (0, operation.requests.len()),
            Varies::Case | Varies::NewCase | Varies::MovedCase => (1000.min(operation.requests.len() - 1), 1),
        };
        let mut recorded = Vec::new();
        for request in operation.requests.iter().skip(skipped).take(variants) {
            let mut case = request.path.split('/').find_map(|part| part.parse().ok());
            if let (Varies::MovedCase, Some(case)) = (operation.varies, case) {
                psql(url, &format!("UPDATE cases SET version = {MARKED_VERSION} WHERE id = {case}"))?;
            }
            // What is loaded once (the key, the workflow) belongs to no request.
            server.get("/api/v1/cases?limit=1")?;
            let statements = logged(cluster, url, server, request)?;
            if operation.varies == Varies::NewCase {
                case = psql(url, "SELECT max(id) FROM cases")?.trim().parse().ok();
            }
            recorded.push(Self { statements, varies: operation.varies, case, cases });
        }
        Ok(recorded)
    }

    /// Those of its statements that read.
    pub(crate) fn queries(&self) -> impl Iterator<Item = &Statement> {
        self.statements
            .iter()
            .filter(|statement| statement.text.starts_with("SELECT") || statement.text.starts_with("WITH"))
    }

    /// A script for pgbench that has the database do the same, each time with another case where requests do so too.
    pub(crate) fn script(&self) -> String {
        let mut lines = Vec::new();
        match self.varies {
            Varies::Nothing | Varies::NewCase => {}
            Varies::Case => lines.push(format!("\\set case random(1, {})", self.cases)),
            // No two clients want the same case, nor one that the server's clients move.
            Varies::MovedCase => {
                let (half, each) = (self.cases / 2, self.cases / 64 - 1);
                lines.push(format!("\\set case {half} + :client_id + 1 + 32 * random(0, {each})"));
            }
        }
        let case = self.case.map(|case| case.to_string());
        let version = |by: i64| (MARKED_VERSION + by).to_string();
        for statement in &self.statements {
            let is_id = statement.text.contains("nextval");
            let text = statement.written_out(|value| match (value, self.varies) {
                (None, _) => "NULL".to_owned(),
                (Some(value), Varies::Case | Varies::NewCase | Varies::MovedCase) if case.as_deref() == Some(value) => {
                    ":case".to_owned()
                }
                (Some(value), Varies::NewCase | Varies::MovedCase)
                    if uuid::Uuid::parse_str(value).is_ok_and(|id| id.get_version_num() == 7) =>
                {
                    "gen_random_uuid()".to_owned()
                }
                (Some(value), Varies::MovedCase) if value == version(0) => ":read_version".to_owned(),
                (Some(value), Varies::MovedCase) if value == version(1) => ":next".to_owned(),
                (Some(value), _) => for_pgbench(value),
            });
            if self.varies == Varies::NewCase && is_id {
                lines.push(format!("{text} AS case \\gset").replace(" AS case", " AS \"case\""));
            } else if self.varies == Varies::MovedCase && text.starts_with("SELECT") && text.contains("\"version\"") {
                lines.extend([format!("{text} \\gset read_"), "\\set next :read_version + 1".to_owned()]);
            } else {
                lines.push(format!("{text};"));
            }
        }
        lines.push(String::new());
        lines.join("\n")
    }
}

impl Recorded {
    /// A script with the two inserts of a creation as a transaction of their own, which is how a program usually writes
    /// them; the server sends them as one statement.
    pub(crate) fn transaction(&self) -> Option<String> {
        let script = self.script();
        let (before, writing) = script.split_once("WITH event AS (")?;
        let (event, writing) = writing.split_once("), first AS (INSERT INTO \"case_tallies\"")?;
        let (_, case) = writing.split_once(") INSERT INTO \"cases\"")?;
        let number = before.lines().find(|line| line.contains("nextval"))?;
        Some(format!("BEGIN;\n{number}\nINSERT INTO \"cases\"{}\n{event};\nCOMMIT;\n", case.trim_end()))
    }
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A literal in which pgbench sees no variable: those begin with a colon.
fn for_pgbench(value: &str) -> String {
    if value.contains([':', '\n']) {
        let escaped = value.replace('\\', "\\\\").replace(':', "\\003a").replace('\n', "\\000a").replace('\'', "''");
        return format!("U&'{escaped}'");
    }
    quoted(value)
}
