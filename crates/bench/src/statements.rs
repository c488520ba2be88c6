//! Records the statements of a request from PostgreSQL's log, and explains their plans.

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

/// Wait for PostgreSQL to write its log or to reload its settings.
const PAUSE: Duration = Duration::from_millis(400);
/// A version that no seeded case has, so that it can be recognised among the values of a statement.
const MARKED_VERSION: i64 = 900_001;

/// Represents a line break within a value. No measured text contains it.
const LINE_BREAK: char = '\u{b}';

/// A statement with its bound values.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    text: String,
    values: Vec<Option<String>>,
}

/// The statements of a request.
pub(crate) struct Recorded {
    statements: Vec<Statement>,
    varies: Varies,
    /// Id of the request's case, if it is about one.
    case: Option<i64>,
    /// Number of cases that a script can choose from.
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

/// Parses the statements in a part of the log, in order.
fn parse(log: &str) -> Vec<Statement> {
    let mut statements = Vec::<Statement>::new();
    // PostgreSQL writes a tab after a line break within a value.
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

/// Parses `$1 = 'it''s', $2 = NULL`.
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
    /// The text with its values formatted by `literal`.
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

    /// The plan of the statement, with the actual rows of each step.
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
    /// Sends each variant of an operation once and records the statements.
    pub(crate) fn by(
        cluster: &OwnCluster,
        url: &str,
        server: &Server,
        operation: &Operation,
        cases: i64,
    ) -> anyhow::Result<Vec<Self>> {
        // From a long list, use a request whose case id does not occur as another value.
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
            // Fills the server's caches of the key and the workflow, which are not part of the request.
            server.get("/api/v1/cases?limit=1")?;
            let statements = logged(cluster, url, server, request)?;
            if operation.varies == Varies::NewCase {
                case = psql(url, "SELECT max(id) FROM cases")?.trim().parse().ok();
            }
            recorded.push(Self { statements, varies: operation.varies, case, cases });
        }
        Ok(recorded)
    }

    /// The statements that read.
    pub(crate) fn queries(&self) -> impl Iterator<Item = &Statement> {
        self.statements
            .iter()
            .filter(|statement| statement.text.starts_with("SELECT") || statement.text.starts_with("WITH"))
    }

    /// A pgbench script of the same statements. It uses a different case each time if the requests do.
    pub(crate) fn script(&self) -> String {
        let mut lines = Vec::new();
        match self.varies {
            Varies::Nothing | Varies::NewCase => {}
            Varies::Case => lines.push(format!("\\set case random(1, {})", self.cases)),
            // Each client uses its own cases, and none that the server's clients move.
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
    /// A script with the two inserts of a new case in an explicit transaction, as most programs send them. The server
    /// sends one statement instead.
    pub(crate) fn transaction(&self) -> Option<String> {
        let script = self.script();
        let (before, writing) = script.split_once("WITH written AS (")?;
        let (case, writing) = writing.split_once(" RETURNING account_id, id)")?;
        let (_, event) = writing.split_once(") INSERT INTO case_events")?;
        let (_, values) = case.split_once("VALUES (")?;
        let (account, _) = values.split_once(',')?;
        let event = event.replacen("SELECT account_id, id", &format!("SELECT {account}, :case"), 1);
        let (event, _) = event.split_once(" FROM written")?;
        let number = before.lines().find(|line| line.contains("nextval"))?;
        Some(format!("BEGIN;\n{number}\n{case};\nINSERT INTO case_events{event};\nCOMMIT;\n"))
    }
}

fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

/// A literal without a colon, because pgbench replaces variables that begin with one.
fn for_pgbench(value: &str) -> String {
    if value.contains([':', '\n']) {
        let escaped = value.replace('\\', "\\\\").replace(':', "\\003a").replace('\n', "\\000a").replace('\'', "''");
        return format!("U&'{escaped}'");
    }
    quoted(value)
}
